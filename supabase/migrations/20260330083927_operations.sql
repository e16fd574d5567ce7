-- operations_health, nightly audits, cron jobs.
--
-- Why: an operator has one place to look at, and what is scheduled is checked against what is wanted.
-- Locks: on production, until commit, none on tables.
-- Can be run again.

set lock_timeout = '10s';
set check_function_bodies = off; -- a body may name what a later file makes

-- Types -------------------------------------------------------------------------------------------

select private.ensure_type($type$
create type private.operations_check as (
  check_name text,
  status text, -- green | amber: somebody should look | red: something does not work
  number bigint, -- how many are wrong; of migrations, how many are applied
  subject text, -- which: a job, a setting, a version; the first of them
  since timestamptz, -- of the oldest; of a green check, when it was last seen to work
  detail text
)
$type$);

comment on type private.operations_check is 'A row of operations_health.';

-- New tables --------------------------------------------------------------------------------------

select private.ensure_table($table$
create table private.operations_audits (
  name text primary key,
  checked_at timestamptz not null,
  violations bigint,
  first_violation text,
  error text,
  check ((violations is null) = (error is not null))
)
$table$);

-- Comments and grants -----------------------------------------------------------------------------

comment on table private.operations_audits is
  'The last run of each audit: how much it found wrong, or why it could not look.';
comment on column private.operations_audits.first_violation is
  'One of them: what is wrong, and the id it is about.';
comment on column private.operations_audits.error is 'SQLSTATE of what stopped it.';

alter table private.operations_audits enable row level security;

revoke all on table private.operations_audits from public, anon, authenticated, service_role;

-- Functions ---------------------------------------------------------------------------------------

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

create or replace function private.forget_rows_before_repair(p_now timestamptz default now())
returns bigint
language plpgsql
set search_path = ''
as $$
declare
  v_deleted bigint;
begin
  delete from private.rows_before_repair r where r.kept_at < p_now - interval '90 days';
  get diagnostics v_deleted = row_count;
  return v_deleted;
end
$$;
comment on function private.forget_rows_before_repair(timestamptz) is
  'Deletes rows as they were more than 90 days ago, before a migration put them right. Returns how many.';
revoke execute on function private.forget_rows_before_repair(timestamptz) from public;

create or replace function private.health_of_audit(p_name text, p_now timestamptz)
returns private.operations_check
language sql
stable
set search_path = ''
as $$
  select
    null,
    case
      when a.violations > 0 or a.error is not null then 'red'
      when a.checked_at >= p_now - interval '26 hours' then 'green'
      else 'amber'
    end,
    coalesce(a.violations, 0), a.first_violation, a.checked_at,
    case
      when a.violations > 0 then a.violations || ' violations, one of them: ' || a.first_violation || '.'
      when a.error is not null then 'The audit failed with ' || a.error || '.'
      when a.checked_at is null then 'It has not been audited yet.'
      when a.checked_at < p_now - interval '26 hours' then 'It has not been audited for more than 26 hours.'
      else 'Sound when last audited.'
    end
  from (values (p_name)) as w (name)
  left join private.operations_audits a on a.name = w.name;
$$;
comment on function private.health_of_audit(text, timestamptz) is
  'What the last record_operations_audits() found, and whether that was within 26 hours.';
revoke execute on function private.health_of_audit(text, timestamptz) from public;

create or replace function private.health_of_credit_ledger(p_now timestamptz)
returns private.operations_check
language sql
stable
set search_path = ''
return private.health_of_audit('credit_ledger', p_now);
comment on function private.health_of_credit_ledger(timestamptz) is
  'Whether check_credit_ledger() finds nothing.';
revoke execute on function private.health_of_credit_ledger(timestamptz) from public;

create or replace function private.health_of_profiles(p_now timestamptz)
returns private.operations_check
language sql
stable
set search_path = ''
return private.health_of_audit('profiles', p_now);
comment on function private.health_of_profiles(timestamptz) is 'Whether profiles says what auth.users says.';
revoke execute on function private.health_of_profiles(timestamptz) from public;

create or replace function private.health_of_addresses(p_now timestamptz)
returns private.operations_check
language plpgsql
stable
set search_path = ''
as $$
declare
  v_check private.operations_check := private.health_of_audit('addresses', p_now);
