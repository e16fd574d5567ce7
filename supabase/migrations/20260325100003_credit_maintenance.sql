-- Credit maintenance: the month's allowances, what is carried over, what expires. Run by pg_cron.
--
-- Why: the former endpoint made a call an owner, none of which succeeded, and answered success; nothing
-- scheduled it. Here is the one implementation, set-based, that cron, the endpoint and a test call.
-- Rules: a run is one transaction and safe to repeat (business keys on the batches); a second one at the
-- same time says so and waits for nothing; a missed day is caught up, up to a month.
-- Locks: none on tables beyond the functions' own. Replaces production's functions of these names and
-- unschedules the jobs that they served. Can be run again.

set lock_timeout = '10s';

do $$
begin
  perform private.drop_public_functions(
    'expire_credit_batches', 'process_credit_rollover', 'run_credit_maintenance'
  );

  if to_regtype('public.credit_maintenance_result') is null then
    create type public.credit_maintenance_result as (
      outcome text, -- ok | failed | already_running | unknown_action
      run_id bigint,
      results jsonb, -- an object an action, as POST credit-maintenance answers it
      error text
    );
    create type public.credit_rollover_result as (
      success boolean,
      batches_rolled integer,
      credits_rolled bigint
    );
  end if;
end
$$;
comment on type public.credit_maintenance_result is 'What run_credit_maintenance answers.';
comment on type public.credit_rollover_result is 'What process_credit_rollover answers.';

alter table public.org_platform_tiers add column if not exists credit_allowance integer
  check (credit_allowance > 0);
comment on column public.org_platform_tiers.credit_allowance is
  'Credits an organisation of this tier is granted each calendar month; null: none.';

create table if not exists public.maintenance_runs (
  id bigint generated always as identity primary key,
  trigger text not null,
  actions text[] not null,
  as_of timestamptz not null,
  started_at timestamptz not null,
  finished_at timestamptz not null,
  results jsonb,
  error text,
  check ((results is null) = (error is not null))
);
comment on table public.maintenance_runs is
  'One row a run of credit maintenance: who started it, what it did or why it failed.';
create index if not exists maintenance_runs_started_idx on public.maintenance_runs (started_at desc);
alter table public.maintenance_runs enable row level security;
revoke all on table public.maintenance_runs from public, anon, authenticated, service_role;
grant select on table public.maintenance_runs to authenticated, service_role;
drop policy if exists "maintenance_runs: select" on public.maintenance_runs;
create policy "maintenance_runs: select" on public.maintenance_runs for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

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

create index if not exists credit_consumption_log_plan_month_idx
  on public.credit_consumption_log (consumed_at) where source_type = 'plan';
create index if not exists credit_batches_unmarked_idx
  on public.credit_batches (expires_at) where not is_expired;

-- Grant ---------------------------------------------------------------------------------------------

create or replace function private.grant_allowances(p_now timestamptz)
returns jsonb
language sql
volatile
set search_path = ''
begin atomic
  with month as materialized (
    select private.month_start(p_now) + interval '1 month' as ends_at
  ),
  granted as (
    insert into public.credit_batches (
      owner_type, owner_id, original_amount, remaining_amount, granted_at, expires_at, source_type,
      source_reference_id, description, idempotency_key
    )
    select 'org', s.organization_id, t.credit_allowance, t.credit_allowance, p_now,
      month.ends_at, 'subscription', s.id::text,
      'Monthly allowance of ' || t.name,
      'allowance:org:' || s.organization_id || ':' || to_char(p_now at time zone 'UTC', 'YYYY-MM')
    from public.org_platform_subscriptions s
    join public.org_platform_tiers t on t.id = s.tier_id
    cross join month
    where s.status = 'active' and t.credit_allowance > 0
    on conflict (idempotency_key) do nothing
    returning original_amount
  )
  select jsonb_build_object(
    'success', true, 'batchesGranted', count(*), 'totalGranted', coalesce(sum(g.original_amount), 0)
  )
  from granted g;
end;
comment on function private.grant_allowances(timestamptz) is
  'The month''s allowance of every organisation with an active platform subscription, once a month.';

-- Rollover ------------------------------------------------------------------------------------------

