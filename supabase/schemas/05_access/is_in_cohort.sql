create or replace function private.is_in_cohort(p_cohort_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select exists (
    select from public.client_enrollments e
    where e.cohort_id = p_cohort_id and e.client_user_id = (select auth.uid())
  )
$$;
comment on function private.is_in_cohort(uuid) is
  'Whether the caller has an enrollment in the cohort.';
revoke execute on function private.is_in_cohort(uuid) from public;
grant execute on function private.is_in_cohort(uuid) to authenticated, service_role;