begin
  if v_check.number > 0 then -- somebody has to talk to these people: nothing is broken
    v_check.status := 'amber';
  end if;
  return v_check;
end
$$;
comment on function private.health_of_addresses(timestamptz) is
  'Whether no two users have addresses that differ by case alone.';
revoke execute on function private.health_of_addresses(timestamptz) from public;

create or replace function private.health_of_bans(p_now timestamptz)
returns private.operations_check
language sql
stable
set search_path = ''
-- Not begin atomic: it would pin columns of auth.users, which Supabase Auth migrates.
as $$
  select
    null,
    case
      when min(u.banned_until) < p_now - interval '1 hour' then 'red' when count(*) > 0 then 'amber' else 'green'
    end,
    count(*), null, min(u.banned_until),
    case
      when count(*) > 0 then count(*) || ' people whose ban has run out are still shown as disabled.'
      else 'Every ban that has run out is lifted.'
    end
  from public.profiles p
  -- one look each, however many users the planner expects to be banned
  cross join lateral (select b.banned_until, b.deleted_at from auth.users b where b.id = p.id limit 1) u
  where p.is_disabled and u.deleted_at is null and u.banned_until < p_now - interval '5 minutes';
$$;
comment on function private.health_of_bans(timestamptz) is
  'Bans that ran out more than five minutes ago and that lift_lapsed_bans() has not lifted.';
revoke execute on function private.health_of_bans(timestamptz) from public;

create or replace function private.health_of_calcom_inbox(p_now timestamptz)
returns private.operations_check
language sql
stable
set search_path = ''
begin atomic
  with waiting as (
    select count(*) as reviews, min(r.created_at) as since, r.missing[1] as missing,
      bool_or(r.starts_at < p_now + interval '24 hours') as is_near
    from public.calcom_reviews r
    where r.resolved_at is null
    group by r.missing[1]
  ),
  refused as (
    select count(*) as deliveries, min(l.created_at) as since
    from public.calcom_webhook_logs l
    where l.created_at > p_now - interval '24 hours' and l.status = 'refused'
  )
  select
    null,
    case
      when bool_or(w.is_near) then 'red'
      when coalesce(sum(w.reviews), 0) + min(r.deliveries) > 0 then 'amber'
      else 'green'
    end,
    (coalesce(sum(w.reviews), 0) + min(r.deliveries))::bigint,
    coalesce(min(w.missing), case when min(r.deliveries) > 0 then 'refused' end),
    least(min(w.since), min(r.since)),
    case
      when coalesce(sum(w.reviews), 0) + min(r.deliveries) = 0 then 'Nothing waits.'
      else coalesce(sum(w.reviews), 0) || ' bookings wait in calcom_reviews, '
        || min(r.deliveries) || ' deliveries were refused in a day.'
    end
  from refused r
  left join waiting w on true;
end;
comment on function private.health_of_calcom_inbox(timestamptz) is
  'Bookings that wait in calcom_reviews and deliveries that were refused. Red: one of the bookings begins '
  'within a day, or has.';
revoke execute on function private.health_of_calcom_inbox(timestamptz) from public;

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

create or replace function private.health_of_email_queue(p_now timestamptz)
returns private.operations_check
language sql
stable
set search_path = ''
begin atomic
  with due as (
    select min(q.scheduled_for) as since
    from public.email_queue q
    where q.status in ('pending', 'sending') and q.scheduled_for <= p_now
  ),
  dead as (
    select count(*) as mails, min(q.created_at) as since from public.email_queue q where q.status = 'dead'
  )
  select
    null,
    case
      when due.since < p_now - interval '15 minutes' then 'red'
      when due.since < p_now - interval '5 minutes' or dead.mails > 0 then 'amber'
      else 'green'
    end,
    dead.mails,
    case
      when due.since < p_now - interval '5 minutes' then 'waiting' when dead.mails > 0 then 'dead'
    end,
    least(due.since, dead.since),
    case
      when due.since < p_now - interval '5 minutes' or dead.mails > 0 then dead.mails || ' mails were given up'
        || coalesce(
          ', one has been due for ' || extract(epoch from p_now - due.since)::bigint / 60 || ' minutes', ''
        ) || '.'
      else 'Mails are sent as they fall due.'
    end
  from due cross join dead;
