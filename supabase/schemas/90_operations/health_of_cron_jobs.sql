create or replace function private.health_of_cron_jobs()
returns private.operations_check
language plpgsql
stable
set search_path = ''
as $$
declare
  v_check private.operations_check;
begin
  if to_regclass('cron.job') is null then
    if exists (select from pg_catalog.pg_available_extensions e where e.name = 'pg_cron') then
      v_check.status := 'red';
      v_check.detail := 'pg_cron is not set up in this database: nothing happens by itself.';
    else
      v_check.status := 'amber';
      v_check.detail := 'This server has no pg_cron: nothing happens by itself.';
    end if;
    return v_check;
  end if;

  execute format($sql$
    with judged as (
      select w.name, case
          when j.jobid is null then 'is not scheduled'
          when not j.active then 'is not active'
          when regexp_replace(j.command, '\s+', ' ', 'g') <> w.command then 'has another command'
          when j.schedule <> w.schedule then 'has another schedule'
        end as problem
      from private.wanted_cron_jobs() w
      left join %I.job j on j.jobname = w.name and j.database = current_database()
    )
    select count(p.problem), min(p.name) filter (where p.problem is not null),
      case
        when count(p.problem) = 0 then 'green'
        when bool_and(p.problem = 'has another schedule') filter (where p.problem is not null) then 'amber'
        else 'red'
      end,
      coalesce(
        string_agg(p.name || ' ' || p.problem, ', ' order by p.name) filter (where p.problem is not null) || '.',
        count(*) || ' jobs are scheduled.'
      )
    from judged p $sql$, 'cron')
  into v_check.number, v_check.subject, v_check.status, v_check.detail;
  return v_check;
end
$$;
comment on function private.health_of_cron_jobs() is
  'Whether each job of the migrations is scheduled, active, and has its command.';
revoke execute on function private.health_of_cron_jobs() from public;
