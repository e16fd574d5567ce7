create or replace function private.is_program_instructor_or_coach(_user_id uuid, _program_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select private.is_coach_or_instructor(_user_id) and (
    exists (
      select from public.program_instructors i
      where i.program_id = _program_id and i.instructor_id = _user_id
    )
    or exists (
      select from public.program_coaches c
      where c.program_id = _program_id and c.coach_id = _user_id
    )
  );
$$;
comment on function private.is_program_instructor_or_coach(uuid, uuid) is
  'Whether the user is an instructor or a coach of the whole programme, and still is staff.';
revoke execute on function private.is_program_instructor_or_coach(uuid, uuid) from public;
grant execute on function private.is_program_instructor_or_coach(uuid, uuid)
  to authenticated, service_role;

create or replace function public.is_program_instructor_or_coach(_user_id uuid, _program_id uuid)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  if not private.may_ask_about(_user_id) then
    return false;
  end if;
  return private.is_program_instructor_or_coach(_user_id, _program_id);
end
$$;
comment on function public.is_program_instructor_or_coach(uuid, uuid) is
  'Policy helper: private.is_program_instructor_or_coach, of the caller alone: false of others, but for admins and the server.';
revoke execute on function public.is_program_instructor_or_coach(uuid, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.is_program_instructor_or_coach(uuid, uuid)
  to anon, authenticated, service_role;