end;
comment on function private.health_of_email_queue(timestamptz) is
  'Mails that were given up, and how long the oldest has been due. Red: nobody sends.';
revoke execute on function private.health_of_email_queue(timestamptz) from public;

create or replace function private.health_of_migrations()
returns private.operations_check
language plpgsql
stable
set search_path = ''
as $$
declare
  v_check private.operations_check;
begin
  if to_regclass('supabase_migrations.schema_migrations') is null then
    v_check.status := 'red';
    v_check.detail := 'There is no migration history.';
    return v_check;
  end if;
  execute format(
    'select count(*), max(m.version) from %I.schema_migrations m', 'supabase_migrations'
  ) into v_check.number, v_check.subject;
  if coalesce(v_check.subject, '') < '20260330083927' then
    v_check.status := 'red';
    v_check.detail := 'The history lacks the migration that made this view.';
  else
    v_check.status := 'green';
    v_check.detail := 'The newest is ' || v_check.subject || '.';
  end if;
  return v_check;
end
$$;
comment on function private.health_of_migrations() is
  'How many migrations are applied, and which is the newest.';
revoke execute on function private.health_of_migrations() from public;

create or replace function private.health_of_pg_net(p_now timestamptz)
returns private.operations_check
language plpgsql
stable
set search_path = ''
as $$
declare
  v_check private.operations_check;
  v_answers bigint;
begin
  if to_regclass('net._http_response') is null then
    if exists (select from pg_catalog.pg_available_extensions e where e.name = 'pg_net') then
      v_check.status := 'red';
      v_check.detail := 'pg_net is not set up: no mail is sent by itself.';
    else
      v_check.status := 'amber';
      v_check.detail := 'This server has no pg_net: no mail is sent by itself.';
    end if;
    return v_check;
  end if;

  execute format($sql$
    select count(*), count(*) filter (where r.is_wrong), min(r.created) filter (where r.is_wrong),
      min(r.what) filter (where r.is_wrong)
    from (
      select a.created, a.timed_out is true or a.error_msg is not null or a.status_code >= 400 as is_wrong,
        coalesce('status ' || a.status_code, 'no answer') as what
      from %I._http_response a
      where a.created > $1 - interval '1 hour'
    ) r $sql$, 'net')
  into v_answers, v_check.number, v_check.since, v_check.subject
  using p_now;
  v_check.status := case
    when v_check.number = 0 then 'green' when v_check.number = v_answers then 'red' else 'amber'
  end;
  v_check.detail := v_check.number || ' of ' || v_answers || ' calls of the last hour failed.';
  return v_check;
end
$$;
comment on function private.health_of_pg_net(timestamptz) is
  'Whether pg_net is there and what the database called by it answered. All calls of the project count.';
revoke execute on function private.health_of_pg_net(timestamptz) from public;

create or replace function private.health_of_prices()
returns private.operations_check
language sql
stable
set search_path = ''
begin atomic
  with offered as (
    select p.id, p.slug, p.credit_cost, t.tier
    from public.programs p
    cross join lateral (
      select tier.value as tier from jsonb_array_elements_text(p.tiers) as tier (value)
      where jsonb_typeof(p.tiers) = 'array'
      union all
      select null where coalesce(p.tiers, '[]') = '[]'
    ) t
    where p.is_active and not p.requires_separate_purchase
  ),
  unpriced as (
    select o.slug || coalesce(' ' || o.tier, '') as name
    from offered o
    where coalesce(
      (
        select c.credit_cost from public.program_tier_plans c
        where c.program_id = o.id and lower(c.tier_name) = lower(o.tier)
        order by c.tier_name = o.tier desc
        limit 1
      ),
      o.credit_cost, -1
    ) < 0
  )
  select
    null, -- its name, which operations_health gives
    case when count(*) > 0 then 'amber' else 'green' end,
    count(*), min(u.name), null::timestamptz,
    case
      when count(*) > 0 then count(*) || ' tiers of programs have no price: ' || (
        select string_agg(n.name, ', ' order by n.name) from (select u.name from unpriced u order by 1 limit 20) n
      ) || '.'
      else 'Every tier of every program has a price.'
    end
  from unpriced u;
