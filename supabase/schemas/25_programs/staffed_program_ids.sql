create or replace function public.staffed_program_ids()
returns setof uuid
language sql
stable
set search_path = ''
begin atomic
  select i.program_id from public.program_instructors i
  where i.instructor_id = (select auth.uid()) and (select private.is_staff())
  union
  select c.program_id from public.program_coaches c
  where c.coach_id = (select auth.uid()) and (select private.is_staff());
end;
comment on function public.staffed_program_ids() is
  'The programs whose instructor or coach the caller is, being staff. There never was a table instructor_assignments.';
revoke execute on function public.staffed_program_ids() from public, anon, authenticated, service_role;
grant execute on function public.staffed_program_ids() to authenticated, service_role;
