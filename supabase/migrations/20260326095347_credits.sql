-- The ledger of credits: grants, spends, refunds, rollover, expiry.
--
-- Why: credits were moved by functions that anybody could call, without a record of what became of them. Every entry
-- of a batch is in an append-only ledger whose sum is what is left of it; a repeated key moves nothing twice.
-- Locks: on production, until commit, ACCESS EXCLUSIVE on credit_batches, credit_consumption_log; SHARE ROW
-- EXCLUSIVE on client_enrollments, credit_services, credit_source_types, credit_topup_packages,
-- credit_usage_periods, org_credit_balances, org_credit_packages, payment_schedules, plan_credit_allocations,
-- plan_credit_rollovers, user_credit_balances; SHARE on org_credit_transactions, user_credit_transactions;
-- SHARE UPDATE EXCLUSIVE, which hinders no reader and no writer, on others.
-- Can be run again.

set lock_timeout = '10s';
set check_function_bodies = off; -- a body may name what a later file makes

-- Types -------------------------------------------------------------------------------------------

select private.ensure_type($type$
create type public.credit_rollover_result as (
  success boolean,
  batches_rolled integer,
  credits_rolled bigint
)
$type$);
select private.ensure_type($type$
create type public.credit_summary as (
  plan_allowance integer, -- of the calendar month (UTC); null: no active plan
  plan_used integer,
  plan_remaining integer,
  program_total bigint,
  program_remaining bigint,
  bonus_total bigint,
  bonus_remaining bigint,
  total_available bigint,
  expiring_within_7_days bigint,
  earliest_expiry timestamptz,
  batches jsonb -- [{ id, source_type, feature_key, original_amount, remaining_amount, expires_at, description }]
)
$type$);
select private.ensure_type($type$
create type private.backing_move as (
  batch_id uuid,
  back integer, -- what comes back that had paid a debt
  taken integer, -- what is not paid for any more; negative: paid for again
  paid integer -- what pays a debt
)
$type$);
select private.ensure_type($type$
create type public.credit_correction_result as (
  success boolean,
  code text, -- null | unknown_batch | invalid_amount | reason_missing | exceeds_batch | batch_expired
             -- | idempotency_conflict
  error text,
  batch_id uuid,
  corrected integer, -- by this correction; 0 when it is a repetition
  remaining integer -- in the batch, after it
)
$type$);
select private.ensure_type($type$
create type public.credit_statement_entry as (
  at timestamptz,
  entry_type text, -- of credit_ledger, or brought_forward, or allowance: credits of the month's plan, in no batch
  description text,
  amount integer, -- what the entry changed the balance by
  balance bigint, -- of the batches, after it
  allowance integer, -- what the entry used of the plan's allowance: below zero, what came back
  batch_id uuid,
  feature_key text,
  expires_at timestamptz, -- of the batch
  spend_id uuid
)
$type$);
select private.ensure_type($type$
create type public.credit_refund_result as (
  success boolean,
  code text, -- null | unknown_spend | invalid_amount | exceeds_spend
  error text,
  refunded integer, -- by this refund
  refundable integer -- still
)
$type$);
select private.ensure_type($type$
create type public.credit_maintenance_result as (
  outcome text, -- ok | failed | already_running | unknown_action
  run_id bigint,
  results jsonb, -- an object an action, as POST credit-maintenance answers it
  error text,
  set_aside integer -- owners that it went on without
)
$type$);

-- Tables that are there ---------------------------------------------------------------------------

do $$
begin
  -- production's: other results, or fewer arguments, beside which a call by name would be ambiguous
  perform private.drop_public_functions(ours.name)
  from (
    values
      (
        'grant_credit_batch', '(text, uuid, integer, timestamptz, text, text, text, text, text, timestamptz)',
        'uuid'
      ),
      (
        'consume_credits_fifo', '(text, uuid, integer, text, text, text, text, text)',
        'public.credit_spend_result'
      ),
      ('get_user_credit_summary_v2', '(uuid)', 'public.credit_summary'),
      ('get_org_credit_summary_v2', '(uuid)', 'public.credit_summary'),
      ('expire_credit_batches', '(timestamptz)', 'integer'),
      ('process_credit_rollover', '(text, uuid, integer)', 'public.credit_rollover_result')
  ) as ours (name, types, result)
  where exists (
    select from pg_catalog.pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.proname = ours.name
      and (p.oid, p.prorettype)
        is distinct from (to_regprocedure('public.' || ours.name || ours.types), to_regtype(ours.result))
  );
end
$$;

alter table public.credit_batches add column if not exists idempotency_key text;
select private.assert_table('public.credit_batches', 'idempotency_key text');

-- A batch with more left than was granted (production can scale batches, and an admin may write any figure) was
-- granted more: what somebody has to spend stays as it is. Before the triggers, which refuse such a change.
do $$
begin
  if not exists (
    select from pg_catalog.pg_constraint c
    where c.conrelid = 'public.credit_batches'::regclass
      and c.conname = 'credit_batches_remaining_within_original'
  ) then
    update public.credit_batches set original_amount = remaining_amount where remaining_amount > original_amount;
    alter table public.credit_batches add constraint credit_batches_remaining_within_original
      check (remaining_amount <= original_amount);
  end if;
end
$$;
select private.assert_table(
  'public.credit_batches', 'original_amount integer not null, remaining_amount integer not null',
  'check (remaining_amount <= original_amount)'
);

-- Rows of consumption are what the web app lists: an organization's have no user.
alter table public.credit_consumption_log
  add column if not exists spend_id uuid,
  -- squawk-ignore ban-drop-not-null -- whoever reads rows of users finds no other than before
  alter column user_id drop not null;
do $$
begin
  if not exists (
    select from pg_catalog.pg_constraint c
    where c.conrelid = 'public.credit_consumption_log'::regclass
      and c.conname = 'credit_consumption_log_owner_check'
  ) then
    -- no row can fail it: user_id was not null
    alter table public.credit_consumption_log add constraint credit_consumption_log_owner_check
      check (user_id is not null or organization_id is not null);
  end if;
end
$$;
select private.assert_table(
  'public.credit_consumption_log', 'spend_id uuid, user_id uuid, organization_id uuid',
  'check (user_id is not null or organization_id is not null)'
);

select private.ensure_index(
  'create unique index credit_batches_idempotency_key on public.credit_batches (idempotency_key)'
);
select private.ensure_index(statement) from unnest(array[
  'create index credit_batches_expiring_idx on public.credit_batches (expires_at) where remaining_amount > 0',
  $$create index credit_batches_source_reference_idx
    on public.credit_batches (source_reference_id) where source_type = 'purchase'$$,
  $$create index credit_batches_spendable_idx
    on public.credit_batches (owner_type, owner_id, expires_at) where remaining_amount > 0$$,
  'create index credit_batches_unmarked_idx on public.credit_batches (expires_at) where not is_expired',
  $$create index credit_consumption_log_plan_idx
    on public.credit_consumption_log (user_id, consumed_at) where source_type = 'plan'$$,
  $$create index credit_consumption_log_plan_month_idx
    on public.credit_consumption_log (consumed_at) where source_type = 'plan'$$,
  $$create index credit_consumption_log_spend_idx
    on public.credit_consumption_log (spend_id) where spend_id is not null$$,
  $$create index org_credit_transactions_enrollment_id_idx
    on public.org_credit_transactions (enrollment_id) where enrollment_id is not null$$,
  $$create index org_credit_transactions_performed_by_idx
    on public.org_credit_transactions (performed_by) where performed_by is not null$$,
  $$create index user_credit_transactions_add_on_id_idx
    on public.user_credit_transactions (add_on_id) where add_on_id is not null$$,
  $$create index user_credit_transactions_enrollment_id_idx
    on public.user_credit_transactions (enrollment_id) where enrollment_id is not null$$,
  'create index user_credit_transactions_user_id_idx on public.user_credit_transactions (user_id)'
]) as statement;

-- What backs a batch, and what of it is not paid for.
alter table public.credit_batches
  add column if not exists backed_by text,
  add column if not exists withheld integer not null default 0,
  add column if not exists owed integer not null default 0,
  add column if not exists reversed integer not null default 0,
  add column if not exists collected integer not null default 0;
select private.assert_table(
  'public.credit_batches',
  'backed_by text, withheld integer not null default 0, owed integer not null default 0, '
  'reversed integer not null default 0, collected integer not null default 0'
);
do $$
begin
  if not exists (
    select from pg_catalog.pg_constraint k
    where k.conrelid = 'public.credit_batches'::regclass and k.conname = 'credit_batches_backing_check'
  ) then
    alter table public.credit_batches add constraint credit_batches_backing_check
      check (least(withheld, owed, reversed, collected) >= 0);
  end if;
end
$$;
select private.ensure_index(
  'create index credit_batches_backed_by_idx on public.credit_batches (backed_by) where backed_by is not null'
);
select private.ensure_index($$create index credit_batches_backing_idx
  on public.credit_batches (owner_type, owner_id) where withheld > 0 or reversed > 0 or collected > 0$$);

-- Null until the first event takes over what the function before this one counted.
alter table public.payment_schedules add column if not exists counts_from timestamptz;
select private.assert_table('public.payment_schedules', 'counts_from timestamptz');

comment on type public.credit_rollover_result is 'What process_credit_rollover answers.';
comment on type public.credit_summary is 'What the credit summaries answer.';
comment on type private.backing_move is 'What settle_backing moves in a batch.';
comment on type public.credit_correction_result is 'What correct_credits answers.';
comment on type public.credit_statement_entry is 'A line of credit_statement.';
comment on type public.credit_refund_result is 'What refund_credits answers.';
comment on type public.credit_maintenance_result is 'What run_credit_maintenance answers.';

-- New tables --------------------------------------------------------------------------------------

select private.ensure_table($table$
create table public.credit_spends (
  id uuid primary key default gen_random_uuid(),
  owner_type text not null check (owner_type in ('user', 'org')),
  owner_id uuid not null,
  amount integer not null check (amount > 0),
  from_plan integer not null default 0 check (from_plan between 0 and amount),
  feature_key text,
  action_type text,
  action_reference_id text,
  description text,
  idempotency_key text,
  spent_at timestamptz not null default now(),
  constraint credit_spends_texts_check check (
    char_length(feature_key) <= 200 and char_length(action_type) <= 200 and char_length(action_reference_id) <= 300
    and char_length(description) <= 5000 and char_length(idempotency_key) <= 300
  )
)
$table$);
select private.ensure_table($table$
create table public.maintenance_runs (
  id bigint generated always as identity primary key,
  trigger text not null,
  actions text[] not null,
  as_of timestamptz not null,
  started_at timestamptz not null,
  finished_at timestamptz not null,
  results jsonb,
  error text,
  set_aside jsonb not null default '[]' check (jsonb_typeof(set_aside) = 'array'),
  check ((results is null) = (error is not null))
)
$table$);
select private.ensure_table($table$
create table public.credit_debts (
  id uuid primary key default gen_random_uuid(),
  owner_type text not null check (owner_type in ('user', 'org')),
  owner_id uuid not null,
  batch_id uuid not null references public.credit_batches (id),
  credits integer not null check (credits >= 0),
  paid integer not null default 0 check (paid >= 0),
  reason text not null,
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  note text,
  constraint credit_debts_settled_check check (settled_at is not null or credits > 0)
)
$table$);
select private.ensure_table($table$
create table public.credit_ledger (
  id bigint generated always as identity primary key,
  batch_id uuid not null references public.credit_batches (id),
  owner_type text not null check (owner_type in ('user', 'org')),
  owner_id uuid not null,
  entry_type text not null,
  amount integer not null,
  balance_after integer not null check (balance_after >= 0),
  spend_id uuid references public.credit_spends (id),
  cause text not null,
  idempotency_key text not null unique,
  created_at timestamptz not null default now(),
  constraint credit_ledger_sign_check check (
    case entry_type
      when 'opening_balance' then amount >= 0
      when 'grant' then amount > 0
      when 'rollover_in' then amount > 0
      when 'refund' then amount > 0
      when 'restoration' then amount > 0
      when 'spend' then amount < 0
      when 'expiry' then amount < 0
      when 'rollover_out' then amount < 0
      when 'reversal' then amount < 0
      when 'debt_payment' then amount < 0
      when 'debt_return' then amount > 0
      when 'correction' then amount <> 0
      else false
    end
  ),
  constraint credit_ledger_spend_check check ((spend_id is not null) = (entry_type in ('spend', 'refund')))
)
$table$);
select private.ensure_table($table$
create table public.enrollment_payment_locks (
  id bigint generated always as identity primary key,
  schedule_id uuid references public.payment_schedules (id) on delete cascade,
  enrollment_id uuid not null references public.client_enrollments (id) on delete cascade,
  payment_status text not null check (payment_status in ('outstanding', 'overdue')),
  previous_status text
)
$table$);
select private.ensure_table($table$
create table public.low_credit_thresholds (
  owner_type text not null check (owner_type in ('user', 'org')),
  owner_id uuid not null,
  threshold integer not null check (threshold between 0 and 100000000),
  low_since timestamptz,
  primary key (owner_id, owner_type)
)
$table$);

select private.ensure_index(statement) from unnest(array[
  $$create unique index credit_spends_idempotency_key
  on public.credit_spends (owner_type, owner_id, idempotency_key) where idempotency_key is not null$$,
  $$create index credit_spends_owner_idx
  on public.credit_spends (owner_type, owner_id, spent_at)$$,
  $$create index maintenance_runs_started_idx on public.maintenance_runs (started_at desc)$$,
  $$create index credit_debts_batch_idx on public.credit_debts (batch_id)$$,
  $$create unique index credit_debts_open_key on public.credit_debts (batch_id) where settled_at is null or credits = 0$$,
  $$create index credit_debts_owner_idx on public.credit_debts (owner_type, owner_id)$$,
  $$create index credit_debts_unsettled_idx on public.credit_debts (owner_type, owner_id) where settled_at is null$$,
  $$create index credit_ledger_batch_idx on public.credit_ledger (batch_id, id desc)$$,
  $$create unique index credit_ledger_first_entry_key on public.credit_ledger (batch_id)
  where entry_type in ('opening_balance', 'grant', 'rollover_in')$$,
  $$create index credit_ledger_owner_idx on public.credit_ledger (owner_type, owner_id, id desc)$$,
  $$create index credit_ledger_spend_idx on public.credit_ledger (spend_id) where spend_id is not null$$,
  $$create unique index enrollment_payment_locks_debt_key on public.enrollment_payment_locks (enrollment_id)
  where schedule_id is null$$,
  $$create index enrollment_payment_locks_enrollment_idx on public.enrollment_payment_locks (enrollment_id)$$,
  $$create unique index enrollment_payment_locks_schedule_key
  on public.enrollment_payment_locks (schedule_id, enrollment_id) where schedule_id is not null$$
]) as statement;

-- Comments and grants -----------------------------------------------------------------------------

comment on table public.credit_source_types is
  'Where a batch of credits can come from; key is the primary key.';
comment on table public.credit_spends is
  'One row a spend. What it drew from batches are its entries in credit_ledger; from_plan is the part of '
  'the month''s plan allowance, which is in no batch.';
comment on column public.credit_spends.idempotency_key is
  'Chosen by who spends, and its owner''s alone: another owner may choose the same.';
comment on table public.payment_schedules is
  'Instalment plans by Stripe subscription, which is not unique here. enrollment_id is not null.';
