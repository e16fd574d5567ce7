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
  ),
  parts as (
    select count(*) filter (where j.has_failed or j.is_late or j.is_new) as wrong,
      min(j.action) filter (where j.has_failed or j.is_late or j.is_new) as first_wrong,
      min(j.last_success_at) as since,
      coalesce(bool_or(j.has_failed), false) as has_failed, coalesce(bool_or(j.is_late), false) as is_late,
      coalesce(bool_or(j.is_new), false) as is_new
    from judged j
  ),
  without as (
    select count(*) as owners, min(
        (a.value ->> 'action') || ': ' || (a.value ->> 'owner_type') || ' ' || (a.value ->> 'owner_id')
      ) as first_owner
    from unnest(array['grant', 'rollover', 'expire']) as part (action)
    cross join lateral (
      select r.set_aside from public.maintenance_runs r
      where r.error is null and part.action = any (r.actions)
      order by r.id desc
      limit 1
    ) last_run
    cross join lateral jsonb_array_elements(last_run.set_aside) a (value)
    where a.value ->> 'action' = part.action
  )
  select
    null, -- its name, which operations_health gives
    case
      when p.has_failed or p.is_late then 'red' when p.is_new or w.owners > 0 then 'amber' else 'green'
    end,
    case when p.wrong > 0 then p.wrong else w.owners end,
    case when p.wrong > 0 then p.first_wrong else w.first_owner end,
    p.since,
    case
      when p.has_failed then 'Its last run failed and was undone: see maintenance_runs.'
      when p.is_late then 'It has not run for more than 26 hours.'
      when p.is_new then 'It has not run yet.'
      when w.owners > 0
        then 'It went on without ' || w.owners || ' whose rows are wrong: see maintenance_runs.set_aside.'
      else 'It ran within 26 hours.'
    end
  from parts p cross join without w;
end;
comment on function private.health_of_credit_maintenance(timestamptz) is
  'Whether each part of credit maintenance ran within 26 hours, its last run succeeded, and for every owner.';
revoke execute on function private.health_of_credit_maintenance(timestamptz) from public;