create or replace function private.batches_awaiting_rollover(p_now timestamptz)
returns setof uuid
language sql
stable
set search_path = ''
begin atomic
  select b.id
  from public.credit_batches b
  where b.owner_type = 'org' and b.source_type = 'subscription'
    and b.original_amount > 1 and b.remaining_amount > 0
    and b.expires_at <= p_now and b.expires_at + interval '1 month' > p_now
    and not exists (
      select from public.credit_ledger l where l.batch_id = b.id and l.entry_type = 'rollover_out'
    );
end;
comment on function private.batches_awaiting_rollover(timestamptz) is
  'Lapsed allowances of organisations that are still to be carried over, so that they must not expire yet.';

create or replace function private.roll_over_credits(
  p_now timestamptz, p_owner_type text default null, p_owner_id uuid default null
)
returns public.credit_rollover_result
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_result public.credit_rollover_result;
  v_start constant timestamptz := private.month_start(private.month_start(p_now) - interval '1 day');
  v_end constant timestamptz := private.month_start(p_now);
begin
  -- Users: what is unused of the closed month's plan allowance, which is in no batch
  with used as (
    select c.user_id, sum(c.quantity) as quantity
    from public.credit_consumption_log c
    where c.source_type = 'plan' and c.consumed_at >= v_start and c.consumed_at < v_end
    group by c.user_id
  ),
  carried_by_users as (
    insert into public.credit_batches (
      owner_type, owner_id, original_amount, remaining_amount, granted_at, expires_at, source_type,
      source_reference_id, description, idempotency_key
    )
    select 'user', p.id, r.amount, r.amount, p_now, v_end + interval '1 month', 'rollover', plan.id::text,
      'Unused allowance of ' || to_char(v_start at time zone 'UTC', 'YYYY-MM'),
      'rollover:user:' || p.id || ':' || to_char(v_start at time zone 'UTC', 'YYYY-MM')
    from public.profiles p
    join public.plans plan on plan.id = p.plan_id
    left join used u on u.user_id = p.id
    cross join lateral (
      select least(plan.credit_allowance - coalesce(u.quantity, 0), plan.credit_allowance / 2)::integer as amount
    ) r
    where r.amount > 0
      and (p.plan_expires_at is null or p.plan_expires_at >= v_end)
      and coalesce(p.created_at < v_end, true)
      -- The first run of a month closes the one before: whoever gets a plan later had no allowance then.
      and not exists (
        select from public.maintenance_runs m
        where m.error is null and 'rollover' = any (m.actions)
          and m.as_of >= v_end and m.as_of < v_end + interval '1 month'
      )
      and (p_owner_type is null or (p_owner_type = 'user' and p.id = p_owner_id))
    on conflict (idempotency_key) do nothing
    returning original_amount
  ),
  -- Organisations: the rest of the lapsed allowance batch
  lapsed as materialized (
    select b.id, b.owner_id, b.remaining_amount, b.expires_at,
      least(b.remaining_amount, b.original_amount / 2) as amount
    from public.credit_batches b
    where b.id in (select private.batches_awaiting_rollover(p_now)) and b.remaining_amount > 0
      and (p_owner_type is null or (p_owner_type = 'org' and b.owner_id = p_owner_id))
    order by b.id
    for update
  ),
  taken_out as (
    insert into public.credit_ledger (
      batch_id, owner_type, owner_id, entry_type, amount, balance_after, cause, idempotency_key, created_at
    )
    select l.id, 'org', l.owner_id, 'rollover_out', -l.amount, l.remaining_amount - l.amount,
      'rollover', 'rollover_out:' || l.id, p_now
    from lapsed l
  ),
  carried_by_organizations as (
    insert into public.credit_batches (
      owner_type, owner_id, original_amount, remaining_amount, granted_at, expires_at, source_type,
      source_reference_id, description, idempotency_key
    )
    select 'org', l.owner_id, l.amount, l.amount, p_now, l.expires_at + interval '1 month', 'rollover',
      l.id::text, 'Unused allowance', 'rollover:org:' || l.id
    from lapsed l
    returning original_amount
  )
  select true, count(*), coalesce(sum(c.original_amount), 0)
  into v_result.success, v_result.batches_rolled, v_result.credits_rolled
  from (
    select original_amount from carried_by_users
    union all
    select original_amount from carried_by_organizations
  ) c;
  return v_result;
end
$$;
comment on function private.roll_over_credits(timestamptz, text, uuid) is
  'Carries over what is unused of the closed month: at most half of the allowance, for one month more. Rollovers, purchases and grants never roll. Of all owners, or of one.';

