create or replace function private.may_mark_attendance(p_session_id uuid, p_enrollment_id uuid)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select exists (
    select from public.cohort_sessions s
    join public.client_enrollments e on e.cohort_id = s.cohort_id
    where s.id = p_session_id
      and e.id = p_enrollment_id
      and e.client_user_id <> (select auth.uid())
      and private.runs_cohort(s.cohort_id)
  )
$$;
comment on function private.may_mark_attendance(uuid, uuid) is
  'Whether the caller runs the session''s cohort and the enrollment is in it, and not the caller''s own.';
revoke execute on function private.may_mark_attendance(uuid, uuid) from public;
grant execute on function private.may_mark_attendance(uuid, uuid) to authenticated, service_role;
