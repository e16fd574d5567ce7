create or replace function private.runs_cohort(p_cohort_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select exists (
    select from public.program_cohorts c
    where c.id = p_cohort_id
      and private.is_program_instructor_or_coach((select auth.uid()), c.program_id)
  )
$$;
comment on function private.runs_cohort(uuid) is
  'Whether the caller is an instructor or coach of the cohort''s program.';
revoke execute on function private.runs_cohort(uuid) from public;
grant execute on function private.runs_cohort(uuid) to authenticated, service_role;