comment on column public.payment_schedules.counts_from is
  'From when on invoices are counted one by one, those paid after counted_until in any case; null: the function before '
  'this one has the schedule still.';
comment on table public.maintenance_runs is
  'One row a run of credit maintenance: who started it, what it did or why it failed.';
comment on column public.maintenance_runs.set_aside is
  'Whose credits it went on without, by which action and why: [{ action, owner_type, owner_id, reason }].';
comment on table public.credit_batches is
  'Credits granted and what is left of them. There is no status: see is_expired, remaining_amount.';
comment on column public.credit_batches.idempotency_key is
  'The business object that was paid for or granted, once: purchase:<session>, allowance:<org>:<month> …';
comment on column public.credit_batches.backed_by is
  'What pays for it at Stripe, where that is one payment or instalment plan: stripe:<payment or subscription>.';
comment on column public.credit_batches.withheld is
  'How many of its credits are not paid for: refunded, disputed, or beyond the paid share of an instalment plan that '
  'is not in good standing. owed: those of them that are a debt where they were spent.';
comment on column public.credit_batches.reversed is
  'How many of its credits have been taken for that; collected: how many have gone to pay a debt of its owner''s.';
comment on table public.credit_consumption_log is
  'What was drawn and from where. user_id is not null, so organisations cannot be logged.';
comment on table public.credit_debts is
  'Credits that were spent and are not paid for: refunded, disputed, or beyond what a broken instalment plan paid. '
  'While one is open its owner''s other credits go to pay it, and what they enrol in is held.';
comment on column public.credit_debts.credits is 'What is still owed; paid: what other credits of the owner have paid.';
comment on column public.credit_debts.settled_at is
  'When credits paid the last of it, or, with credits left, when a person put an end to it.';
comment on table public.credit_ledger is
  'Append-only: every change of every credit batch. The entries of a batch sum to its remaining_amount.';
comment on column public.credit_ledger.cause is
  'What moved the credits: purchase:<session>, enrollment:<id>, maintenance:<month> …';
comment on table public.credit_services is 'What credits buy, and for how many.';
comment on table public.credit_topup_packages is 'Packages of credits a user can buy.';
comment on table public.credit_usage_periods is 'Credits used by owner and period. Nothing writes it.';
comment on table public.enrollment_payment_locks is
  'What keeps an enrolment from being paid, and what its payment_status was before: an instalment plan that paid for '
  'it or, without a schedule, a debt of its client''s.';
comment on table public.low_credit_thresholds is
  'At how many credits left an owner wants to be told. Written by set_low_credit_threshold().';
comment on column public.low_credit_thresholds.low_since is
  'When the owner was told; null while there is more than the threshold.';
comment on table public.org_credit_balances is
  'Older balance of an organisation, superseded by credit_batches.';
comment on table public.org_credit_packages is 'Packages of credits an organisation can buy.';
comment on table public.org_credit_purchases is 'Purchases of credit packages by organisations.';
comment on table public.org_credit_transactions is 'Ledger of an organisation''s credits in the older model.';
comment on table public.plan_credit_allocations is 'How many credits of a feature a plan allots a month.';
comment on table public.plan_credit_rollovers is
  'Unused plan credits carried over, one row a user and feature.';
comment on table public.user_credit_balances is
  'Older balance of a user, superseded by credit_batches; some functions still use it.';
comment on table public.user_credit_purchases is
  'Purchases of credit packages. No unique key on the Stripe checkout session.';
comment on table public.user_credit_transactions is 'Ledger of a user''s credits, of both models.';

alter table public.credit_spends enable row level security;
alter table public.maintenance_runs enable row level security;
alter table public.credit_debts enable row level security;
alter table public.credit_ledger enable row level security;
alter table public.enrollment_payment_locks enable row level security;
alter table public.low_credit_thresholds enable row level security;

revoke all on table public.credit_source_types from public, anon, authenticated, service_role;
grant select on table public.credit_source_types to authenticated;
grant all on table public.credit_source_types to service_role;
revoke all on table public.credit_spends from public, anon, authenticated, service_role;
grant select on table public.credit_spends to authenticated, service_role;
revoke all on table public.payment_schedules from public, anon, authenticated, service_role;
grant select on table public.payment_schedules to authenticated;
grant all on table public.payment_schedules to service_role;
revoke all on table public.maintenance_runs from public, anon, authenticated, service_role;
revoke all on sequence public.maintenance_runs_id_seq from public, anon, authenticated, service_role;
grant select on table public.maintenance_runs to authenticated, service_role;
revoke all on table public.credit_batches from public, anon, authenticated, service_role;
grant select, delete on table public.credit_batches to authenticated;
grant update (remaining_amount, expires_at, description) on table public.credit_batches to authenticated;
grant all on table public.credit_batches to service_role;
revoke all on table public.credit_consumption_log from public, anon, authenticated, service_role;
grant select on table public.credit_consumption_log to authenticated;
grant all on table public.credit_consumption_log to service_role;
revoke all on table public.credit_debts from public, anon, authenticated, service_role;
grant select on table public.credit_debts to authenticated, service_role;
grant update (settled_at, note) on table public.credit_debts to authenticated;
grant update (settled_at, note) on table public.credit_debts to service_role;
revoke all on table public.credit_ledger from public, anon, authenticated, service_role;
revoke all on sequence public.credit_ledger_id_seq from public, anon, authenticated, service_role;
grant select on table public.credit_ledger to authenticated, service_role;
revoke all on table public.credit_services from public, anon, authenticated, service_role;
grant select, delete on table public.credit_services to authenticated;
grant insert (
  name, description, credit_cost, category, feature_id, track_id, linked_entity_type, linked_entity_id,
  track_discounted_cost, is_active
) on table public.credit_services to authenticated;
grant update (
  name, description, credit_cost, category, feature_id, track_id, linked_entity_type, linked_entity_id,
  track_discounted_cost, is_active
) on table public.credit_services to authenticated;
grant all on table public.credit_services to service_role;
revoke all on table public.credit_topup_packages from public, anon, authenticated, service_role;
grant select, delete on table public.credit_topup_packages to authenticated;
grant insert (
  name, slug, description, price_cents, credit_value, currency, stripe_price_id, validity_months, max_per_user,
  display_order, is_active, is_featured
) on table public.credit_topup_packages to authenticated;
grant update (
  name, slug, description, price_cents, credit_value, currency, stripe_price_id, validity_months, max_per_user,
  display_order, is_active, is_featured
) on table public.credit_topup_packages to authenticated;
grant all on table public.credit_topup_packages to service_role;
revoke all on table public.credit_usage_periods from public, anon, authenticated, service_role;
grant select on table public.credit_usage_periods to authenticated;
grant all on table public.credit_usage_periods to service_role;
revoke all on table public.enrollment_payment_locks from public, anon, authenticated, service_role;
revoke all on sequence public.enrollment_payment_locks_id_seq from public, anon, authenticated, service_role;
grant select on table public.enrollment_payment_locks to authenticated, service_role;
revoke all on table public.low_credit_thresholds from public, anon, authenticated, service_role;
grant select on table public.low_credit_thresholds to authenticated, service_role;
revoke all on table public.org_credit_balances from public, anon, authenticated, service_role;
grant select on table public.org_credit_balances to authenticated;
grant all on table public.org_credit_balances to service_role;
revoke all on table public.org_credit_packages from public, anon, authenticated, service_role;
grant select, delete on table public.org_credit_packages to authenticated;
grant insert (
  name, slug, description, price_cents, credit_value, currency, validity_months, display_order, is_active
) on table public.org_credit_packages to authenticated;
grant update (
  name, description, price_cents, credit_value, currency, validity_months, display_order, is_active, updated_at
) on table public.org_credit_packages to authenticated;
grant all on table public.org_credit_packages to service_role;
revoke all on table public.org_credit_purchases from public, anon, authenticated, service_role;
grant select on table public.org_credit_purchases to authenticated;
grant all on table public.org_credit_purchases to service_role;
revoke all on table public.org_credit_transactions from public, anon, authenticated, service_role;
grant select on table public.org_credit_transactions to authenticated;
grant all on table public.org_credit_transactions to service_role;
revoke all on table public.plan_credit_allocations from public, anon, authenticated, service_role;
grant select on table public.plan_credit_allocations to authenticated;
grant all on table public.plan_credit_allocations to service_role;
revoke all on table public.plan_credit_rollovers from public, anon, authenticated, service_role;
grant select on table public.plan_credit_rollovers to authenticated;
grant all on table public.plan_credit_rollovers to service_role;
revoke all on table public.user_credit_balances from public, anon, authenticated, service_role;
grant select on table public.user_credit_balances to authenticated;
grant all on table public.user_credit_balances to service_role;
revoke all on table public.user_credit_purchases from public, anon, authenticated, service_role;
grant select on table public.user_credit_purchases to authenticated;
grant all on table public.user_credit_purchases to service_role;
revoke all on table public.user_credit_transactions from public, anon, authenticated, service_role;
grant select on table public.user_credit_transactions to authenticated;
grant all on table public.user_credit_transactions to service_role;

-- Functions ---------------------------------------------------------------------------------------

create or replace function private.guard_credit_batches()
returns trigger
language plpgsql
security definer -- whoever may change a batch need not be allowed to read the ledger
set search_path = ''
-- The plan is made at the first call of a session, maybe for a single row, and a nested loop over the
-- changed batches would take hours for all of them.
set enable_nestloop = off
set enable_hashjoin = on
as $$
declare
  v_has_changed boolean;
  v_has_moved boolean;
begin
  select
    bool_or(
      (n.original_amount, n.owner_type, n.owner_id) is distinct from (o.original_amount, o.owner_type, o.owner_id)
    ),
    bool_or(n.remaining_amount <> o.remaining_amount and n.remaining_amount is distinct from (
      select l.balance_after from public.credit_ledger l where l.batch_id = n.id order by l.id desc limit 1
    ))
  into v_has_changed, v_has_moved
  from old_batches o
  join new_batches n on n.id = o.id;
  if v_has_changed then
    raise exception 'the amount and the owner of a credit batch never change' using errcode = '23514';
  end if;
  if v_has_moved then
    raise exception 'credits move by credit_ledger only' using errcode = '23514';
  end if;
  return null;
end
$$;
comment on function private.guard_credit_batches() is
  'Trigger: refuses a change of a batch that its ledger does not know of.';
revoke execute on function private.guard_credit_batches() from public;

create or replace function private.repeated_grant(
  p_actor_id uuid, p_owner_type text, p_owner_id uuid, p_amount integer, p_expires_at timestamptz,
  p_source_type text, p_feature_key text, p_source_reference_id text, p_description text
)
returns uuid
language sql
stable
set search_path = ''
as $$
  select b.id
  from public.credit_batches b
  where b.owner_type = p_owner_type and b.owner_id = p_owner_id and b.original_amount = p_amount
    and b.remaining_amount > 0 and b.expires_at = p_expires_at and b.granted_at > now() - interval '10 minutes'
    and (b.source_type, b.feature_key, b.source_reference_id, b.description)
      is not distinct from (p_source_type, p_feature_key, p_source_reference_id, p_description)
    and exists (
      select from public.admin_audit_logs a
      where a.actor_id = p_actor_id and a.action = 'credits.grant' and a.created_at > now() - interval '10 minutes'
        and a.details ->> 'batch_id' = b.id::text
        and (a.target_user_id = p_owner_id or (a.target_user_id is null and p_owner_type = 'org'))
    )
  order by b.granted_at, b.id
  limit 1
$$;
comment on function private.repeated_grant(uuid, text, uuid, integer, timestamptz, text, text, text, text) is
  'What the same admin granted in the same words within ten minutes: the button was pressed twice.';
revoke execute on function private.repeated_grant(uuid, text, uuid, integer, timestamptz, text, text, text, text)
  from public;

create or replace function private.grant_credit_batch_as_admin(
  p_owner_type text, p_owner_id uuid, p_amount integer, p_expires_at timestamptz, p_source_type text,
  p_feature_key text, p_source_reference_id text, p_description text, p_idempotency_key text
)
returns uuid
language plpgsql
security definer -- admins too may write neither credit_batches' amounts nor the ledger
set search_path = ''
as $$
declare
  v_actor_id constant uuid := auth.uid();
  v_batch_id uuid;
begin
  if current_setting('role') not in ('anon', 'authenticated') then
    return private.grant_credit_batch(
      p_owner_type, p_owner_id, p_amount, p_expires_at, p_source_type, p_feature_key, p_source_reference_id,
      p_description, p_idempotency_key
    );
  end if;
  if not private.has_role(v_actor_id, 'admin') then
    raise exception 'credits are granted by admins' using errcode = 'insufficient_privilege';
  end if;

  perform private.lock_credit_owner(p_owner_type, p_owner_id);
  if p_idempotency_key is null then
    v_batch_id := private.repeated_grant(
      v_actor_id, p_owner_type, p_owner_id, p_amount, p_expires_at, p_source_type, p_feature_key,
      p_source_reference_id, p_description
    );
    if v_batch_id is not null then
      return v_batch_id;
    end if;
  end if;
  v_batch_id := private.grant_credit_batch(
    p_owner_type, p_owner_id, p_amount, p_expires_at, p_source_type, p_feature_key, p_source_reference_id,
    p_description,
    -- apart from the server's, which nobody may take first
    'admin:' || p_owner_type || ':' || p_owner_id || ':' || p_idempotency_key
  );
  if not exists (
    select from public.admin_audit_logs a
    where a.action = 'credits.grant' and a.details ->> 'batch_id' = v_batch_id::text
      and (a.target_user_id = p_owner_id or (a.target_user_id is null and p_owner_type = 'org'))
  ) then
    perform private.audit(
      v_actor_id, 'credits.grant', case p_owner_type when 'user' then p_owner_id end, 'done',
      jsonb_build_object(
        'batch_id', v_batch_id, 'owner_type', p_owner_type, 'owner_id', p_owner_id, 'amount', p_amount,
        'reason', p_description
      )
    );
  end if;
  return v_batch_id;
end
$$;
comment on function private.grant_credit_batch_as_admin(text, uuid, integer, timestamptz, text, text, text, text, text)
is 'See public.grant_credit_batch.';
revoke execute on function private.grant_credit_batch_as_admin(text, uuid, integer, timestamptz, text, text, text, text, text)
  from public;
grant execute on function private.grant_credit_batch_as_admin(text, uuid, integer, timestamptz, text, text, text, text, text)
  to authenticated, service_role;

create or replace function private.backing_moves(
  p_owner_type text, p_owner_id uuid, p_due bigint, p_now timestamptz
)
returns setof private.backing_move
language sql
stable
set search_path = ''
as $$
  with accounts as (
    select b.id, b.remaining_amount, b.collected, b.reversed, b.expires_at, b.feature_key, b.idempotency_key,
      b.withheld, b.original_amount + coalesce(sum(l.amount), 0) as unspent
    from public.credit_batches b
    left join public.credit_ledger l on l.batch_id = b.id and b.withheld > 0 and l.entry_type in ('spend', 'refund')
    where b.owner_type = p_owner_type and b.owner_id = p_owner_id
      and (b.remaining_amount > 0 or b.withheld > 0 or b.reversed > 0 or b.collected > 0)
    group by b.id
  ),
  backed as (
    -- Spent credits cannot be taken. What has expired need not be: it is neither left nor was it used.
    select a.*, least(least(a.withheld, a.unspent) - a.reversed, a.remaining_amount + a.collected) as move
    from accounts a
  ),
  pools as (
    select b.*,
      case
        when b.feature_key is null and b.expires_at > p_now then b.remaining_amount + b.collected - b.move
        else least(b.collected, b.remaining_amount + b.collected - b.move)
      end as pool
    from backed b
  ),
  shares as (
    select p.*, greatest(least(p.pool, p_due - coalesce(sum(p.pool) over (
        order by p.expires_at, p.idempotency_key, p.id rows between unbounded preceding and 1 preceding
      ), 0)), 0) as share
    from pools p
  )
  select (s.id, greatest(s.collected - s.share, 0), s.move, greatest(s.share - s.collected, 0))::private.backing_move
  from shares s
  where s.move <> 0 or s.share <> s.collected;
