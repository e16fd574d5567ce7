-- What is too much to look at each minute, looked at each night: the whole ledger, every profile.
--
-- Why: operations_health is polled by an alert, and check_credit_ledger() reads all of the ledger. A job
-- records what the audits found; the view reads one row of each.
-- Besides: pg_cron keeps a row of every run for ever. What is older than a week goes, so that the view
-- finds each job's last run among few.
-- Locks: none on tables that exist. Can be run again.

set lock_timeout = '10s';

create table if not exists private.operations_audits (
  name text primary key,
  checked_at timestamptz not null,
  violations bigint,
  first_violation text,
  error text,
  check ((violations is null) = (error is not null))
);
comment on table private.operations_audits is
  'The last run of each audit: how much it found wrong, or why it could not look.';
comment on column private.operations_audits.first_violation is 'One of them: what is wrong, and the id it is about.';
comment on column private.operations_audits.error is 'SQLSTATE of what stopped it.';
alter table private.operations_audits enable row level security;
revoke all on table private.operations_audits from public, anon, authenticated, service_role;

create or replace function private.profile_violations(p_now timestamptz)
returns table (subject_id uuid, violation text)
language sql
stable
set search_path = ''
-- Not begin atomic: it would pin columns of auth.users, which Supabase Auth migrates.
as $$
  select a.user_id,
    case
      when p.id is null then 'no profile'
      when p.email is distinct from a.email then 'another address'
      else 'disabled in one of both'
    end
  from private.auth_profiles(p_now) a
  join auth.users u on u.id = a.user_id
  left join public.profiles p on p.id = a.user_id
  where case
    when p.id is null then not a.is_deleted
    else p.email is distinct from a.email
      -- a ban that has just run out waits a minute for lift_lapsed_bans()
      or p.is_disabled not in (
        a.is_disabled, private.is_banned(u.banned_until, u.deleted_at, p_now - interval '5 minutes')
      )
  end;
$$;
comment on function private.profile_violations(timestamptz) is
  'Where profiles does not say what auth.users says; nothing on a sound database. reconcile_auth_profiles() heals it.';

create or replace function public.record_operations_audits(p_now timestamptz default now())
returns bigint
language plpgsql
security definer -- private.operations_audits is nobody's to write
set search_path = ''
as $$
declare
  v_name text;
  v_audit private.operations_audits;
  v_violations bigint := 0;
begin
  foreach v_name in array array['credit_ledger', 'profiles'] loop
    v_audit := row(v_name, p_now, null, null, null)::private.operations_audits;
    begin
      case v_name
        when 'credit_ledger' then
          select count(*), min(c.violation || ': ' || c.subject_id) into v_audit.violations, v_audit.first_violation
          from public.check_credit_ledger() c;
        when 'profiles' then
          select count(*), min(c.violation || ': ' || c.subject_id) into v_audit.violations, v_audit.first_violation
          from private.profile_violations(p_now) c;
      end case;
    exception
      when others then -- recorded, and the next audit has its turn
        v_audit.error := sqlstate;
    end;
    insert into private.operations_audits values (v_audit.*)
    on conflict (name) do update
    set checked_at = excluded.checked_at, violations = excluded.violations,
      first_violation = excluded.first_violation, error = excluded.error;
    v_violations := v_violations + coalesce(v_audit.violations, 1);
  end loop;
  return v_violations;
end
$$;
comment on function public.record_operations_audits(timestamptz) is
  'Audits the credit ledger and the profiles, and keeps what it found for operations_health. pg_cron calls it each night, an operator after a repair. Returns how much is wrong.';

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

revoke execute on function private.profile_violations(timestamptz), private.forget_cron_runs(timestamptz),
  public.record_operations_audits(timestamptz) from public, anon, authenticated;
grant execute on function public.record_operations_audits(timestamptz) to service_role;

do $do$
begin
  perform private.schedule_job(
    'operations-audits', '30 0 * * *', 'select public.record_operations_audits()'
  );
  perform private.schedule_job(
    'cron-run-details', '50 3 * * *', 'select private.forget_cron_runs()'
  );
end
$do$;
