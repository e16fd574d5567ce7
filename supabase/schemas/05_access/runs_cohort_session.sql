create or replace function private.runs_cohort_session(p_session_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select exists (
    select from public.cohort_sessions s
    where s.id = p_session_id and private.runs_cohort(s.cohort_id)
  )
$$;
comment on function private.runs_cohort_session(uuid) is
  'Whether the caller is an instructor or coach of the program of the session''s cohort.';
revoke execute on function private.runs_cohort_session(uuid) from public;
grant execute on function private.runs_cohort_session(uuid) to authenticated, service_role;