$$;
comment on function private.backing_moves(text, uuid, bigint, timestamptz) is
  'What has to move in an owner''s batches so that nothing unpaid is left, and p_due credits pay their debts: those '
  'that lapse first, as in a spend. Credits of one feature alone pay none.';
revoke execute on function private.backing_moves(text, uuid, bigint, timestamptz) from public;

create or replace function private.batches_awaiting_rollover(
  p_now timestamptz, p_from uuid default null, p_to uuid default null
)
returns table (batch_id uuid, credits integer)
language plpgsql -- which plans for all owners and for some
stable
set search_path = ''
as $$
begin
  return query
  select b.id, r.credits
  from public.credit_batches b
  cross join lateral (
    select private.month_start(b.granted_at) as starts_at,
      private.month_start(b.granted_at) + interval '1 month' as ends_at
  ) m
  -- granted within the month, it was held from that day
  cross join lateral (
    select b.original_amount::bigint * ((m.ends_at at time zone 'UTC')::date - (b.granted_at at time zone 'UTC')::date)
      / ((m.ends_at at time zone 'UTC')::date - (m.starts_at at time zone 'UTC')::date) as held
  ) h
  cross join lateral (
    select least(b.remaining_amount - (b.original_amount - h.held), h.held / 2)::integer as credits
  ) r
  where b.owner_type = 'org' and b.source_type = 'subscription'
    and b.original_amount > 1 and b.remaining_amount > 0
    and b.expires_at <= p_now and b.expires_at + interval '1 month' > p_now
    and (p_from is null or b.owner_id between p_from and p_to)
    and r.credits > 0
    -- counted, since "not exists" becomes a join, and a join of each with each right after a rollover
    and (
      select count(*) from public.credit_ledger l where l.batch_id = b.id and l.entry_type = 'rollover_out'
    ) = 0;
end
$$;
comment on function private.batches_awaiting_rollover(timestamptz, uuid, uuid) is
  'Lapsed allowances of organisations, or of those from one id to another, that are still to be carried over, so '
  'that they must not expire yet, and how much of each: what is unused of the days that it was held, at most half.';
revoke execute on function private.batches_awaiting_rollover(timestamptz, uuid, uuid) from public;

create or replace function private.check_backing()
returns table (subject_id uuid, violation text)
language sql
stable
set search_path = ''
as $$
  with moved as (
    select l.batch_id,
      -coalesce(sum(l.amount) filter (where l.entry_type in ('spend', 'refund')), 0) as spent,
      -coalesce(sum(l.amount) filter (where l.entry_type in ('reversal', 'restoration')), 0) as taken,
      -coalesce(sum(l.amount) filter (where l.entry_type in ('debt_payment', 'debt_return')), 0) as collected
    from public.credit_ledger l
    group by l.batch_id
  ),
  accounts as (
    select b.*, m.spent, m.taken, m.collected as collected_entries
    from public.credit_batches b
    join moved m on m.batch_id = b.id
  ),
  debts as (
    select d.batch_id, sum(d.credits + d.paid) as credits
    from public.credit_debts d
    group by d.batch_id
  ),
  owed as (
    select d.owner_type, d.owner_id, sum(d.credits) filter (where d.settled_at is null) as credits, sum(d.paid) as paid
    from public.credit_debts d
    group by d.owner_type, d.owner_id
  ),
  collected as (
    select b.owner_type, b.owner_id, sum(b.collected) as credits
    from public.credit_batches b
    where b.collected > 0
    group by b.owner_type, b.owner_id
  )
  select a.id, 'more is left than is paid for'
  from accounts a
  where a.withheld > 0 and a.remaining_amount > greatest(a.original_amount - a.withheld - a.spent, 0)
  union all
  select a.id, 'spent beyond what is paid for, and no debt'
  from accounts a
  left join debts d on d.batch_id = a.id
  where a.owed > 0 and coalesce(d.credits, 0) < a.owed - (a.original_amount - a.spent)
  union all
  select a.id, 'collected or reversed is not what the ledger says'
  from accounts a where (a.collected, a.reversed) <> (a.collected_entries, a.taken)
  union all
  select o.owner_id, 'debts are paid with other credits than were collected'
  from owed o
  full join collected c on (c.owner_type, c.owner_id) = (o.owner_type, o.owner_id)
  where coalesce(o.paid, 0) <> coalesce(c.credits, 0)
  union all
  select a.id, 'credits are left while their owner owes some'
  from accounts a
  join owed o on (o.owner_type, o.owner_id) = (a.owner_type, a.owner_id) and o.credits > 0
  where a.remaining_amount > 0 and a.feature_key is null and a.expires_at > now()
  union all
  select b.id, 'more can be spent than a broken instalment plan has paid for'
  from public.payment_schedules s
  join public.credit_batches b on b.owner_type = 'user' and b.owner_id = s.user_id
    and b.backed_by = 'stripe:' || s.stripe_subscription_id
  where s.status = 'defaulted' and s.duplicate_of is null
    and b.original_amount - b.withheld > b.original_amount::numeric * s.amount_paid_cents / nullif(least(
      s.total_amount_cents, s.installment_count::bigint * s.installment_amount_cents
    ), 0)
  union all
  select e.id, 'enrolment with the spend of somebody else'
  from public.client_enrollments e
  join public.credit_spends s on s.id = e.spend_id
  where s.owner_type = 'user' and s.owner_id is distinct from e.client_user_id
  union all
  select l.enrollment_id, 'locked by the instalment plan of somebody else'
  from public.enrollment_payment_locks l
  join public.payment_schedules s on s.id = l.schedule_id
  join public.client_enrollments e on e.id = l.enrollment_id
  where e.client_user_id is distinct from s.user_id;
$$;
comment on function private.check_backing() is
  'Each violation of the rules about what is paid for (docs/money.md); nothing where all hold.';
revoke execute on function private.check_backing() from public;
grant execute on function private.check_backing() to service_role;

create or replace function public.check_credit_ledger()
returns table (subject_id uuid, violation text)
language sql
stable
set search_path = ''
as $$
  with entries as (
    select l.*, lag(l.balance_after, 1, 0) over (partition by l.batch_id order by l.id) as balance_before
    from public.credit_ledger l
  ),
  accounts as (
    select e.batch_id, sum(e.amount) as balance,
      bool_and(e.balance_after = e.balance_before + e.amount) as is_chain
    from entries e
    group by e.batch_id
  ),
  drawn as (
    select l.spend_id, l.batch_id,
      sum(-l.amount) filter (where l.entry_type = 'spend') as spent,
      coalesce(sum(l.amount) filter (where l.entry_type = 'refund'), 0) as refunded
    from public.credit_ledger l
    where l.spend_id is not null
    group by l.spend_id, l.batch_id
  ),
  from_batches as (
    select d.spend_id, sum(d.spent) as spent from drawn d group by d.spend_id
  ),
  logged as (
    select c.spend_id, c.batch_id, sum(c.quantity) as kept
    from public.credit_consumption_log c
    where c.spend_id is not null and c.batch_id is not null
    group by c.spend_id, c.batch_id
  ),
  from_allowance as (
    select c.spend_id,
      sum(c.quantity) filter (where c.quantity > 0) as spent,
      sum(c.quantity) as kept
    from public.credit_consumption_log c
    where c.spend_id is not null and c.source_type = 'plan'
    group by c.spend_id
  )
  select b.id, 'batch without an entry'
  from public.credit_batches b left join accounts a on a.batch_id = b.id where a.batch_id is null
  union all
  select b.id, 'entries do not sum to the remaining amount'
  from public.credit_batches b join accounts a on a.batch_id = b.id where a.balance <> b.remaining_amount
  union all
  select b.id, 'remaining amount below zero or above the original'
  from public.credit_batches b where b.remaining_amount not between 0 and b.original_amount
  union all
  select a.batch_id, 'balances after do not follow from one another' from accounts a where not a.is_chain
  union all
  select s.id, 'spend does not equal what it drew'
  from public.credit_spends s
  left join from_batches f on f.spend_id = s.id
  where s.amount <> s.from_plan + coalesce(f.spent, 0)
  union all
  select s.id, 'plan allowance of the spend is not what the log says'
  from public.credit_spends s
  left join from_allowance f on f.spend_id = s.id
  where s.from_plan <> coalesce(f.spent, 0) or coalesce(f.kept, 0) < 0
  union all
  select coalesce(d.spend_id, l.spend_id), 'consumption log does not say what the ledger says'
  from drawn d
  full join logged l on l.spend_id = d.spend_id and l.batch_id = d.batch_id
  where d.spent - d.refunded is distinct from l.kept
  union all
  select d.spend_id, 'more refunded to a batch than was drawn from it'
  from drawn d where d.refunded > coalesce(d.spent, 0)
  union all
  select b.subject_id, b.violation from private.check_backing() b;
$$;
comment on function public.check_credit_ledger() is
  'Each violation of the ledger''s rules; nothing on a sound ledger. Reads all of it: for the operator.';
revoke execute on function public.check_credit_ledger() from public, anon, authenticated, service_role;
grant execute on function public.check_credit_ledger() to service_role;

create or replace function private.is_reserved_action(p_action_type text)
returns boolean
language sql
immutable
set search_path = ''
begin atomic
  select coalesce(lower(btrim(p_action_type)) in ('enrollment', 'enrolment'), false);
end;
comment on function private.is_reserved_action(text) is
  'Whether an action type says what the platform itself did: whoever spends credits cannot claim it.';
revoke execute on function private.is_reserved_action(text) from public;

create or replace function private.consume_credits_fifo(
  p_owner_type text, p_owner_id uuid, p_amount integer, p_feature_key text, p_action_type text,
  p_action_reference_id text, p_description text, p_idempotency_key text
)
returns public.credit_spend_result
language plpgsql
security definer -- as private.spend_credits, which it guards
set search_path = ''
as $$
declare
  v_owner_id uuid := coalesce(p_owner_id, case p_owner_type when 'user' then auth.uid() end);
  v_result public.credit_spend_result;
begin
  if v_owner_id is null or p_owner_type not in ('user', 'org') or (
    current_setting('role') in ('anon', 'authenticated') -- whom a function need not be asked about otherwise
    and private.may_manage_credits(p_owner_type, v_owner_id) is not true
  ) then
    v_result.success := false;
    v_result.code := 'not_allowed';
    v_result.error := 'These credits are not yours to spend';
    v_result.requested := p_amount;
    v_result.consumed := 0;
    return v_result;
  end if;
  if private.is_reserved_action(p_action_type) then
    v_result.success := false;
    v_result.code := 'reserved_action';
    v_result.error := 'Only the platform itself spends credits on this';
    v_result.requested := p_amount;
    v_result.consumed := 0;
    return v_result;
  end if;
  return private.spend_credits(
    p_owner_type, v_owner_id, p_amount, p_feature_key, p_action_type, p_action_reference_id,
    p_description, p_idempotency_key
  );
end
$$;
comment on function private.consume_credits_fifo(text, uuid, integer, text, text, text, text, text) is
  'Spends credits of the caller, of an organisation that the caller manages, or, for the service role, of '
  'anybody.';
revoke execute on function private.consume_credits_fifo(text, uuid, integer, text, text, text, text, text)
  from public;
grant execute on function private.consume_credits_fifo(text, uuid, integer, text, text, text, text, text)
  to authenticated, service_role;

create or replace function public.consume_credits_fifo(
  p_owner_type text default 'user',
  p_owner_id uuid default null,
  p_amount integer default 1,
  p_feature_key text default null,
  p_action_type text default null,
  p_action_reference_id text default null,
  p_description text default null,
  p_idempotency_key text default null
)
returns public.credit_spend_result
language plpgsql -- which keeps its plans
set search_path = ''
as $$
begin
  return private.consume_credits_fifo(
    p_owner_type, p_owner_id, p_amount, p_feature_key, p_action_type, p_action_reference_id,
    p_description, p_idempotency_key
  );
end
$$;
comment on function public.consume_credits_fifo(text, uuid, integer, text, text, text, text, text) is
  'Spends credits, all or nothing: the caller''s own (p_owner_id null), an organisation''s that the caller '
  'manages, or, for the service role, anybody''s.';
revoke execute on function public.consume_credits_fifo(text, uuid, integer, text, text, text, text, text)
  from public, anon, authenticated, service_role;
grant execute on function public.consume_credits_fifo(text, uuid, integer, text, text, text, text, text)
  to authenticated, service_role;

create or replace function private.correct_credits(
  p_batch_id uuid, p_amount integer, p_reason text, p_idempotency_key text
)
returns public.credit_correction_result
language plpgsql
security definer -- writes the ledger
set search_path = ''
as $$
declare
  v_result public.credit_correction_result;
  v_batch public.credit_batches;
  v_known public.credit_ledger;
  v_reason constant text := nullif(regexp_replace(p_reason, '^\s+|\s+$', '', 'g'), '');
  v_cause constant text := 'correction: ' || v_reason;
  v_key text;
  v_room bigint; -- for what comes back
begin
  if current_setting('role') in ('anon', 'authenticated') and not private.has_role(auth.uid(), 'admin') then
    raise exception 'credits are corrected by admins' using errcode = 'insufficient_privilege';
  end if;
  v_result.success := false;
  v_result.batch_id := p_batch_id;
  v_result.corrected := 0;

  select * into v_batch from public.credit_batches where id = p_batch_id;
  if not found then
    v_result.code := 'unknown_batch';
    v_result.error := 'There are no such credits';
    return v_result;
  end if;
  if coalesce(p_amount, 0) = 0 then
    v_result.code := 'invalid_amount';
    v_result.error := 'The amount must be more or less than nothing';
    return v_result;
  end if;
  if v_reason is null or char_length(v_reason) > 1000 then
    v_result.code := 'reason_missing';
    v_result.error := 'Say why, in up to 1,000 characters';
    return v_result;
  end if;

  perform private.lock_credit_owner(v_batch.owner_type, v_batch.owner_id);
  select * into v_batch from public.credit_batches where id = p_batch_id for update;
  v_result.remaining := v_batch.remaining_amount;

  -- Without a key the words are the key: the same correction for the same reason is made once.
  v_key := 'correction:' || p_batch_id || ':' || coalesce('key:' || p_idempotency_key, p_amount || ':' || md5(v_reason));
  select * into v_known from public.credit_ledger where idempotency_key = v_key;
  if found then
    v_result.success := (v_known.amount, v_known.cause) = (p_amount, v_cause);
    if not v_result.success then
      v_result.code := 'idempotency_conflict';
      v_result.error := 'This key stands for another correction';
    end if;
    return v_result;
  end if;

  select coalesce(-sum(l.amount), 0) into v_room
  from public.credit_ledger l
  -- what a payment that failed has taken, the next one may bring back
  where l.batch_id = p_batch_id and l.entry_type in ('spend', 'refund', 'expiry', 'rollover_out', 'correction');
  if v_batch.remaining_amount + p_amount::bigint < 0 or p_amount > v_room then
    v_result.code := 'exceeds_batch';
    v_result.error := 'No more can be taken than is left, nor given back than went';
    return v_result;
  end if;
  if p_amount > 0 and v_batch.expires_at <= now() then
    v_result.code := 'batch_expired';
    v_result.error := 'These credits have lapsed';
    return v_result;
  end if;

  insert into public.credit_ledger (
    batch_id, owner_type, owner_id, entry_type, amount, balance_after, cause, idempotency_key
  )
  values (
    p_batch_id, v_batch.owner_type, v_batch.owner_id, 'correction', p_amount, v_batch.remaining_amount + p_amount,
    v_cause, v_key
  );
  perform private.audit(
    auth.uid(), 'credits.correct', case v_batch.owner_type when 'user' then v_batch.owner_id end, 'done',
    jsonb_build_object(
      'batch_id', p_batch_id, 'owner_type', v_batch.owner_type, 'owner_id', v_batch.owner_id, 'amount', p_amount,
      'reason', v_reason
    )
  );
  v_result.success := true;
  v_result.corrected := p_amount;
  v_result.remaining := v_batch.remaining_amount + p_amount;
  return v_result;