end;
comment on function private.health_of_prices() is
  'Whether every tier of an active program has a price in credits; 0 is one.';
revoke execute on function private.health_of_prices() from public;

create or replace function private.health_of_stripe_inbox(p_now timestamptz)
returns private.operations_check
language sql
stable
set search_path = ''
-- Not begin atomic: the view is dropped and made anew where its migration runs again.
as $$
  with waiting as (
    select a.kind, a.since, a.kind = 'unmatched_event' and a.since < p_now - interval '24 hours' as is_stuck
    from public.stripe_attention a
  )
  select
    null,
    case when bool_or(w.is_stuck) then 'red' when count(*) > 0 then 'amber' else 'green' end,
    count(*), min(w.kind), min(w.since),
    case
      when count(*) = 0 then 'Nothing waits.'
      else count(*) || ' wait for a person in stripe_attention, '
        || count(*) filter (where w.is_stuck) || ' of them events without effect for more than a day.'
    end
  from waiting w;
$$;
comment on function private.health_of_stripe_inbox(timestamptz) is
  'What waits in stripe_attention. Red: an event of Stripe''s has had no effect for more than a day.';
revoke execute on function private.health_of_stripe_inbox(timestamptz) from public;

create or replace function private.health_of_trigger_failures(p_now timestamptz)
returns private.operations_check
language sql
stable
set search_path = ''
begin atomic
  with kept as (
    -- the newest are enough to tell
    select f.source, f.occurred_at from private.trigger_failures f order by f.id desc limit 1000
  )
  select
    null,
    case
      when count(*) filter (where k.occurred_at > p_now - interval '1 hour') >= 10 then 'red'
      when count(*) > 0 then 'amber'
      else 'green'
    end,
    count(*), min(k.source), min(k.occurred_at),
    case
      when count(*) > 0 then count(*) || ' failures are kept in private.trigger_failures, '
        || count(*) filter (where k.occurred_at > p_now - interval '1 hour') || ' of the last hour.'
      else 'No trigger has failed.'
    end
  from kept k;
end;
comment on function private.health_of_trigger_failures(timestamptz) is
  'What triggers could not do and nobody has looked at. Red: ten within an hour.';
revoke execute on function private.health_of_trigger_failures(timestamptz) from public;

create or replace function private.health_of_vault()
returns private.operations_check
language plpgsql
stable
set search_path = ''
as $$
declare
  v_check private.operations_check;
begin
  if to_regclass('vault.secrets') is null then
    v_check.status := 'amber';
    v_check.detail := 'This server has no Vault: the database cannot call process-email-queue.';
    return v_check;
  end if;

  -- By name alone: nothing is decrypted.
  execute format($sql$
    select count(*), string_agg(w.name, ', ' order by w.name)
    from unnest(array['supabase_secret_key', 'supabase_url']) as w (name)
    where not exists (select from %I.secrets s where s.name = w.name) $sql$, 'vault')
  into v_check.number, v_check.subject;
  v_check.status := case when v_check.number = 0 then 'green' else 'red' end;
  v_check.detail := coalesce('The Vault lacks ' || v_check.subject || '.', 'The Vault has URL and key.');
  return v_check;
end
$$;
comment on function private.health_of_vault() is
  'Whether the Vault has the secrets with which the database calls functions. Never reads their values.';
revoke execute on function private.health_of_vault() from public;

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
  'Where profiles does not say what auth.users says; nothing on a sound database. reconcile_auth_profiles() '
  'heals it.';
revoke execute on function private.profile_violations(timestamptz) from public;

create or replace function private.shared_addresses()
returns table (subject_id uuid)
language sql
stable
set search_path = ''
as $$
  select s.id
  from (
    select u.id, row_number() over (
        partition by lower(u.email) order by u.created_at, u.id
      ) as place
    from auth.users u
    -- a single sign-on user may share the address of another by design
    where u.email <> '' and u.deleted_at is null and not u.is_sso_user
  ) s
  where s.place > 1
$$;
comment on function private.shared_addresses() is
  'Users whose address in Auth differs from an older user''s by case alone. profiles.email is the older one''s, so no mail reaches them.';
