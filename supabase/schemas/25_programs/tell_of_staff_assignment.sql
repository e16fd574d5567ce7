create or replace function private.tell_of_staff_assignment()
returns trigger
language plpgsql
security definer -- users may not notify one another
set search_path = ''
as $$
declare
  v_row jsonb := to_jsonb(new);
  v_user_id uuid := coalesce(v_row ->> 'instructor_id', v_row ->> 'coach_id')::uuid;
begin
  perform private.tell(
    array[v_user_id],
    tg_argv[0],
    'You have been assigned to ' || coalesce(m.title || ' in ', '') || program.name,
    null,
    '/programs/' || program.slug,
    jsonb_build_object('program_id', program.id, 'module_id', m.id),
    tg_argv[0] || ':' || (v_row ->> 'id')
  )
  from public.programs program
  left join public.program_modules m
    on m.program_id = program.id and m.id = (v_row ->> 'module_id')::uuid
  where case
    when v_row ? 'module_id' then m.id is not null
    else program.id = (v_row ->> 'program_id')::uuid
  end;
  return null;
exception
  when others then -- a notification never undoes an assignment
    perform private.record_trigger_failure('tell_of_staff_assignment', (v_row ->> 'id')::uuid, sqlstate, sqlerrm);
    return null;
end
$$;
comment on function private.tell_of_staff_assignment() is
  'Trigger on program_ and module_instructors and _coaches: tells who is assigned. Its argument is the '
  'type.';
revoke execute on function private.tell_of_staff_assignment() from public;