-- Expire --------------------------------------------------------------------------------------------

create or replace function private.expire_credits(p_now timestamptz)
returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_expired integer;
begin
  with lapsed as materialized (
    select b.id, b.owner_type, b.owner_id, b.remaining_amount
    from public.credit_batches b
    where b.remaining_amount > 0 and b.expires_at <= p_now
      and b.id not in (select private.batches_awaiting_rollover(p_now))
    order by b.id
    for update
  )
  insert into public.credit_ledger (
    batch_id, owner_type, owner_id, entry_type, amount, balance_after, cause, idempotency_key, created_at
  )
  select l.id, l.owner_type, l.owner_id, 'expiry', -l.remaining_amount, 0, 'expiry',
    -- a refund may bring a lapsed batch back to life, and it expires again
    'expiry:' || l.id || ':' || (select max(e.id) from public.credit_ledger e where e.batch_id = l.id),
    p_now
  from lapsed l;

  update public.credit_batches
  set is_expired = true
  where not is_expired and expires_at <= p_now and remaining_amount = 0;
  get diagnostics v_expired = row_count;
  return v_expired;
end
$$;
comment on function private.expire_credits(timestamptz) is
  'Expires the batches past their time, with an entry for what was left. Returns how many were marked.';

-- Report --------------------------------------------------------------------------------------------

create or replace function private.credit_statistics(p_now timestamptz)
returns jsonb
language sql
stable
set search_path = ''
begin atomic
  with live as (
    select b.owner_type, count(*) as batches, sum(b.remaining_amount) as remaining,
      sum(b.original_amount) as original
    from public.credit_batches b
    where b.remaining_amount > 0 and b.expires_at > p_now
    group by b.owner_type
  ),
  owners as (
    select o.owner_type, jsonb_build_object(
        'activeBatches', coalesce(l.batches, 0), 'totalRemaining', coalesce(l.remaining, 0),
        'totalOriginal', coalesce(l.original, 0)
      ) as totals
    from (values ('user'), ('org')) as o (owner_type)
    left join live l on l.owner_type = o.owner_type
  )
  select jsonb_build_object(
    'success', true,
    'users', (select o.totals from owners o where o.owner_type = 'user'),
    'organizations', (select o.totals from owners o where o.owner_type = 'org'),
    -- per cent of what was granted in live batches that has been used
    'utilizationRate', (
      select coalesce(round(100 * (sum(l.original) - sum(l.remaining)) / nullif(sum(l.original), 0), 2), 0)
      from live l
    )
  );
end;
comment on function private.credit_statistics(timestamptz) is 'What is live, of users and of organisations.';

create or replace function private.archivable_credits(p_now timestamptz)
returns jsonb
language sql
stable
set search_path = ''
begin atomic
  select jsonb_build_object(
    'success', true, 'archivableBatches', count(*),
    'message', count(*) || ' used up batches are older than 90 days; they are kept'
  )
  from public.credit_batches b
  where b.remaining_amount = 0 and b.created_at < p_now - interval '90 days';
end;
comment on function private.archivable_credits(timestamptz) is
  'How many batches are used up and older than 90 days. Deletes nothing: the ledger refers to them.';

revoke execute on function private.grant_allowances(timestamptz),
  private.batches_awaiting_rollover(timestamptz),
  private.roll_over_credits(timestamptz, text, uuid), private.expire_credits(timestamptz),
  private.credit_statistics(timestamptz), private.archivable_credits(timestamptz)
  from public, anon, authenticated;

-- The run -------------------------------------------------------------------------------------------

create function public.run_credit_maintenance(
  p_actions text[] default array['grant', 'rollover', 'expire', 'cleanup', 'stats'],
  p_now timestamptz default now(),
  p_trigger text default 'sql'
)
returns public.credit_maintenance_result
language plpgsql
security definer -- writes the ledger of every owner
set search_path = ''
set timezone = 'UTC' -- in which months are counted
as $$
declare
  v_result public.credit_maintenance_result;
  v_results jsonb := '{}'::jsonb;
  v_rollover public.credit_rollover_result;
  v_started_at constant timestamptz := clock_timestamp();
  v_sqlstate text;
  v_message text;
