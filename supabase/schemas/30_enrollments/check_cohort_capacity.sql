create or replace function public.check_cohort_capacity(p_cohort_id uuid)
returns public.capacity_result
language sql
stable
set search_path = ''
begin atomic
  select private.cohort_capacity(p_cohort_id);
end;
comment on function public.check_cohort_capacity(uuid) is 'The places of a cohort: active enrolments count.';
revoke execute on function public.check_cohort_capacity(uuid) from public, anon, authenticated, service_role;
grant execute on function public.check_cohort_capacity(uuid) to authenticated, service_role;
