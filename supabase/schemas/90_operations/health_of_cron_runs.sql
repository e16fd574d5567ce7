create or replace function private.health_of_cron_runs(p_now timestamptz)
returns private.operations_check
language plpgsql
stable
set search_path = ''
as $$
declare
  v_check private.operations_check;
begin
  if to_regclass('cron.job_run_details') is null then
    v_check.status := 'amber';
    v_check.detail := 'Without pg_cron no job runs.';
    return v_check;
  end if;

  -- Found by runid, the only index there is. 10,000 runs are three days of ours.
  execute format($sql$
    with runs as materialized (
      select d.jobid, d.runid, d.status, d.start_time, d.end_time
      from %1$I.job_run_details d
      where d.runid > (select max(m.runid) - 10000 from %1$I.job_run_details m)
    ),
    started as (
      select r.jobid, max(r.start_time) as at from runs r group by r.jobid
    ),
    ended as (
      select distinct on (r.jobid) r.jobid, r.status, r.end_time
      from runs r where r.status in ('succeeded', 'failed')
      order by r.jobid, r.runid desc
    ),
    judged as (
      select j.jobname as name, e.status = 'failed' as has_failed,
        -- one that never ran is late once the others are remembered for longer
        coalesce(s.at, (select min(r.start_time) from runs r), $1) as last_at,
        coalesce(s.at, (select min(r.start_time) from runs r), $1) < $1 - w.late_after as is_late,
        case when e.status = 'failed' then e.end_time end as failed_at
      from %1$I.job j
      left join private.wanted_cron_jobs() w on w.name = j.jobname
      left join started s on s.jobid = j.jobid
      left join ended e on e.jobid = j.jobid
      where j.active and j.database = current_database()
    ),
    wrong as (
      select p.name, coalesce(p.failed_at, p.last_at) as since,
        p.name || case when p.has_failed then ' failed' else ' is late' end as problem
      from judged p where p.has_failed or p.is_late
    )
    select count(*), min(w.name),
      coalesce(min(w.since), (select max(s.at) from started s)),
      case
        when count(*) > 0 then 'red'
        when not exists (select from runs) then 'amber'
        else 'green'
      end,
      coalesce(
        string_agg(w.problem, ', ' order by w.name) || '.',
        case when exists (select from runs) then 'Every job''s last run succeeded.' else 'No job has run yet.' end
      )
    from wrong w $sql$, 'cron')
  into v_check.number, v_check.subject, v_check.since, v_check.status, v_check.detail
  using p_now;
  return v_check;
end
$$;
comment on function private.health_of_cron_runs(timestamptz) is
  'Whether the last run of each active job succeeded, the operator''s own ones too, and none of ours is '
  'late.';
revoke execute on function private.health_of_cron_runs(timestamptz) from public;
