create or replace function private.tell_of_reviewed_assignment()
returns trigger
language plpgsql
security definer -- users may not notify one another
set search_path = ''
as $$
begin
  perform private.tell(
    array[e.client_user_id],
    'assignment_graded',
    'Assignment Reviewed: ' || m.title,
    null,
    '/programs/' || program.slug,
    jsonb_build_object('assignment_id', new.id, 'module_id', m.id),
    'assignment-reviewed:' || new.id || ':' || coalesce(new.scored_at, new.updated_at)
  )
  from public.module_progress progress
  join public.client_enrollments e on e.id = progress.enrollment_id
  join public.program_modules m on m.id = progress.module_id
  join public.programs program on program.id = m.program_id
  where progress.id = new.module_progress_id;
  return null;
exception
  when others then -- a notification never undoes a review
    perform private.record_trigger_failure('tell_of_reviewed_assignment', new.id, sqlstate, sqlerrm);
    return null;
end
$$;
comment on function private.tell_of_reviewed_assignment() is
  'Trigger on module_assignments: tells the client that an assignment has been reviewed.';
revoke execute on function private.tell_of_reviewed_assignment() from public;