revoke execute on function private.shared_addresses() from public;

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
  foreach v_name in array array['addresses', 'credit_ledger', 'profiles'] loop
    v_audit := row(v_name, p_now, null, null, null)::private.operations_audits;
    begin
      case v_name
        when 'addresses' then
          select count(*), min('no address of their own: ' || a.subject_id)
          into v_audit.violations, v_audit.first_violation
          from private.shared_addresses() a;
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
  'Audits addresses, the credit ledger and the profiles, and keeps what it found for operations_health. '
  'pg_cron calls it each night, an operator after a repair. Returns how much is wrong.';
revoke execute on function public.record_operations_audits(timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.record_operations_audits(timestamptz) to service_role;

create or replace function private.wanted_cron_jobs()
returns table (name text, schedule text, command text, late_after interval)
language sql
stable
set search_path = ''
begin atomic
  select w.name, w.schedule, w.command,
    case w.schedule
      when '* * * * *' then interval '5 minutes'
      when '*/15 * * * *' then interval '45 minutes'
      else interval '26 hours'
    end
  from (
    values
      ('calcom-webhook-logs', '40 3 * * *', 'select public.cleanup_old_webhook_logs()'),
      ('calendar-bodies', '30 3 * * *', 'select private.forget_calendar_bodies()'),
      ('cohort-reminders', '*/15 * * * *', 'select public.send_cohort_session_reminders()'),
      ('credit-expiry-notices', '0 7 * * *', 'select public.send_credit_expiry_notices()'),
      ('credit-maintenance', '10 0 * * *', 'select public.run_credit_maintenance(p_trigger => ''cron'')'),
      ('cron-run-details', '50 3 * * *', 'select private.forget_cron_runs()'),
      ('forget-sent-emails', '20 3 * * *',
        'delete from public.email_queue where status in (''sent'', ''suppressed'') and created_at < now() - interval ''90 days'''),
      ('lift-lapsed-bans', '* * * * *', 'select private.lift_lapsed_bans()'),
      ('low-credit-notices', '*/15 * * * *', 'select public.send_low_credit_notices()'),
      ('operations-audits', '30 0 * * *', 'select public.record_operations_audits()'),
      ('org-seat-limits', '0 6 * * *', 'select public.check_org_seat_limits()'),
      ('process-email-queue', '* * * * *', 'select private.send_due_emails()'),
      ('rows-before-repair', '50 3 * * *', 'select private.forget_rows_before_repair()'),
      ('stripe-payload-deletion', '40 3 * * *', 'select private.delete_stripe_payloads()'),
      ('waitlist-offers', '*/15 * * * *', 'select public.offer_waitlist_places()')
  ) as w (name, schedule, command)
  where w.name <> 'process-email-queue' -- which is scheduled where pg_net can be had
    or exists (select from pg_catalog.pg_available_extensions e where e.name = 'pg_net');
end;
comment on function private.wanted_cron_jobs() is
  'The jobs that the migrations schedule, and after how long without a run each is late.';
revoke execute on function private.wanted_cron_jobs() from public;

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
revoke execute on function private.restore_cron_jobs() from public;

-- What needs the functions above ------------------------------------------------------------------

-- Production's jobs, which our own take the place of: some call functions that fail, or are parts of ours.
do $$
begin
  if to_regclass('cron.job') is not null then
    perform cron.unschedule(j.jobid)
    from cron.job j
    where j.jobname in (
        'monthly-credit-rollover', 'daily-credit-expiry', 'daily-credit-expiry-notifications',
        'cleanup-webhook-logs-daily'
      )
      -- these may go by other names
      or (j.command ilike '%send_cohort_session_reminders%' and j.jobname is distinct from 'cohort-reminders')
      or (j.command ilike '%cleanup_old_webhook_logs%' and j.jobname is distinct from 'calcom-webhook-logs');
  end if;
exception
  when internal_error then -- the extension is there and its library is not preloaded: no job runs
    raise notice 'pg_cron cannot be used here (%): production''s jobs stay scheduled', sqlerrm;
end
$$;

-- All of ours at once, when everything that they call is there.
select private.schedule_job(w.name, w.schedule, w.command) from private.wanted_cron_jobs() w;
