-- operations_health refuses who may not ask, instead of answering that there is nothing; and what it misses
-- of pg_cron is restored by one call.
--
-- Why: an alert that polls with the wrong token saw no row, which is what all is well looks like to it. And
-- the migration that made a job, run again to restore it, brought former functions back.
-- Locks: none. Can be run again.

set lock_timeout = '10s';

create or replace function private.operations_health(p_now timestamptz default now())
returns setof private.operations_check
language plpgsql
stable
security definer -- reads auth.users, and what pg_cron, pg_net and the Vault keep
set search_path = ''
as $$
declare
  v_name text;
  v_check private.operations_check;
begin
  -- A visitor cannot come here; a user has an id, and a server or the SQL editor none.
  if auth.uid() is not null and not public.has_role(auth.uid(), 'admin') then
    raise exception 'operations_health is for the server and for admins' using errcode = '42501';
  end if;
  foreach v_name in array array[
    'cron_jobs', 'cron_runs', 'pg_net', 'vault', 'credit_maintenance', 'credit_ledger', 'stripe_inbox',
    'calcom_inbox', 'email_queue', 'profiles', 'bans', 'trigger_failures', 'migrations'
  ] loop
    begin
      case v_name
        when 'cron_jobs' then v_check := private.health_of_cron_jobs();
        when 'cron_runs' then v_check := private.health_of_cron_runs(p_now);
        when 'pg_net' then v_check := private.health_of_pg_net(p_now);
        when 'vault' then v_check := private.health_of_vault();
        when 'credit_maintenance' then v_check := private.health_of_credit_maintenance(p_now);
        when 'credit_ledger' then v_check := private.health_of_credit_ledger(p_now);
        when 'stripe_inbox' then v_check := private.health_of_stripe_inbox(p_now);
        when 'calcom_inbox' then v_check := private.health_of_calcom_inbox(p_now);
        when 'email_queue' then v_check := private.health_of_email_queue(p_now);
        when 'profiles' then v_check := private.health_of_profiles(p_now);
        when 'bans' then v_check := private.health_of_bans(p_now);
        when 'trigger_failures' then v_check := private.health_of_trigger_failures(p_now);
        when 'migrations' then v_check := private.health_of_migrations();
      end case;
    exception
      when others then -- a check that fails must not hide the others
        v_check := row(null, 'red', null, null, null, 'It cannot be checked: ' || sqlstate || '.');
    end;
    v_check.check_name := v_name;
    v_check.number := coalesce(v_check.number, 0);
    if v_check.status <> 'green' then
      v_check.detail := v_check.detail || ' See docs/runbook.md#' || v_name || '.';
    end if;
    return next v_check;
  end loop;
end
$$;
comment on function private.operations_health(timestamptz) is
  'Every check as of p_now. A signed-in user who is no admin is refused.';

comment on column public.operations_health.number is
  'How many are wrong; of migrations, how many are applied.';
comment on column public.operations_health.subject is
  'Which: a job, a setting, a version; the first of them.';
comment on column public.operations_health.since is
  'Of the oldest; of a green check, when it was last seen to work.';

create or replace function private.restore_cron_jobs()
returns void
language plpgsql
set search_path = ''
as $$
begin
  perform private.unschedule_job(w.name), private.schedule_job(w.name, w.schedule, w.command)
  from private.wanted_cron_jobs() w;
end
$$;
comment on function private.restore_cron_jobs() is
  'Schedules every job of the migrations anew, whatever became of it.';
revoke execute on function private.restore_cron_jobs() from public, anon, authenticated;
