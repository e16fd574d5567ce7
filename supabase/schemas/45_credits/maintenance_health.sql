create or replace view public.maintenance_health with (security_invoker = true) as
select
  a.action,
  max(r.finished_at) filter (where r.error is null) as last_success_at,
  max(r.finished_at) filter (where r.error is not null) as last_failure_at,
  (array_agg(r.error order by r.id desc) filter (where r.error is not null))[1] as last_error,
  coalesce(max(r.finished_at) filter (where r.error is null) < now() - interval '26 hours', true) as is_late
from unnest(array['grant', 'rollover', 'expire', 'cleanup', 'stats']) as a (action)
left join public.maintenance_runs r on a.action = any (r.actions)
group by a.action;
comment on view public.maintenance_health is
  'When each job of credit maintenance last succeeded and failed; late after 26 hours without success.';
revoke all on table public.maintenance_health from public, anon, authenticated, service_role;
grant select on table public.maintenance_health to authenticated, service_role;
