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
  if auth.uid() is not null and not private.has_role(auth.uid(), 'admin') then
    raise exception 'operations_health is for the server and for admins' using errcode = '42501';
  end if;
  foreach v_name in array array[
    'cron_jobs', 'cron_runs', 'pg_net', 'vault', 'credit_maintenance', 'credit_ledger', 'stripe_inbox',
    'calcom_inbox', 'email_queue', 'prices', 'profiles', 'addresses', 'bans', 'trigger_failures', 'migrations'
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
        when 'prices' then v_check := private.health_of_prices();
        when 'profiles' then v_check := private.health_of_profiles(p_now);
        when 'addresses' then v_check := private.health_of_addresses(p_now);
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
revoke execute on function private.operations_health(timestamptz) from public;
grant execute on function private.operations_health(timestamptz) to authenticated, service_role;

create or replace view public.operations_health with (security_invoker = true) as
select h.check_name, h.status, h.number, h.subject, h.since, h.detail
from private.operations_health() h;
comment on view public.operations_health is
  'One row a check: green, amber (somebody should look) or red (something does not work), with what to do '
  'about it. For the server and for admins; made to be polled each minute.';
revoke all on table public.operations_health from public, anon, authenticated, service_role;
grant select on table public.operations_health to authenticated, service_role;