end
$$;
comment on function private.correct_credits(uuid, integer, text, text) is 'See public.correct_credits.';
revoke execute on function private.correct_credits(uuid, integer, text, text) from public;
grant execute on function private.correct_credits(uuid, integer, text, text) to authenticated, service_role;

create or replace function public.correct_credits(
  p_batch_id uuid, p_amount integer, p_reason text, p_idempotency_key text default null
)
returns public.credit_correction_result
language sql
set search_path = ''
begin atomic
  select private.correct_credits(p_batch_id, p_amount, p_reason, p_idempotency_key);
end;
comment on function public.correct_credits(uuid, integer, text, text) is
  'ClientCreditAudit: an admin gives credits of a batch back or takes them, as an entry of the ledger and a line of '
  'admin_audit_logs. The same amount for the same reason is corrected once; p_idempotency_key tells another apart.';
revoke execute on function public.correct_credits(uuid, integer, text, text)
  from public, anon, authenticated, service_role;
grant execute on function public.correct_credits(uuid, integer, text, text) to authenticated, service_role;

create or replace function private.credit_balance_at(p_owner_type text, p_owner_id uuid, p_at timestamptz)
returns bigint
language plpgsql
stable
security definer -- asks may_see_credits before it shows anything
set search_path = ''
set timezone = 'UTC' -- in which months are counted
as $$
begin
  if not private.may_see_credits(p_owner_type, p_owner_id) then
    raise exception 'these credits are not yours to see' using errcode = '42501';
  end if;
  return (
    select coalesce(sum(e.amount::bigint), 0)
    -- an instant's own entries count
    from private.credit_entries(p_owner_type, p_owner_id, p_at + interval '1 microsecond', now()) e
  );
end
$$;
comment on function private.credit_balance_at(text, uuid, timestamptz) is 'See public.credit_balance_at.';
revoke execute on function private.credit_balance_at(text, uuid, timestamptz) from public;
grant execute on function private.credit_balance_at(text, uuid, timestamptz) to authenticated, service_role;

create or replace function public.credit_balance_at(
  p_owner_type text, p_owner_id uuid, p_at timestamptz default now()
)
returns bigint
language sql
stable
set search_path = ''
begin atomic
  select private.credit_balance_at(p_owner_type, p_owner_id, p_at);
end;
comment on function public.credit_balance_at(text, uuid, timestamptz) is
  'What an owner''s batches held at an instant, the plan''s allowance of the month aside. For whom credit_statement is.';