begin
  if (p_actions <@ array['grant', 'rollover', 'expire', 'cleanup', 'stats']) is not true then
    v_result.outcome := 'unknown_action';
    v_result.error := 'Actions are grant, rollover, expire, cleanup and stats';
    return v_result;
  end if;
  if not pg_try_advisory_xact_lock(hashtextextended('credit-maintenance', 0)) then
    v_result.outcome := 'already_running';
    v_result.error := 'Another run is under way';
    return v_result;
  end if;

  -- A block of its own, so that a failing run is undone as a whole and yet recorded.
  begin
    -- In the order of id, as everything that locks batches does; the parts then find theirs locked.
    perform from public.credit_batches b
    where b.expires_at <= p_now and (b.remaining_amount > 0 or not b.is_expired)
      and p_actions && array['rollover', 'expire']
    order by b.id
    for update;

    if 'grant' = any (p_actions) then
      v_results := v_results || jsonb_build_object('grant', private.grant_allowances(p_now));
    end if;
    if 'rollover' = any (p_actions) then
      v_rollover := private.roll_over_credits(p_now);
      v_results := v_results || jsonb_build_object('rollover', jsonb_build_object(
        'success', true, 'rolloversProcessed', v_rollover.batches_rolled,
        'totalRolledOver', v_rollover.credits_rolled
      ));
    end if;
    if 'expire' = any (p_actions) then
      v_results := v_results || jsonb_build_object('expire', jsonb_build_object(
        'success', true, 'expiredCount', private.expire_credits(p_now)
      ));
    end if;
    if 'cleanup' = any (p_actions) then
      v_results := v_results || jsonb_build_object('cleanup', private.archivable_credits(p_now));
    end if;
    if 'stats' = any (p_actions) then
      v_results := v_results || jsonb_build_object('stats', private.credit_statistics(p_now));
    end if;
    v_result.outcome := 'ok';
    v_result.results := v_results;
  exception
    when others then
      get stacked diagnostics v_sqlstate = returned_sqlstate, v_message = message_text;
      v_result.outcome := 'failed';
      v_result.error := v_sqlstate || ': ' || v_message;
  end;

  insert into public.maintenance_runs (trigger, actions, as_of, started_at, finished_at, results, error)
  values (p_trigger, p_actions, p_now, v_started_at, clock_timestamp(), v_result.results, v_result.error)
  returning id into v_result.run_id;
  return v_result;
end
$$;
comment on function public.run_credit_maintenance(text[], timestamptz, text) is
  'Grants, carries over and expires credits as of p_now: all of it or nothing, recorded in maintenance_runs.';
revoke execute on function public.run_credit_maintenance(text[], timestamptz, text)
  from public, anon, authenticated;
grant execute on function public.run_credit_maintenance(text[], timestamptz, text) to service_role;

create function public.expire_credit_batches(p_now timestamptz default now())
returns integer
language sql
security definer -- writes the ledger
set search_path = ''
set timezone = 'UTC' -- in which months are counted
begin atomic
  select private.expire_credits(p_now);
end;
comment on function public.expire_credit_batches(timestamptz) is
  'Expires the batches past their time; the expire part of run_credit_maintenance.';

create function public.process_credit_rollover(
  p_owner_type text, p_owner_id uuid, p_max_rollover_months integer default 1
)
returns public.credit_rollover_result
language plpgsql
security definer -- writes the ledger
set search_path = ''
set timezone = 'UTC' -- in which months are counted
as $$
begin
  if p_max_rollover_months is distinct from 1 then
    raise exception 'what is carried over is valid for one month' using errcode = '22023';
  end if;
  return private.roll_over_credits(now(), p_owner_type, p_owner_id);
end
$$;
comment on function public.process_credit_rollover(text, uuid, integer) is
  'Carries over what one owner has left of the closed month; the rollover part of run_credit_maintenance.';
revoke execute on function public.expire_credit_batches(timestamptz),
  public.process_credit_rollover(text, uuid, integer) from public, anon, authenticated;
grant execute on function public.expire_credit_batches(timestamptz),
  public.process_credit_rollover(text, uuid, integer) to service_role;

-- The schedule --------------------------------------------------------------------------------------

-- Shortly after midnight, so that the closed month is carried over on the first of the next. The
-- former jobs called functions that fail or are parts of this one.
do $do$
begin
  perform private.unschedule_job('monthly-credit-rollover');
  perform private.unschedule_job('daily-credit-expiry');
  perform private.schedule_job(
    'credit-maintenance', '10 0 * * *', $$select public.run_credit_maintenance(p_trigger => 'cron')$$
  );
end
$do$;
