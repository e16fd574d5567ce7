create or replace function private.forget_cron_runs(p_now timestamptz default now())
returns bigint
language plpgsql
set search_path = ''
as $$
declare
  v_deleted bigint;
begin
  if to_regclass('cron.job_run_details') is null then
    return 0;
  end if;
  execute format('delete from %I.job_run_details where end_time < $1 - interval %L', 'cron', '7 days') using p_now;
  get diagnostics v_deleted = row_count;
  return v_deleted;
end
$$;
comment on function private.forget_cron_runs(timestamptz) is
  'Deletes what pg_cron recorded of runs that ended more than 7 days ago. Returns how many.';
revoke execute on function private.forget_cron_runs(timestamptz) from public;