revoke execute on function public.credit_balance_at(text, uuid, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.credit_balance_at(text, uuid, timestamptz) to authenticated, service_role;

create or replace function private.open_credit_batches()
returns trigger
language plpgsql
security definer -- whoever may grant a batch need not be allowed to write the ledger
set search_path = ''
as $$
begin
  -- In the order in which they were made, which the makers of many choose with the ledger in mind.
  insert into public.credit_ledger (
    batch_id, owner_type, owner_id, entry_type, amount, balance_after, cause, idempotency_key, created_at
  )
  select b.id, b.owner_type, b.owner_id,
    case b.source_type when 'rollover' then 'rollover_in' else 'grant' end,
    b.remaining_amount, b.remaining_amount,
    coalesce(b.idempotency_key, b.source_type || coalesce(':' || b.source_reference_id, '')),
    'open:' || b.id, b.granted_at
  from new_batches b;

  -- Whoever owes credits pays with these first. An owner under another's hands pays at the next spend.
  if exists (select from public.credit_debts d where d.settled_at is null) then
    perform private.settle_backing(o.owner_type, o.owner_id, o.granted_at)
    from (
      select n.owner_type, n.owner_id, max(n.granted_at) as granted_at
      from new_batches n
      where exists (
        select from public.credit_debts d
        where d.owner_type = n.owner_type and d.owner_id = n.owner_id and d.settled_at is null
      )
      group by n.owner_type, n.owner_id
      order by n.owner_type, n.owner_id
    ) o
    where private.try_lock_credit_owner(o.owner_type, o.owner_id);
  end if;
  return null;
end
$$;
comment on function private.open_credit_batches() is
  'Trigger: the first entry of each new batch, whoever made it, and what of it pays a debt.';
revoke execute on function private.open_credit_batches() from public;

create or replace function private.has_credit_debt(p_owner_type text, p_owner_id uuid)
returns boolean
language sql
stable
set search_path = ''
begin atomic
  select exists (
    select from public.credit_debts d
    where d.owner_type = p_owner_type and d.owner_id = p_owner_id and d.settled_at is null
  );
end;
comment on function private.has_credit_debt(text, uuid) is 'Whether an owner owes credits.';
revoke execute on function private.has_credit_debt(text, uuid) from public;

create or replace function private.lift_debt_holds()
returns trigger
language plpgsql
security definer -- whoever settles a debt need not be allowed to write enrollments
set search_path = ''
as $$
declare
  v_owner record;
begin
  for v_owner in
    select distinct o.owner_type, o.owner_id from old_debts o
    where not private.has_credit_debt(o.owner_type, o.owner_id)
    order by 1, 2
  loop
    perform private.lift_locks(array(
      select l.enrollment_id
      from public.enrollment_payment_locks l
      join public.client_enrollments e on e.id = l.enrollment_id
      where l.schedule_id is null and v_owner.owner_type = 'user' and e.client_user_id = v_owner.owner_id
    ), null);
  end loop;
  -- a broken plan whose debt a person settled locks nothing any more
  perform private.relock_enrollments(b.backed_by)
  from (select distinct o.batch_id from old_debts o) d
  join public.credit_batches b on b.id = d.batch_id
  where b.backed_by is not null;
  return null;
end
$$;
comment on function private.lift_debt_holds() is 'Trigger: what a debt held is free once it is settled.';
revoke execute on function private.lift_debt_holds() from public;

create or replace function private.entry_in_words(
  p_entry_type text, p_source_type text, p_about text, p_cause text
)
returns text
language sql
immutable
set search_path = ''
begin atomic
  select case p_entry_type
      when 'opening_balance' then 'Balance when this account was opened'
      when 'grant' then case p_source_type
        when 'purchase' then 'Bought'
        when 'subscription' then 'Allowance of the subscription'
        when 'plan' then 'Allowance of the plan'
        when 'program' then 'Part of a program'
        when 'addon' then 'Part of an add-on'
        when 'admin_grant' then 'Granted by the office'
        else 'Granted'
      end
      when 'rollover_in' then 'Carried over from the month before'
      when 'rollover_out' then 'Carried over into the next month'
      when 'spend' then 'Spent'
      when 'allowance' then 'Spent of the plan''s allowance'
      when 'refund' then 'Given back'
      when 'restoration' then 'Given back after a payment'
      when 'reversal' then 'Taken back after a payment failed or was refunded'
      when 'debt_payment' then 'Paid what was owed'
      when 'debt_return' then 'Given back of what paid a debt'
      when 'expiry' then 'Lapsed'
      when 'correction' then 'Corrected by the office'
      else initcap(replace(p_entry_type, '_', ' '))
    end
    || coalesce(': ' || nullif(
      case
        when p_entry_type = 'correction' then regexp_replace(p_cause, '^correction: ', '')
        when p_entry_type in ('opening_balance', 'rollover_in', 'rollover_out') then ''
        else p_about
      end, ''
    ), '');
end;
comment on function private.entry_in_words(text, text, text, text) is
  'What an entry of the ledger was, for its owner to read.';
revoke execute on function private.entry_in_words(text, text, text, text) from public;

create or replace function private.credit_entries(p_owner_type text, p_owner_id uuid, p_to timestamptz, p_now timestamptz)
returns table (
  at timestamptz, place bigint, entry_type text, description text, amount integer, allowance integer, batch_id uuid,
  feature_key text, expires_at timestamptz, spend_id uuid
)
language sql
stable
set search_path = ''
as $$
  select l.created_at, l.id, l.entry_type,
    private.entry_in_words(
      l.entry_type, b.source_type,
      case
        when l.entry_type = 'refund' then coalesce(nullif(l.cause, 'refund'), s.description, s.feature_key, s.action_type)
        when l.spend_id is not null then coalesce(s.description, s.feature_key, s.action_type)
        else b.description
      end, l.cause
    ),
    l.amount, 0, l.batch_id, coalesce(s.feature_key, b.feature_key), b.expires_at, l.spend_id
  from public.credit_ledger l
  join public.credit_batches b on b.id = l.batch_id
  left join public.credit_spends s on s.id = l.spend_id
  where l.owner_type = p_owner_type and l.owner_id = p_owner_id and l.created_at < p_to
  union all
  -- the plan's allowance is in no batch
  select case when c.quantity > 0 then c.consumed_at else c.created_at end, 9223372036854775806,
    case when c.quantity > 0 then 'allowance' else 'refund' end,
    private.entry_in_words(
      case when c.quantity > 0 then 'allowance' else 'refund' end, null,
      coalesce(c.description, s.description, s.feature_key, s.action_type), null
    ),
    0, c.quantity, null, c.feature_key, private.month_start(c.consumed_at) + interval '1 month', c.spend_id
  from public.credit_consumption_log c
  left join public.credit_spends s on s.id = c.spend_id
  where p_owner_type = 'user' and c.user_id = p_owner_id and c.source_type = 'plan' and c.consumed_at < p_to
    and (c.quantity > 0 or c.created_at < p_to)
  union all
  -- lapsed, though no maintenance has entered it
  select b.expires_at, 9223372036854775807, 'expiry', private.entry_in_words('expiry', b.source_type, b.description, null),
    -b.remaining_amount, 0, b.id, b.feature_key, b.expires_at, null
  from public.credit_batches b
  where b.owner_type = p_owner_type and b.owner_id = p_owner_id and b.remaining_amount > 0
    and b.expires_at <= p_now and b.expires_at < p_to
$$;
comment on function private.credit_entries(text, uuid, timestamptz, timestamptz) is
  'What became of an owner''s credits before p_to, to be read in the order of at and place. Their amounts sum to '
  'what there was to spend from batches.';
revoke execute on function private.credit_entries(text, uuid, timestamptz, timestamptz) from public;

create or replace function private.post_credit_entries()
returns trigger
language plpgsql
security definer -- whoever may grant a batch need not be allowed to write the ledger
set search_path = ''
-- The plan is made at the first call of a session, for one entry or for a million. What is left for it is
-- the one that fits both: entry after entry, each batch by its key.
set enable_hashjoin = off
set enable_mergejoin = off
set enable_seqscan = off
as $$
declare
  v_entries bigint;
  v_moves bigint;
  v_moved bigint := 0;
begin
  select count(*), count(*) filter (where e.entry_type not in ('opening_balance', 'grant', 'rollover_in'))
  into v_entries, v_moves
  from new_entries e;

  -- Where nothing moves, the index of first entries has refused a second one.
  if v_moves > 0 then
    if v_entries > 1 and exists (select from new_entries e group by e.batch_id having count(*) > 1) then
      raise exception 'one entry a batch and statement' using errcode = '23514';
    end if;
    update public.credit_batches b
    set remaining_amount = e.balance_after,
      is_expired = b.is_expired or e.entry_type = 'expiry',
      reversed = b.reversed - case when e.entry_type in ('reversal', 'restoration') then e.amount else 0 end,
      collected = b.collected - case when e.entry_type in ('debt_payment', 'debt_return') then e.amount else 0 end
    from new_entries e
    where e.batch_id = b.id and e.entry_type not in ('opening_balance', 'grant', 'rollover_in')
      and (b.remaining_amount + e.amount, b.owner_type, b.owner_id)
        = (e.balance_after, e.owner_type, e.owner_id);
    get diagnostics v_moved = row_count;
  end if;

  if v_moved <> v_moves or v_entries > v_moves and exists (
    select from new_entries e
    join public.credit_batches b on b.id = e.batch_id
    where e.entry_type in ('opening_balance', 'grant', 'rollover_in')
      and (b.remaining_amount, b.owner_type, b.owner_id)
        is distinct from (e.balance_after, e.owner_type, e.owner_id)
  ) then
    raise exception 'a ledger entry does not fit its batch' using errcode = '23514';
  end if;
  return null;
end
$$;
comment on function private.post_credit_entries() is
  'Trigger: carries new ledger entries over to their batches, marks those that expire, and refuses entries '
  'that do not add up.';
revoke execute on function private.post_credit_entries() from public;

create or replace function private.refuse_ledger_change()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  raise exception 'credit_ledger is append-only: correct an entry by another' using errcode = '23514';
end
$$;
comment on function private.refuse_ledger_change() is 'Trigger: entries are never changed or taken out.';
revoke execute on function private.refuse_ledger_change() from public;

create or replace function private.credit_statement(
  p_owner_type text, p_owner_id uuid, p_from timestamptz, p_to timestamptz
)
returns setof public.credit_statement_entry
language plpgsql
stable
security definer -- asks may_see_credits before it shows anything
set search_path = ''
set timezone = 'UTC' -- in which months are counted
as $$
declare
  v_from constant timestamptz := coalesce(p_from, '-infinity');
begin
  if not private.may_see_credits(p_owner_type, p_owner_id) then
    raise exception 'these credits are not yours to see' using errcode = '42501';
  end if;
  return query
  with entries as (
    select e.*, sum(e.amount::bigint) over (
        order by e.at, e.place, e.spend_id rows between unbounded preceding and current row
      )::bigint as balance
    from private.credit_entries(p_owner_type, p_owner_id, coalesce(p_to, 'infinity'), now()) e
  ),
  brought_forward as (
    select coalesce(sum(e.amount::bigint), 0)::bigint as balance from entries e where e.at < v_from
  )
  select l.at, l.entry_type, l.description, l.amount, l.balance, l.allowance, l.batch_id, l.feature_key, l.expires_at,
    l.spend_id
  from (
    select p_from as at, -1 as place, 'brought_forward' as entry_type, 'Balance brought forward' as description,
      0 as amount, f.balance, 0 as allowance, null::uuid as batch_id, null as feature_key,
      null::timestamptz as expires_at, null::uuid as spend_id
    from brought_forward f
    where p_from is not null
    union all
    select e.at, e.place, e.entry_type, e.description, e.amount, e.balance, e.allowance, e.batch_id, e.feature_key,
      e.expires_at, e.spend_id
    from entries e
    where e.at >= v_from
  ) l
  order by l.at, l.place, l.spend_id;
end
$$;
comment on function private.credit_statement(text, uuid, timestamptz, timestamptz) is 'See public.credit_statement.';
revoke execute on function private.credit_statement(text, uuid, timestamptz, timestamptz) from public;
grant execute on function private.credit_statement(text, uuid, timestamptz, timestamptz)
  to authenticated, service_role;

create or replace function public.credit_statement(
  p_owner_type text, p_owner_id uuid, p_from timestamptz default null, p_to timestamptz default null
)
returns setof public.credit_statement_entry
language sql
stable
set search_path = ''
begin atomic
  select * from private.credit_statement(p_owner_type, p_owner_id, p_from, p_to);
end;
comment on function public.credit_statement(text, uuid, timestamptz, timestamptz) is
  'Each entry of an owner''s credits from p_from and before p_to in words, with the balance after it, oldest first; the '
  'first line brings forward what there was at p_from. For the user, who manages the organisation, and admins.';
revoke execute on function public.credit_statement(text, uuid, timestamptz, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.credit_statement(text, uuid, timestamptz, timestamptz)
  to authenticated, service_role;

create or replace function private.credit_summary(
  p_owner_type text, p_owner_id uuid, p_now timestamptz default now()
)
returns public.credit_summary
language plpgsql
stable
security definer -- asks may_see_credits before it shows anything
set search_path = ''
as $$
declare
  v_summary public.credit_summary;
begin
  if not private.may_see_credits(p_owner_type, p_owner_id) then
    raise exception 'these credits are not yours to see' using errcode = '42501';
  end if;

  with live as (
    select b.* from public.credit_batches b
    where b.owner_type = p_owner_type and b.owner_id = p_owner_id and b.remaining_amount > 0
      and b.expires_at > p_now
  )
  select
    coalesce(sum(l.original_amount) filter (where l.source_type = 'program'), 0),
    coalesce(sum(l.remaining_amount) filter (where l.source_type = 'program'), 0),
    coalesce(sum(l.original_amount) filter (where l.source_type <> 'program'), 0),
    coalesce(sum(l.remaining_amount) filter (where l.source_type <> 'program'), 0),
    coalesce(sum(l.remaining_amount), 0),
    coalesce(sum(l.remaining_amount) filter (where l.expires_at <= p_now + interval '7 days'), 0),
    min(l.expires_at),
    coalesce(jsonb_agg(jsonb_build_object(
      'id', l.id, 'source_type', l.source_type, 'feature_key', l.feature_key,
      'original_amount', l.original_amount, 'remaining_amount', l.remaining_amount,
      'expires_at', l.expires_at, 'description', l.description
    ) order by l.expires_at, l.id), '[]')
  into v_summary.program_total, v_summary.program_remaining, v_summary.bonus_total,
    v_summary.bonus_remaining, v_summary.total_available, v_summary.expiring_within_7_days,
    v_summary.earliest_expiry, v_summary.batches
  from live l;

  if p_owner_type = 'user' then
    select a.allowance, a.used, case when a.allowance is not null then greatest(a.allowance - a.used, 0) end
    into v_summary.plan_allowance, v_summary.plan_used, v_summary.plan_remaining
    from private.plan_allowance(p_owner_id, p_now) a;
    v_summary.total_available := v_summary.total_available + coalesce(v_summary.plan_remaining, 0);
  end if;
  return v_summary;
end
$$;
comment on function private.credit_summary(text, uuid, timestamptz) is
  'What an owner has to spend. Raises 42501 for anybody but the owner, its managers, admins and the service '
  'role.';
revoke execute on function private.credit_summary(text, uuid, timestamptz) from public;
grant execute on function private.credit_summary(text, uuid, timestamptz) to authenticated, service_role;

create or replace function private.enter_spend(
  p_owner_type text, p_owner_id uuid, p_amount integer, p_feature_key text, p_action_type text,
  p_action_reference_id text, p_description text, p_idempotency_key text, p_now timestamptz,
  p_batch_ids uuid[], p_sources text[], p_balances integer[], p_amounts integer[]
)
returns public.credit_spend_result
language plpgsql
set search_path = ''
as $$
declare
  v_result public.credit_spend_result;
begin
  v_result.success := true;
  v_result.spend_id := gen_random_uuid();
  v_result.requested := p_amount;
  v_result.consumed := p_amount;
  v_result.from_plan := 0;
  v_result.from_program := 0;
  v_result.from_bonus := 0;
  v_result.remaining_needed := 0;
  v_result.details := '[]';
  for v_place in 1 .. cardinality(p_amounts) loop
    case p_sources[v_place]
      when 'plan' then v_result.from_plan := v_result.from_plan + p_amounts[v_place];
      when 'program' then v_result.from_program := v_result.from_program + p_amounts[v_place];
      else v_result.from_bonus := v_result.from_bonus + p_amounts[v_place];
    end case;
    v_result.details := v_result.details || jsonb_build_object(
      'source', p_sources[v_place], 'batch_id', p_batch_ids[v_place], 'amount', p_amounts[v_place]
    );
  end loop;

  insert into public.credit_spends (
    id, owner_type, owner_id, amount, from_plan, feature_key, action_type, action_reference_id,
    description, idempotency_key, spent_at
  )
  values (
    v_result.spend_id, p_owner_type, p_owner_id, p_amount, v_result.from_plan, p_feature_key, p_action_type,
    p_action_reference_id, p_description, p_idempotency_key, p_now
  );
  insert into public.credit_ledger (
    batch_id, owner_type, owner_id, entry_type, amount, balance_after, spend_id, cause,
    idempotency_key, created_at
  )
  select d.batch_id, p_owner_type, p_owner_id, 'spend', -d.amount, d.balance, v_result.spend_id,
    coalesce(p_action_type, 'spend') || coalesce(':' || p_action_reference_id, ''),
    'spend:' || v_result.spend_id || ':' || d.batch_id, p_now
  from unnest(p_batch_ids, p_balances, p_amounts) as d (batch_id, balance, amount)
  where d.batch_id is not null;
  insert into public.credit_consumption_log (
    user_id, organization_id, batch_id, quantity, source_type, feature_key, description, action_type,
    action_reference_id, consumed_at, spend_id
  )
  select
    case p_owner_type when 'user' then p_owner_id end,
    case p_owner_type when 'org' then p_owner_id end,
    d.batch_id, d.amount, d.source, p_feature_key, p_description, p_action_type,
    p_action_reference_id, p_now, v_result.spend_id
  from unnest(p_batch_ids, p_sources, p_amounts) as d (batch_id, source, amount);
  return v_result;
end
$$;
comment on function private.enter_spend(text, uuid, integer, text, text, text, text, text, timestamptz, uuid[], text[], integer[], integer[])
is 'Writes down what a spend draws: of each batch so much, which leaves such a balance. Called with the batches locked.';
revoke execute on function private.enter_spend(text, uuid, integer, text, text, text, text, text, timestamptz, uuid[], text[], integer[], integer[])
  from public;

create or replace function public.expire_credit_batches(p_now timestamptz default now())
returns integer
language sql
security definer -- writes the ledger
set search_path = ''
set timezone = 'UTC' -- in which months are counted
as $$
  select (e.result ->> 'expiredCount')::integer from private.expire_credits(p_now) e;
$$;
comment on function public.expire_credit_batches(timestamptz) is
  'Expires the batches past their time; the expire part of run_credit_maintenance.';
revoke execute on function public.expire_credit_batches(timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.expire_credit_batches(timestamptz) to service_role;

create or replace function private.expire_credits(
  p_now timestamptz, p_from uuid default null, p_to uuid default null, out result jsonb, out set_aside jsonb
)
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_expired integer;
  v_empty integer;
begin
  with lapsed as materialized (
    select b.id, b.owner_type, b.owner_id, b.remaining_amount, b.is_expired
    from public.credit_batches b
    where b.remaining_amount > 0 and b.expires_at <= p_now
      and (p_from is null or b.owner_id between p_from and p_to)
      and b.id not in (select w.batch_id from private.batches_awaiting_rollover(p_now, p_from, p_to) w)
    order by b.id
    for update
  ),
  known as materialized (
    select l.*, e.id as last_entry, e.balance_after
    from lapsed l
    left join lateral (
      select c.id, c.balance_after from public.credit_ledger c where c.batch_id = l.id order by c.id desc limit 1
    ) e on true
  ),
  entered as (
    insert into public.credit_ledger (
      batch_id, owner_type, owner_id, entry_type, amount, balance_after, cause, idempotency_key, created_at
    )
    select k.id, k.owner_type, k.owner_id, 'expiry', -k.remaining_amount, 0, 'expiry',
      -- a refund may bring a lapsed batch back to life, and it expires again
      'expiry:' || k.id || ':' || k.last_entry, p_now
    from known k
    where k.balance_after = k.remaining_amount
    order by k.id
  )
  select
    count(*) filter (where k.balance_after = k.remaining_amount and not k.is_expired),
    coalesce(jsonb_agg(
      private.set_aside('expire', k.owner_type, k.owner_id, case
        when k.last_entry is null then 'batch without an entry: ' else 'entries do not sum to the remaining amount: '
      end || k.id)
    ) filter (where k.balance_after is distinct from k.remaining_amount), '[]')
  into v_expired, set_aside
  from known k;

  -- Those with nothing left get no entry.
  update public.credit_batches
  set is_expired = true
  where not is_expired and expires_at <= p_now and remaining_amount = 0
    and (p_from is null or owner_id between p_from and p_to);
  get diagnostics v_empty = row_count;
  result := jsonb_build_object('success', true, 'expiredCount', v_expired + v_empty);
end
$$;
comment on function private.expire_credits(timestamptz, uuid, uuid) is
  'Expires the batches past their time, of all owners or of those from one id to another, with an entry for what '
  'was left. How many were marked, and those set aside because their ledger says something else.';
revoke execute on function private.expire_credits(timestamptz, uuid, uuid) from public;

create or replace function public.get_org_credit_summary_v2(p_org_id uuid)
returns public.credit_summary
language sql
stable
set search_path = ''
begin atomic
  select private.credit_summary('org', p_org_id);
end;
comment on function public.get_org_credit_summary_v2(uuid) is 'What an organisation has to spend.';
revoke execute on function public.get_org_credit_summary_v2(uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.get_org_credit_summary_v2(uuid) to authenticated, service_role;

create or replace function public.get_user_credit_summary_v2(p_user_id uuid)
returns public.credit_summary
language sql
stable
set search_path = ''
begin atomic
  select private.credit_summary('user', p_user_id);
end;
comment on function public.get_user_credit_summary_v2(uuid) is 'What a user has to spend.';
revoke execute on function public.get_user_credit_summary_v2(uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.get_user_credit_summary_v2(uuid) to authenticated, service_role;

create or replace function private.grant_allowances(
  p_now timestamptz, p_from uuid default null, p_to uuid default null
)
returns jsonb
language sql
volatile
set search_path = ''
as $$
  with month as materialized (
    select private.month_start(p_now) + interval '1 month' as ends_at
  ),
  granted as (
    insert into public.credit_batches (
      id, owner_type, owner_id, original_amount, remaining_amount, granted_at, expires_at, source_type,
      source_reference_id, description, idempotency_key
    )
    -- The owner's first half and a random second: the order of ids is that of owners.
    select (left(s.organization_id::text, 19) || right(gen_random_uuid()::text, 17))::uuid,
      'org', s.organization_id, t.credit_allowance, t.credit_allowance, p_now,
      month.ends_at, 'subscription', s.id::text,
      'Monthly allowance of ' || t.name,
      'allowance:org:' || s.organization_id || ':' || to_char(p_now at time zone 'UTC', 'YYYY-MM')
    from public.org_platform_subscriptions s
    join public.org_platform_tiers t on t.id = s.tier_id
    cross join month
    where s.status = 'active' and t.credit_allowance > 0
      and (p_from is null or s.organization_id between p_from and p_to)
    order by s.organization_id
    on conflict (idempotency_key) do nothing
    returning original_amount
  )
  select jsonb_build_object(
    'success', true, 'batchesGranted', count(*), 'totalGranted', coalesce(sum(g.original_amount), 0)
  )
  from granted g;
$$;
comment on function private.grant_allowances(timestamptz, uuid, uuid) is
  'The month''s allowance of every organisation with an active platform subscription, or of those from one id to '
  'another, once a month.';
revoke execute on function private.grant_allowances(timestamptz, uuid, uuid) from public;

create or replace function private.grant_credit_batch(
  p_owner_type text,
  p_owner_id uuid,
  p_amount integer,
  p_expires_at timestamptz,
  p_source_type text,
  p_feature_key text default null,
  p_source_reference_id text default null,
  p_description text default null,
  p_idempotency_key text default null,
  p_now timestamptz default now()
)
returns uuid
language plpgsql
set search_path = ''
as $$
declare
  v_batch_id uuid;
begin
  -- far from any sum that could overflow
  if p_amount is null or p_amount not between 1 and 100000000 then
    raise exception 'a grant is of 1 to 100,000,000 credits' using errcode = '22023';
  end if;
  if p_expires_at is null or p_expires_at <= p_now then
    raise exception 'a grant expires in the future' using errcode = '22023';
  end if;
  if (
    case p_owner_type
      when 'user' then exists (select from public.profiles where id = p_owner_id)
      when 'org' then exists (select from public.organizations where id = p_owner_id)
    end
  ) is not true then
    raise exception 'nobody is there to own the credits' using errcode = '22023';
  end if;

  insert into public.credit_batches (
    owner_type, owner_id, feature_key, original_amount, remaining_amount, granted_at, expires_at,
    source_type, source_reference_id, description, idempotency_key
  )
  values (
    p_owner_type, p_owner_id, p_feature_key, p_amount, p_amount, p_now, p_expires_at,
    p_source_type, p_source_reference_id, p_description, p_idempotency_key
  )
  on conflict (idempotency_key) do nothing
  returning id into v_batch_id;

  if v_batch_id is null then
    select id into v_batch_id from public.credit_batches
    where idempotency_key = p_idempotency_key
      and (owner_type, owner_id, original_amount, source_type, feature_key, source_reference_id)
        is not distinct from (p_owner_type, p_owner_id, p_amount, p_source_type, p_feature_key, p_source_reference_id);
    if not found then
      raise exception 'this key stands for another grant' using errcode = '22023';
    end if;
    return v_batch_id;
  end if;

  if p_owner_type = 'user' then
    insert into public.user_credit_transactions (
      user_id, transaction_type, amount, balance_after, description, batch_id
    )
    select p_owner_id, 'grant', p_amount, least(sum(b.remaining_amount), 2147483647), p_description, v_batch_id
    from public.credit_batches b
    where b.owner_type = 'user' and b.owner_id = p_owner_id and b.remaining_amount > 0
      and b.expires_at > p_now and (b.feature_key is null or b.feature_key = p_feature_key);
  end if;
  return v_batch_id;
end
$$;
comment on function private.grant_credit_batch(text, uuid, integer, timestamptz, text, text, text, text, text, timestamptz) is
  'Grants credits and returns the batch. With p_idempotency_key a repetition returns the same batch; with '
  'another owner, amount, source, feature or reference under the same key it raises.';
revoke execute on function private.grant_credit_batch(text, uuid, integer, timestamptz, text, text, text, text, text, timestamptz) from public;

create or replace function public.grant_credit_batch(
  p_owner_type text,
  p_owner_id uuid,
  p_amount integer,
  p_expires_at timestamptz,
  p_source_type text,
  p_feature_key text default null,
  p_source_reference_id text default null,
  p_description text default null,
  p_idempotency_key text default null
)
returns uuid
language sql
set search_path = ''
begin atomic
  select private.grant_credit_batch_as_admin(
    p_owner_type, p_owner_id, p_amount, p_expires_at, p_source_type, p_feature_key, p_source_reference_id,
    p_description, p_idempotency_key
  );
end;
comment on function public.grant_credit_batch(text, uuid, integer, timestamptz, text, text, text, text, text) is
  'BulkCreditGrantDialog, useCreditBatches: an admin, or the server, grants credits. Returns the batch. A repetition '
  'returns the same one: with p_idempotency_key, which is of these credits'' owner alone when an admin chooses it, or, '
  'without, in the same words by the same admin within ten minutes. An admin''s grant is in admin_audit_logs, with '
  'p_description as the reason.';
revoke execute on function public.grant_credit_batch(text, uuid, integer, timestamptz, text, text, text, text, text)
  from public, anon, authenticated, service_role;
grant execute on function public.grant_credit_batch(text, uuid, integer, timestamptz, text, text, text, text, text)
  to authenticated, service_role;

create or replace function private.known_spend(p_spend public.credit_spends)
returns public.credit_spend_result
language plpgsql
stable
set search_path = ''
as $$
declare
  v_result public.credit_spend_result;
begin
  select true, p_spend.id, p_spend.amount, p_spend.amount,
    coalesce(sum(c.quantity) filter (where c.source_type = 'plan'), 0),
    coalesce(sum(c.quantity) filter (where c.source_type = 'program'), 0),
    coalesce(sum(c.quantity) filter (where c.source_type = 'bonus'), 0),
    0,
    jsonb_agg(jsonb_build_object('source', c.source_type, 'batch_id', c.batch_id, 'amount', c.quantity))
  into v_result.success, v_result.spend_id, v_result.requested, v_result.consumed, v_result.from_plan,
    v_result.from_program, v_result.from_bonus, v_result.remaining_needed, v_result.details
  from public.credit_consumption_log c
  where c.spend_id = p_spend.id and c.quantity > 0;
  return v_result;
end
$$;
comment on function private.known_spend(public.credit_spends) is 'What was answered to a spend.';
revoke execute on function private.known_spend(public.credit_spends) from public;

create or replace function private.lock_credit_owner(p_owner_type text, p_owner_id uuid)
returns void
language plpgsql -- which keeps its plans: every spend asks
volatile
set search_path = ''
as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('credits:' || p_owner_type || ':' || p_owner_id, 0));
end
$$;
comment on function private.lock_credit_owner(text, uuid) is
  'Makes spends of one owner follow one another. Plan allowance has no row that could be locked.';
revoke execute on function private.lock_credit_owner(text, uuid) from public;

create or replace function private.try_lock_credit_owner(p_owner_type text, p_owner_id uuid)
returns boolean
language sql
volatile
set search_path = ''
begin atomic
  select pg_try_advisory_xact_lock(hashtextextended('credits:' || p_owner_type || ':' || p_owner_id, 0));
end;
comment on function private.try_lock_credit_owner(text, uuid) is
  'As lock_credit_owner, where nobody else has the lock; for what holds other locks already.';
revoke execute on function private.try_lock_credit_owner(text, uuid) from public;

create or replace function private.set_aside(p_action text, p_owner_type text, p_owner_id uuid, p_reason text)
returns jsonb
language sql
immutable
set search_path = ''
begin atomic
  select jsonb_build_object(
    'action', p_action, 'owner_type', p_owner_type, 'owner_id', p_owner_id, 'reason', p_reason
  );
end;
comment on function private.set_aside(text, text, uuid, text) is
  'An owner that credit maintenance went on without: an element of maintenance_runs.set_aside.';
revoke execute on function private.set_aside(text, text, uuid, text) from public;

create or replace function private.owners_to_maintain(p_action text, p_now timestamptz)
returns uuid[]
language sql
stable
set search_path = ''
as $$
  select coalesce(array_agg(o.id order by o.id), '{}')
  from (
    select s.organization_id as id from public.org_platform_subscriptions s where p_action = 'grant'
    union
    select p.id from public.profiles p where p_action = 'rollover' and p.plan_id is not null
    union
    select b.owner_id from public.credit_batches b
    where p_action in ('rollover', 'expire') and b.expires_at <= p_now and (b.remaining_amount > 0 or not b.is_expired)
  ) o;
$$;
comment on function private.owners_to_maintain(text, timestamptz) is
  'Whose credits a part of credit maintenance may move, in the order of ids.';
revoke execute on function private.owners_to_maintain(text, timestamptz) from public;

create or replace function private.maintain_owners(
  p_action text, p_now timestamptz, p_from uuid, p_to uuid, out result jsonb, out set_aside jsonb
)
language plpgsql
set search_path = ''
as $$
declare
  v_rollover record;
begin
  set_aside := '[]';
  case p_action
    when 'grant' then
      result := private.grant_allowances(p_now, p_from, p_to);
    when 'rollover' then
      select * into v_rollover from private.roll_over_credits(p_now, null, p_from, p_to);
      result := jsonb_build_object(
        'success', true, 'rolloversProcessed', v_rollover.batches_rolled,
        'totalRolledOver', v_rollover.credits_rolled
      );
      set_aside := v_rollover.set_aside;
    when 'expire' then
      select e.result, e.set_aside into result, set_aside from private.expire_credits(p_now, p_from, p_to) e;
  end case;
end
$$;
comment on function private.maintain_owners(text, timestamptz, uuid, uuid) is
  'A part of credit maintenance for all owners, or for those from one id to another.';
revoke execute on function private.maintain_owners(text, timestamptz, uuid, uuid) from public;

create or replace function private.added_up(p_one jsonb, p_other jsonb)
returns jsonb
language sql
immutable
set search_path = ''
as $$
  select jsonb_object_agg(
    coalesce(a.key, b.key),
    case
      when jsonb_typeof(coalesce(a.value, b.value)) <> 'number' then coalesce(a.value, b.value)
      else to_jsonb(coalesce(a.value, '0')::numeric + coalesce(b.value, '0')::numeric)
    end
  )
  from jsonb_each(coalesce(p_one, '{}')) a
  full join jsonb_each(coalesce(p_other, '{}')) b on b.key = a.key;
$$;
comment on function private.added_up(jsonb, jsonb) is 'What two halves of a run did together.';
revoke execute on function private.added_up(jsonb, jsonb) from public;

create or replace function private.maintain_all_but_failing(
  p_action text, p_now timestamptz, p_owners uuid[] default null, out result jsonb, out set_aside jsonb
)
language plpgsql
set search_path = ''
as $$
declare
  v_owners uuid[] := p_owners;
  v_middle integer;
  v_sqlstate text;
  v_message text;
  v_half record;
  v_part record;
begin
  begin
    select m.result, m.set_aside into result, set_aside
    from private.maintain_owners(p_action, p_now, p_owners[1], p_owners[cardinality(p_owners)]) m;
    return;
  exception
    -- what is no matter of a row: locks, memory, disk, an operator, the code, the server
    when transaction_rollback or insufficient_resources or operator_intervention or system_error or internal_error
      or object_not_in_prerequisite_state or syntax_error_or_access_rule_violation then
      raise;
    when others then
      get stacked diagnostics v_sqlstate = returned_sqlstate, v_message = message_text;
  end;

  -- One owner's row stops nobody else: each half by itself, down to whoever it is.
  if v_owners is null then
    v_owners := private.owners_to_maintain(p_action, p_now);
  end if;
  if cardinality(v_owners) = 0 then
    raise exception using errcode = v_sqlstate, message = v_message;
  end if;
  if cardinality(v_owners) = 1 then
    set_aside := jsonb_build_array(private.set_aside(
      p_action,
      case when exists (select from public.organizations o where o.id = v_owners[1]) then 'org' else 'user' end,
      v_owners[1], v_sqlstate || ': ' || v_message
    ));
    return;
  end if;
  v_middle := cardinality(v_owners) / 2;
  set_aside := '[]';
  for v_half in
    select v_owners[: v_middle] as owners
    union all
    select v_owners[v_middle + 1 :]
  loop
    select * into v_part from private.maintain_all_but_failing(p_action, p_now, v_half.owners);
    result := private.added_up(result, v_part.result);
    set_aside := set_aside || v_part.set_aside;
    if jsonb_array_length(set_aside) > 100 then -- it is not a row that is wrong
      raise exception using errcode = v_sqlstate, message = v_message;
    end if;
  end loop;
end
$$;
comment on function private.maintain_all_but_failing(text, timestamptz, uuid[]) is
  'A part of credit maintenance for everybody whose rows do not make it fail. Those are set aside with the error, '
  'found by halves; with more than 100 of them the part fails.';
revoke execute on function private.maintain_all_but_failing(text, timestamptz, uuid[]) from public;

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

create or replace function private.may_manage_credits(p_owner_type text, p_owner_id uuid)
returns boolean
language plpgsql -- which keeps its plans: every spend asks
stable
set search_path = ''
as $$
begin
  return case
    -- set by the Data API, and by security definer functions left alone: the service role, cron, the owner
    when current_setting('role') not in ('anon', 'authenticated') then true
    when p_owner_type = 'user' then p_owner_id = auth.uid()
    else private.is_org_admin_or_manager(auth.uid(), p_owner_id)
  end;
end
$$;
comment on function private.may_manage_credits(text, uuid) is
  'Whether the caller may see and spend these credits: their own, or an organisation''s that they manage.';
revoke execute on function private.may_manage_credits(text, uuid) from public;

create or replace function private.may_see_credits(p_owner_type text, p_owner_id uuid)
returns boolean
language sql
stable
set search_path = ''
begin atomic
  select coalesce(
    private.may_manage_credits(p_owner_type, p_owner_id) or private.has_role((select auth.uid()), 'admin'), false
  );
end;
comment on function private.may_see_credits(text, uuid) is
  'Whether the caller may see what became of these credits: who manages them, and admins, who are the support.';
revoke execute on function private.may_see_credits(text, uuid) from public;

create or replace function private.month_start(p_now timestamptz)
returns timestamptz
language plpgsql -- which keeps its plans: every spend asks
immutable
set search_path = ''
as $$
begin
  return date_trunc('month', p_now at time zone 'UTC') at time zone 'UTC';
end
$$;
comment on function private.month_start(timestamptz) is 'The start of the calendar month in UTC.';
revoke execute on function private.month_start(timestamptz) from public;

create or replace function private.next_month_start(p_now timestamptz)
returns timestamptz
language plpgsql -- as above
immutable
set search_path = ''
as $$
begin
  return (date_trunc('month', p_now at time zone 'UTC') + interval '1 month') at time zone 'UTC';
end
$$;
comment on function private.next_month_start(timestamptz) is 'The end of the calendar month in UTC.';
revoke execute on function private.next_month_start(timestamptz) from public;

create or replace function private.plan_allowance(
  p_user_id uuid, p_now timestamptz, out allowance integer, out used integer
)
language plpgsql -- which keeps its plans: every spend asks
stable
set search_path = ''
as $$
begin
  select plan.credit_allowance into allowance
  from public.profiles p
  join public.plans plan on plan.id = p.plan_id
  where p.id = p_user_id
    and plan.credit_allowance > 0
    and (p.plan_expires_at is null or p.plan_expires_at > p_now);
  if not found then
    return;
  end if;
  select coalesce(sum(c.quantity), 0) into used
  from public.credit_consumption_log c
  where c.user_id = p_user_id and c.source_type = 'plan'
    and c.consumed_at >= private.month_start(p_now) and c.consumed_at < private.next_month_start(p_now);
end
$$;
comment on function private.plan_allowance(uuid, timestamptz) is
  'A user''s plan allowance of the month and how much of it is used; nulls without an active plan.';
revoke execute on function private.plan_allowance(uuid, timestamptz) from public;

create or replace function private.plan_remaining(p_user_id uuid, p_now timestamptz)
returns integer
language plpgsql -- as above
stable
set search_path = ''
as $$
declare
  v_plan record;
begin
  v_plan := private.plan_allowance(p_user_id, p_now);
  return coalesce(greatest(v_plan.allowance - v_plan.used, 0), 0);
end
$$;
comment on function private.plan_remaining(uuid, timestamptz) is
  'What is left of a user''s plan allowance of the month; 0 without an active plan.';
revoke execute on function private.plan_remaining(uuid, timestamptz) from public;

create or replace function public.process_credit_rollover(
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
  return (
    select row(r.set_aside = '[]', r.batches_rolled, r.credits_rolled)::public.credit_rollover_result
    from private.roll_over_credits(now(), p_owner_type, p_owner_id, p_owner_id) r
  );
end
$$;
comment on function public.process_credit_rollover(text, uuid, integer) is
  'Carries over what one owner has left of the closed month; the rollover part of run_credit_maintenance.';
revoke execute on function public.process_credit_rollover(text, uuid, integer)
  from public, anon, authenticated, service_role;
grant execute on function public.process_credit_rollover(text, uuid, integer) to service_role;

create or replace function public.refund_credits(
  p_spend_id uuid,
  p_amount integer default null,
  p_reason text default null,
  p_idempotency_key text default null,
  p_now timestamptz default now()
)
returns public.credit_refund_result
language plpgsql
security definer -- writes the ledger
set search_path = ''
as $$
declare
  v_result public.credit_refund_result;
  v_spend public.credit_spends;
  v_key text := coalesce(p_idempotency_key, gen_random_uuid()::text);
  v_refundable bigint;
  v_amount integer;
  v_is_backed boolean; -- or owes: what comes back may not stay
begin
  v_result.success := false;
  v_result.refunded := 0;
  select * into v_spend from public.credit_spends where id = p_spend_id;
  if not found then
    v_result.code := 'unknown_spend';
    v_result.error := 'There is no such spend';
    return v_result;
  end if;
  if p_amount <= 0 then
    v_result.code := 'invalid_amount';
    v_result.error := 'The amount must be positive';
    return v_result;
  end if;

  perform private.lock_credit_owner(v_spend.owner_type, v_spend.owner_id);
  v_is_backed := private.has_credit_debt(v_spend.owner_type, v_spend.owner_id) or exists (
    select from public.credit_batches b
    where b.owner_type = v_spend.owner_type and b.owner_id = v_spend.owner_id
      and (b.withheld > 0 or b.reversed > 0 or b.collected > 0)
  );
  perform from public.credit_batches b
  where b.id in (
    select l.batch_id from public.credit_ledger l where l.spend_id = p_spend_id
    union
    select o.id from public.credit_batches o
    where v_is_backed and o.owner_type = v_spend.owner_type and o.owner_id = v_spend.owner_id
      and (o.remaining_amount > 0 or o.withheld > 0 or o.reversed > 0 or o.collected > 0)
  )
  order by b.id
  for update;

  -- A correction may have given back some of it.
  select sum(d.kept) into v_refundable
  from (
    select least(sum(c.quantity), max(b.original_amount - b.remaining_amount)) as kept
    from public.credit_consumption_log c
    left join public.credit_batches b on b.id = c.batch_id
    where c.spend_id = p_spend_id
    group by c.batch_id, c.source_type
  ) d;
  v_result.refundable := v_refundable;

  if p_idempotency_key is not null and exists (
    select from public.credit_consumption_log c
    where c.spend_id = p_spend_id and c.action_type = 'refund' and c.action_reference_id = p_idempotency_key
      and c.quantity < 0 -- the spender chooses the words of the spend itself
  ) then
    v_result.success := true;
    return v_result;
  end if;

  v_amount := coalesce(p_amount, v_refundable);
  if v_amount > v_refundable then
    v_result.code := 'exceeds_spend';
    v_result.error := 'More than is left of this spend';
    return v_result;
  end if;
  if v_amount = 0 then
    v_result.success := true;
    return v_result;
  end if;

  with drawn as (
    select c.batch_id, c.source_type,
      least(sum(c.quantity), max(b.original_amount - b.remaining_amount)) as kept, max(b.expires_at) as expires_at,
      max(b.remaining_amount) as balance
    from public.credit_consumption_log c
    left join public.credit_batches b on b.id = c.batch_id
    where c.spend_id = p_spend_id
    group by c.batch_id, c.source_type
    having least(sum(c.quantity), max(b.original_amount - b.remaining_amount)) > 0
  ),
  ordered as (
    -- the longest-lived first: what comes back should last
    select d.*, coalesce(sum(d.kept) over (
        order by d.expires_at desc nulls last, d.batch_id
        rows between unbounded preceding and 1 preceding
      ), 0) as before
    from drawn d
  ),
  returns as materialized (
    select o.batch_id, o.source_type, o.balance, least(o.kept, v_amount - o.before)::integer as amount
    from ordered o
    where o.before < v_amount
  ),
  entries as (
    insert into public.credit_ledger (
      batch_id, owner_type, owner_id, entry_type, amount, balance_after, spend_id, cause,
      idempotency_key, created_at
    )
    select r.batch_id, v_spend.owner_type, v_spend.owner_id, 'refund', r.amount, r.balance + r.amount,
      p_spend_id, coalesce(p_reason, 'refund'), 'refund:' || p_spend_id || ':' || v_key || ':' || r.batch_id,
      p_now
    from returns r
    where r.batch_id is not null
  )
  insert into public.credit_consumption_log (
    user_id, organization_id, batch_id, quantity, source_type, feature_key, description, action_type,
    action_reference_id, consumed_at, spend_id
  )
  select
    case v_spend.owner_type when 'user' then v_spend.owner_id end,
    case v_spend.owner_type when 'org' then v_spend.owner_id end,
    r.batch_id, -r.amount, r.source_type, v_spend.feature_key, p_reason, 'refund', v_key,
    v_spend.spent_at, -- allowance goes back to the month it came from
    p_spend_id
  from returns r;

  if v_is_backed then
    perform private.settle_backing(v_spend.owner_type, v_spend.owner_id, p_now);
    perform private.relock_enrollments(b.backed_by)
    from public.credit_batches b
    where b.backed_by is not null
      and b.id in (select l.batch_id from public.credit_ledger l where l.spend_id = p_spend_id);
  end if;
  v_result.success := true;
  v_result.refunded := v_amount;
  v_result.refundable := v_refundable - v_amount;
  return v_result;
end
$$;
comment on function public.refund_credits(uuid, integer, text, text, timestamptz) is
  'Gives a spend, or a part of it, back to the very batches it drew from, and allowance to its month. A '
  'repeated p_idempotency_key gives back nothing more.';
revoke execute on function public.refund_credits(uuid, integer, text, text, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.refund_credits(uuid, integer, text, text, timestamptz) to service_role;

create or replace function private.roll_over_credits(
  p_now timestamptz, p_owner_type text default null, p_from uuid default null, p_to uuid default null,
  out batches_rolled integer, out credits_rolled bigint, out set_aside jsonb
)
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_start constant timestamptz := private.month_start(private.month_start(p_now) - interval '1 day');
  v_end constant timestamptz := private.month_start(p_now);
  v_first_day constant date := (v_start at time zone 'UTC')::date;
  v_day_after constant date := (v_end at time zone 'UTC')::date;
  -- The first run of a month closes the one before, but for those that it had to set aside.
  v_is_closed constant boolean := exists (
    select from public.maintenance_runs m
    where m.error is null and 'rollover' = any (m.actions)
      and m.as_of >= v_end and m.as_of < v_end + interval '1 month'
  );
  v_set_aside constant uuid[] := array(
    select private.uuid_or_null(a ->> 'owner_id')
    from public.maintenance_runs m
    cross join jsonb_array_elements(m.set_aside) a
    where m.as_of >= v_end and m.as_of < v_end + interval '1 month' and a ->> 'action' = 'rollover'
  );
begin
  -- Users: what is unused of the closed month's plan allowance, which is in no batch
  with used as (
    select c.user_id, sum(c.quantity) as quantity
    from public.credit_consumption_log c
    where c.source_type = 'plan' and c.consumed_at >= v_start and c.consumed_at < v_end
      and (p_from is null or c.user_id between p_from and p_to)
    group by c.user_id
  ),
  carried_by_users as (
    insert into public.credit_batches (
      id, owner_type, owner_id, original_amount, remaining_amount, granted_at, expires_at, source_type,
      source_reference_id, description, idempotency_key
    )
    -- The owner's first half and a random second: the order of ids is that of owners.
    select (left(p.id::text, 19) || right(gen_random_uuid()::text, 17))::uuid,
      'user', p.id, r.amount, r.amount, p_now, v_end + interval '1 month', 'rollover', plan.id::text,
      'Unused allowance of ' || to_char(v_start at time zone 'UTC', 'YYYY-MM'),
      'rollover:user:' || p.id || ':' || to_char(v_start at time zone 'UTC', 'YYYY-MM')
    from public.profiles p
    join public.plans plan on plan.id = p.plan_id
    left join used u on u.user_id = p.id
    left join private.stripe_plans given on given.user_id = p.id and given.plan_id = p.plan_id
    left join public.stripe_subscriptions s on s.id = given.subscription_id
    -- the day of the month on which the plan began to hold; a trial holds nothing
    cross join lateral (
      select least(
        greatest(p.created_at, p.plan_since, s.trial_end, case s.status when 'trialing' then v_end end, v_start), v_end
      ) at time zone 'UTC' as began_at
    ) h
    cross join lateral (
      select plan.credit_allowance::bigint * (v_day_after - h.began_at::date) / (v_day_after - v_first_day) as held
    ) a
    cross join lateral (
      select least(a.held - coalesce(u.quantity, 0), a.held / 2)::integer as amount
    ) r
    where r.amount > 0
      and (p.plan_expires_at is null or p.plan_expires_at >= v_end)
      and (not v_is_closed or p.id = any (v_set_aside))
      and p_owner_type is distinct from 'org'
      and (p_from is null or p.id between p_from and p_to)
    order by p.id
    on conflict (idempotency_key) do nothing
    returning original_amount
  ),
  -- Organisations: the rest of the lapsed allowance batch
  lapsed as materialized (
    select b.id, b.owner_id, b.remaining_amount, b.expires_at, w.credits as amount
    from private.batches_awaiting_rollover(p_now, p_from, p_to) w
    join public.credit_batches b on b.id = w.batch_id
    where b.remaining_amount > 0 and p_owner_type is distinct from 'user'
    order by b.id
    for update of b
  ),
  known as materialized (
    select l.*, (
        select c.balance_after from public.credit_ledger c where c.batch_id = l.id order by c.id desc limit 1
      ) is not distinct from l.remaining_amount as is_sound
    from lapsed l
  ),
  taken_out as (
    insert into public.credit_ledger (
      batch_id, owner_type, owner_id, entry_type, amount, balance_after, cause, idempotency_key, created_at
    )
    select k.id, 'org', k.owner_id, 'rollover_out', -k.amount, k.remaining_amount - k.amount,
      'rollover', 'rollover_out:' || k.id, p_now
    from known k
    where k.is_sound
    order by k.id
  ),
  carried_by_organizations as (
    insert into public.credit_batches (
      id, owner_type, owner_id, original_amount, remaining_amount, granted_at, expires_at, source_type,
      source_reference_id, description, idempotency_key
    )
    select (left(k.owner_id::text, 19) || right(gen_random_uuid()::text, 17))::uuid,
      'org', k.owner_id, k.amount, k.amount, p_now, k.expires_at + interval '1 month', 'rollover',
      k.id::text, 'Unused allowance', 'rollover:org:' || k.id
    from known k
    where k.is_sound
    order by k.owner_id
    returning original_amount
  )
  select count(*), coalesce(sum(c.original_amount), 0), (
      select coalesce(jsonb_agg(private.set_aside(
        'rollover', 'org', k.owner_id, 'entries do not sum to the remaining amount: ' || k.id
      )), '[]')
      from known k where not k.is_sound
    )
  into batches_rolled, credits_rolled, set_aside
  from (
    select original_amount from carried_by_users
    union all
    select original_amount from carried_by_organizations
  ) c;
end
$$;
comment on function private.roll_over_credits(timestamptz, text, uuid, uuid) is
  'Carries over what is unused of the closed month: at most half of the allowance of the days that the plan was '
  'held, for one month more. Trials, rollovers, purchases and grants never roll. Of all owners, or of those from '
  'one id to another.';
revoke execute on function private.roll_over_credits(timestamptz, text, uuid, uuid) from public;

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
revoke execute on function private.archivable_credits(timestamptz) from public;

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
revoke execute on function private.credit_statistics(timestamptz) from public;

create or replace function public.run_credit_maintenance(
  p_actions text[] default array['grant', 'rollover', 'expire', 'cleanup', 'stats'],
  p_now timestamptz default now(),
  p_trigger text default 'sql'
)
returns public.credit_maintenance_result
language plpgsql
security definer -- writes the ledger of every owner
set search_path = ''
set timezone = 'UTC' -- in which months are counted
set work_mem = '16MB'
as $$
declare
  v_result public.credit_maintenance_result;
  v_results jsonb := '{}'::jsonb;
  v_set_aside jsonb := '[]'::jsonb;
  v_action text;
  v_part record;
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

    foreach v_action in array array['grant', 'rollover', 'expire'] loop
      continue when v_action <> all (p_actions);
      select * into v_part from private.maintain_all_but_failing(v_action, p_now);
      v_results := v_results || jsonb_build_object(v_action, v_part.result);
      v_set_aside := v_set_aside || v_part.set_aside;
    end loop;
    if 'cleanup' = any (p_actions) then
      v_results := v_results || jsonb_build_object('cleanup', private.archivable_credits(p_now));
    end if;
    if 'stats' = any (p_actions) then
      v_results := v_results || jsonb_build_object('stats', private.credit_statistics(p_now));
    end if;
    v_result.outcome := 'ok';
    v_result.results := v_results;
    v_result.set_aside := jsonb_array_length(v_set_aside);
  exception
    when others then
      get stacked diagnostics v_sqlstate = returned_sqlstate, v_message = message_text;
      v_result.outcome := 'failed';
      v_set_aside := '[]';
      v_result.error := v_sqlstate || ': ' || v_message;
  end;

  insert into public.maintenance_runs (
    trigger, actions, as_of, started_at, finished_at, results, error, set_aside
  )
  values (
    p_trigger, p_actions, p_now, v_started_at, clock_timestamp(), v_result.results, v_result.error, v_set_aside
  )
  returning id into v_result.run_id;
  return v_result;
end
$$;
comment on function public.run_credit_maintenance(text[], timestamptz, text) is
  'Grants, carries over and expires credits as of p_now: all of it or nothing, but for owners whose rows are wrong, '
  'who are set aside. Recorded in maintenance_runs.';
revoke execute on function public.run_credit_maintenance(text[], timestamptz, text)
  from public, anon, authenticated, service_role;
grant execute on function public.run_credit_maintenance(text[], timestamptz, text) to service_role;

create or replace function private.set_low_credit_threshold(
  p_owner_type text, p_owner_id uuid, p_threshold integer
)
returns void
language plpgsql
security definer -- whoever sets it may not say since when it is low
set search_path = ''
as $$
begin
  if private.may_manage_credits(p_owner_type, p_owner_id) is not true then
    raise exception 'these credits are not yours to watch' using errcode = '42501';
  end if;
  if p_threshold is null then
    delete from public.low_credit_thresholds where owner_type = p_owner_type and owner_id = p_owner_id;
    return;
  end if;
  insert into public.low_credit_thresholds (owner_type, owner_id, threshold)
  values (p_owner_type, p_owner_id, p_threshold)
  on conflict (owner_type, owner_id) do update
  set threshold = excluded.threshold, low_since = null
  where low_credit_thresholds.threshold <> excluded.threshold;
end
$$;
comment on function private.set_low_credit_threshold(text, uuid, integer) is 'See public.set_low_credit_threshold.';
revoke execute on function private.set_low_credit_threshold(text, uuid, integer) from public;
grant execute on function private.set_low_credit_threshold(text, uuid, integer) to authenticated, service_role;

create or replace function public.set_low_credit_threshold(
  p_owner_type text, p_owner_id uuid, p_threshold integer
)
returns void
language sql
set search_path = ''
begin atomic
  select private.set_low_credit_threshold(p_owner_type, p_owner_id, p_threshold);
end;
comment on function public.set_low_credit_threshold(text, uuid, integer) is
  'At how many credits left the caller, or who manages the organisation, is told; null: never.';
revoke execute on function public.set_low_credit_threshold(text, uuid, integer)
  from public, anon, authenticated, service_role;
grant execute on function public.set_low_credit_threshold(text, uuid, integer) to authenticated, service_role;

create or replace function private.lock_credit_batches(p_owner_type text, p_owner_id uuid)
returns void
language plpgsql
set search_path = ''
as $$
begin
  perform private.lock_credit_owner(p_owner_type, p_owner_id);
  -- In the order of id, as everything that locks batches does, so that none waits for another.
  perform from public.credit_batches b
  where b.owner_type = p_owner_type and b.owner_id = p_owner_id
    and (b.remaining_amount > 0 or b.withheld > 0 or b.reversed > 0 or b.collected > 0)
  order by b.id
  for update;
end
$$;
comment on function private.lock_credit_batches(text, uuid) is
  'Locks an owner and all batches of theirs that a change of backing may touch.';
revoke execute on function private.lock_credit_batches(text, uuid) from public;

create or replace function private.settle_backing(p_owner_type text, p_owner_id uuid, p_now timestamptz)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_due bigint;
  v_moves private.backing_move[];
  v_step integer;
begin
  perform private.lock_credit_batches(p_owner_type, p_owner_id);
  v_due := private.settle_debts(p_owner_type, p_owner_id, p_now);
  v_moves := array(select m from private.backing_moves(p_owner_type, p_owner_id, v_due, p_now) m);

  foreach v_step in array array[1, 2, 3] loop -- one entry a batch and statement
    insert into public.credit_ledger (
      batch_id, owner_type, owner_id, entry_type, amount, balance_after, cause, idempotency_key, created_at
    )
    select b.id, b.owner_type, b.owner_id, a.entry_type, a.amount, b.remaining_amount + a.amount,
      coalesce(b.backed_by, 'debt'),
      -- one for each state of the account
      'backing:' || b.id || ':' || (select max(l.id) from public.credit_ledger l where l.batch_id = b.id),
      p_now
    from unnest(v_moves) m
    join public.credit_batches b on b.id = m.batch_id
    cross join lateral (
      select case v_step when 1 then m.back when 2 then -m.taken else -m.paid end as amount,
        case
          when v_step = 1 then 'debt_return'
          when v_step = 3 then 'debt_payment'
          when m.taken > 0 then 'reversal'
          else 'restoration'
        end as entry_type
    ) a
    where a.amount <> 0
    order by b.id;
  end loop;

  -- What was collected pays the debts, those of the batch that lapses first before the others.
  with debts as (
    select d.id, d.credits + d.paid as total, coalesce(sum(d.credits + d.paid) over (
        order by b.expires_at, b.idempotency_key, b.id rows between unbounded preceding and 1 preceding
      ), 0) as before
    from public.credit_debts d
    join public.credit_batches b on b.id = d.batch_id
    where d.owner_type = p_owner_type and d.owner_id = p_owner_id and (d.settled_at is null or d.credits = 0)
  ),
  collected as (
    select coalesce((
        select sum(b.collected) from public.credit_batches b
        where b.owner_type = p_owner_type and b.owner_id = p_owner_id and b.collected > 0
      ), 0)
      - coalesce((
        select sum(d.paid) from public.credit_debts d
        where d.owner_type = p_owner_type and d.owner_id = p_owner_id and d.settled_at is not null and d.credits > 0
      ), 0) as credits
  ),
  shares as (
    select d.id, d.total, greatest(least(d.total, c.credits - d.before), 0)::integer as paid
    from debts d cross join collected c
  )
  update public.credit_debts d
  set paid = s.paid, credits = s.total - s.paid,
    settled_at = case when s.paid = s.total then coalesce(d.settled_at, p_now) end
  from shares s
  where d.id = s.id and (d.paid, d.settled_at is null) is distinct from (s.paid, s.paid < s.total);
end
$$;
comment on function private.settle_backing(text, uuid, timestamptz) is
  'Makes an owner''s credits follow what is paid for: takes what is not or gives it back, keeps the spent part as a '
  'debt, and pays debts with what else there is.';
revoke execute on function private.settle_backing(text, uuid, timestamptz) from public;

create or replace function private.settle_debts(p_owner_type text, p_owner_id uuid, p_now timestamptz)
returns bigint
language plpgsql
set search_path = ''
as $$
declare
  v_kept bigint; -- paid for debts that a person has ended since
begin
  with spent as (
    select b.id, greatest(b.owed - b.original_amount - coalesce(sum(l.amount), 0), 0) as debt, b.backed_by
    from public.credit_batches b
    left join public.credit_ledger l on l.batch_id = b.id and l.entry_type in ('spend', 'refund')
    where b.owner_type = p_owner_type and b.owner_id = p_owner_id and b.withheld > 0
    group by b.id
  ),
  due as (
    select s.id, s.backed_by, greatest(s.debt - coalesce((
        select sum(d.credits + d.paid) from public.credit_debts d
        where d.batch_id = s.id and d.settled_at is not null and d.credits > 0
      ), 0), 0)::integer as debt
    from spent s
  ),
  gone as (
    delete from public.credit_debts d
    where d.owner_type = p_owner_type and d.owner_id = p_owner_id and (d.settled_at is null or d.credits = 0)
      and not exists (select from due where due.id = d.batch_id and due.debt > 0)
  )
  insert into public.credit_debts as d (owner_type, owner_id, batch_id, credits, reason, created_at)
  select p_owner_type, p_owner_id, due.id, due.debt, coalesce(due.backed_by, 'unpaid'), p_now
  from due where due.debt > 0
  on conflict (batch_id) where settled_at is null or credits = 0 do update
  set credits = excluded.credits, paid = 0, settled_at = null
  where d.credits + d.paid <> excluded.credits;

  select coalesce(sum(d.paid), 0) into v_kept
  from public.credit_debts d
  where d.owner_type = p_owner_type and d.owner_id = p_owner_id and d.settled_at is not null and d.credits > 0;
  return v_kept + (
    select coalesce(sum(d.credits + d.paid), 0) from public.credit_debts d
    where d.owner_type = p_owner_type and d.owner_id = p_owner_id and (d.settled_at is null or d.credits = 0)
  );
end
$$;
comment on function private.settle_debts(text, uuid, timestamptz) is
  'Makes the debts of an owner what was spent of their batches beyond what is paid for, but for what a person has '
  'ended. Returns how many credits are to pay them.';
revoke execute on function private.settle_debts(text, uuid, timestamptz) from public;

create or replace function private.spend_credits(
  p_owner_type text,
  p_owner_id uuid,
  p_amount integer,
  p_feature_key text,
  p_action_type text,
  p_action_reference_id text,
  p_description text,
  p_idempotency_key text default null,
  p_now timestamptz default now()
)
returns public.credit_spend_result
language plpgsql
security definer -- writes the ledger; callers check who may spend
set search_path = ''
as $$
declare
  v_result public.credit_spend_result;
  v_spend public.credit_spends;
  v_plan_remaining integer := 0;
  v_plan_expires_at timestamptz;
  v_batches public.credit_batches[];
  v_batch public.credit_batches;
  v_due integer := p_amount;
  v_drawn integer;
  -- what is drawn: from the batch, or of the plan's allowance, which is in none
  v_ids uuid[] := array[]::uuid[];
  v_sources text[] := array[]::text[];
  v_balances integer[] := array[]::integer[];
  v_amounts integer[] := array[]::integer[];
begin
  v_result.success := false;
  v_result.requested := p_amount;
  v_result.consumed := 0;
  if p_amount is null or p_amount <= 0 then
    v_result.code := 'invalid_amount';
    v_result.error := 'The amount must be positive';
    return v_result;
  end if;

  -- private.lock_credit_owner(), written out: each call here is a twentieth of a spend
  perform pg_advisory_xact_lock(hashtextextended('credits:' || p_owner_type || ':' || p_owner_id, 0));

  if p_idempotency_key is not null then
    select * into v_spend from public.credit_spends
    where owner_type = p_owner_type and owner_id = p_owner_id and idempotency_key = p_idempotency_key;
    if found and (v_spend.amount, v_spend.feature_key, v_spend.action_type, v_spend.action_reference_id)
      is distinct from (p_amount, p_feature_key, p_action_type, p_action_reference_id) then
      v_result.code := 'idempotency_conflict';
      v_result.error := 'This key stands for another spend';
      return v_result;
    end if;
    if v_spend.id is not null then
      return private.known_spend(v_spend);
    end if;
  end if;

  if private.has_credit_debt(p_owner_type, p_owner_id) then -- which is paid first
    perform private.settle_backing(p_owner_type, p_owner_id, p_now);
  end if;

  -- In the order of id, as everything that locks batches does, so that none waits for another.
  select coalesce(array_agg(l.batch), '{}') into v_batches
  from (
    select b as batch
    from public.credit_batches b
    where b.owner_type = p_owner_type and b.owner_id = p_owner_id and b.remaining_amount > 0
      and b.expires_at > p_now and (b.feature_key is null or b.feature_key = p_feature_key)
    order by b.id
    for update
  ) l;
  if cardinality(v_batches) > 1 then
    v_batches := array(
      select b from unnest(v_batches) b
      order by b.expires_at, case b.source_type when 'purchase' then 2 else 1 end, b.granted_at, b.id
    );
  end if;
  if p_owner_type = 'user' and exists (
    select from public.profiles p where p.id = p_owner_id and p.plan_id is not null
  ) then
    v_plan_remaining := private.plan_remaining(p_owner_id, p_now);
    v_plan_expires_at := private.next_month_start(p_now);
  end if;

  -- One place more, for an allowance that lasts longer than all of them.
  for v_place in 1 .. cardinality(v_batches) + 1 loop
    exit when v_due = 0;
    v_batch := v_batches[v_place];
    if v_plan_remaining > 0 and coalesce(v_plan_expires_at <= v_batch.expires_at, true) then
      v_drawn := least(v_plan_remaining, v_due);
      v_plan_remaining := 0;
      v_due := v_due - v_drawn;
      v_ids := v_ids || null::uuid;
      v_sources := v_sources || 'plan'::text;
      v_balances := v_balances || 0;
      v_amounts := v_amounts || v_drawn;
    end if;
    exit when v_due = 0 or v_batch.id is null;
    v_drawn := least(v_batch.remaining_amount, v_due);
    v_due := v_due - v_drawn;
    v_ids := v_ids || v_batch.id;
    v_sources := v_sources || case v_batch.source_type when 'program' then 'program' else 'bonus' end;
    v_balances := v_balances || (v_batch.remaining_amount - v_drawn);
    v_amounts := v_amounts || v_drawn;
  end loop;
  if v_due > 0 then
    v_result.code := 'insufficient_credits';
    v_result.error := 'Insufficient credits';
    v_result.remaining_needed := v_due;
    return v_result;
  end if;
  return private.enter_spend(
    p_owner_type, p_owner_id, p_amount, p_feature_key, p_action_type, p_action_reference_id, p_description,
    p_idempotency_key, p_now, v_ids, v_sources, v_balances, v_amounts
  );
end
$$;
comment on function private.spend_credits(text, uuid, integer, text, text, text, text, text, timestamptz) is
  'Spends credits: soonest expiry, then granted before purchased, then oldest, of batches that are general '
  'or of the feature; the plan''s allowance counts as expiring with the month. All or nothing. A key that the '
  'owner has used is the same spend again, or, for another amount, feature, action or reference, refused.';
revoke execute on function private.spend_credits(text, uuid, integer, text, text, text, text, text, timestamptz)
  from public;

-- Triggers ----------------------------------------------------------------------------------------

create or replace trigger update_credit_source_types_updated_at
  before update on public.credit_source_types
  for each row execute function public.update_updated_at_column();
create or replace trigger update_payment_schedules_updated_at
  before update on public.payment_schedules
  for each row execute function public.update_updated_at_column();
create or replace trigger audit_writes
  after insert or update or delete on public.credit_batches
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes('admins');
create or replace trigger guard_credit_batches
  after update on public.credit_batches
  referencing old table as old_batches new table as new_batches
  for each statement
  when (pg_trigger_depth() = 0) -- deeper down is post_credit_entries(), which moves them by the ledger
  execute function private.guard_credit_batches();
create or replace trigger open_credit_batches
  after insert on public.credit_batches
  referencing new table as new_batches
  for each statement execute function private.open_credit_batches();
create or replace trigger update_credit_batches_updated_at
  before update on public.credit_batches
  for each row execute function public.update_updated_at_column();
create or replace trigger audit_writes
  after insert or update or delete on public.credit_debts
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes('admins');
create or replace trigger lift_debt_holds_delete
  after delete on public.credit_debts
  referencing old table as old_debts
  for each statement execute function private.lift_debt_holds();
create or replace trigger lift_debt_holds_update
  after update on public.credit_debts
  referencing old table as old_debts
  for each statement execute function private.lift_debt_holds();
create or replace trigger post_credit_entries
  after insert on public.credit_ledger
  referencing new table as new_entries
  for each statement execute function private.post_credit_entries();
create or replace trigger refuse_ledger_change
  before update or delete or truncate on public.credit_ledger
  for each statement execute function private.refuse_ledger_change();
create or replace trigger audit_writes
  after insert or update or delete on public.credit_services
  for each row execute function private.audit_writes();
create or replace trigger update_credit_services_updated_at
  before update on public.credit_services
  for each row execute function public.update_updated_at_column();
create or replace trigger audit_writes
  after insert or update or delete on public.credit_topup_packages
  for each row execute function private.audit_writes();
create or replace trigger update_credit_topup_packages_updated_at
  before update on public.credit_topup_packages
  for each row execute function public.update_updated_at_column();
create or replace trigger update_credit_usage_periods_updated_at
  before update on public.credit_usage_periods
  for each row execute function public.update_updated_at_column();
create or replace trigger update_org_credit_balances_updated_at
  before update on public.org_credit_balances
  for each row execute function public.update_updated_at_column();
create or replace trigger audit_writes
  after insert or update or delete on public.org_credit_packages
  for each row execute function private.audit_writes();
create or replace trigger update_org_credit_packages_updated_at
  before update on public.org_credit_packages
  for each row execute function public.update_updated_at_column();
create or replace trigger update_plan_credit_allocations_updated_at
  before update on public.plan_credit_allocations
  for each row execute function public.update_updated_at_column();
create or replace trigger update_plan_credit_rollovers_updated_at
  before update on public.plan_credit_rollovers
  for each row execute function public.update_updated_at_column();
create or replace trigger update_user_credit_balances_updated_at
  before update on public.user_credit_balances
  for each row execute function public.update_updated_at_column();

-- What needs the functions above ------------------------------------------------------------------

do $$
begin
  if not exists (
    select from pg_catalog.pg_constraint c
    where c.conrelid = 'public.credit_consumption_log'::regclass
      and c.conname = 'credit_consumption_log_spend_id_fkey'
  ) then
    -- squawk-ignore adding-foreign-key-constraint -- the column is new: no row has a value to look up
    alter table public.credit_consumption_log add constraint credit_consumption_log_spend_id_fkey
      foreign key (spend_id) references public.credit_spends (id);
  end if;
end
$$;
select private.assert_table(
  'public.credit_consumption_log', 'spend_id uuid', 'foreign key (spend_id) references public.credit_spends (id)'
);

-- Batches from before the ledger open their accounts with what they have left.
insert into public.credit_ledger (
  batch_id, owner_type, owner_id, entry_type, amount, balance_after, cause, idempotency_key
)
select b.id, b.owner_type, b.owner_id, 'opening_balance', b.remaining_amount, b.remaining_amount,
  'opening of the ledger', 'open:' || b.id
from public.credit_batches b
where not exists (select from public.credit_ledger l where l.batch_id = b.id);

-- The older balances, beside the batches: nobody but the service role calls these any more.
do $$
declare
  v_function regprocedure;
begin
  for v_function in
    select p.oid from pg_catalog.pg_proc p
    where p.pronamespace = 'public'::regnamespace
      and p.proname in (
        'add_user_credits', 'add_org_credits', 'consume_user_credits', 'consume_org_credits',
        'enroll_with_user_credits', 'consume_enrollment_credits', 'consume_credit_service',
        'consume_resource_credit', 'consume_unified_credits', 'update_installment_payment_status',
        'process_monthly_credit_rollovers', 'process_monthly_rollover'
      )
      and (has_function_privilege('authenticated', p.oid, 'execute') or has_function_privilege('anon', p.oid, 'execute'))
  loop
    execute format('grant execute on function %s to service_role', v_function); -- which may have it by public alone
    execute format('revoke execute on function %s from public, anon, authenticated', v_function);
  end loop;
end
$$;

-- What becomes of a payment becomes of the enrollment that it paid for.
do $$
begin
  if not exists (
    select from pg_catalog.pg_constraint k
    where k.conrelid = 'public.client_enrollments'::regclass and k.conname = 'client_enrollments_spend_id_fkey'
  ) then
    -- squawk-ignore adding-foreign-key-constraint -- the column is new: no row has a value to look up
    alter table public.client_enrollments add constraint client_enrollments_spend_id_fkey
      foreign key (spend_id) references public.credit_spends (id) on delete set null;
  end if;
end
$$;
