create or replace view public.cohort_waitlist_overview with (security_invoker = true) as
select
  w.id, w.cohort_id, cohort.name as cohort_name, cohort.program_id, w.user_id,
  p.name as user_name, p.email as user_email, w.position, w.notified, w.created_at
from public.cohort_waitlist w
left join public.program_cohorts cohort on cohort.id = w.cohort_id
left join public.profiles p on p.id = w.user_id;
comment on view public.cohort_waitlist_overview is
  'CohortWaitlistManager: who waits for which cohort, with name and address as far as the caller may read '
  'profiles.';
revoke all on table public.cohort_waitlist_overview from public, anon, authenticated, service_role;
grant select on table public.cohort_waitlist_overview to authenticated, service_role;
