create or replace function private.health_of_credit_maintenance(p_now timestamptz)
returns private.operations_check
language sql
stable
set search_path = ''
begin atomic
  with judged as (
    select h.action, h.last_success_at,
      coalesce(h.last_failure_at > h.last_success_at, h.last_failure_at is not null) as has_failed,
      coalesce(h.last_success_at < p_now - interval '26 hours', false) as is_late,
      h.last_failure_at is null and h.last_success_at is null as is_new
    from public.maintenance_health h
  )
  select
    null, -- its name, which operations_health gives
    case
      when bool_or(j.has_failed or j.is_late) then 'red' when bool_or(j.is_new) then 'amber' else 'green'
    end,
    count(*) filter (where j.has_failed or j.is_late or j.is_new),
    min(j.action) filter (where j.has_failed or j.is_late or j.is_new),
    min(j.last_success_at),
    case
      when bool_or(j.has_failed) then 'Its last run failed and was undone: see maintenance_runs.'
      when bool_or(j.is_late) then 'It has not run for more than 26 hours.'
      when bool_or(j.is_new) then 'It has not run yet.'
      else 'It ran within 26 hours.'
    end
  from judged j;
end;
comment on function private.health_of_credit_maintenance(timestamptz) is
  'Whether each part of credit maintenance ran within 26 hours and its last run succeeded.';
revoke execute on function private.health_of_credit_maintenance(timestamptz) from public;
