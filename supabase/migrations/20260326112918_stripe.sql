-- What Stripe tells, as facts, and what follows from them.
--
-- Why: Stripe sends everything twice, late and in any order. An event is written down as a fact about its object, and
-- the rows follow from the facts: the same facts give the same rows, whichever came first.
-- Locks: on production, until commit, ACCESS EXCLUSIVE on org_credit_purchases, payment_schedules,
-- user_credit_purchases; SHARE ROW EXCLUSIVE on organizations, plans, profiles.
-- Can be run again.

set lock_timeout = '10s';
set check_function_bodies = off; -- a body may name what a later file makes

-- Types -------------------------------------------------------------------------------------------

select private.ensure_type($type$
create type public.stripe_event_result as (
  status text, -- applied | duplicate | stale | ignored | unmatched | needs_fetch | refused | dismissed
  outcome text,
  fetch_type text, -- subscription | invoice_payments
  fetch_id text
)
$type$);

-- Tables that are there ---------------------------------------------------------------------------

-- One row a checkout session: second and later ones keep their data, under duplicate_of.
alter table public.user_credit_purchases
  -- squawk-ignore adding-foreign-key-constraint -- the column is new: no row has a value to look up
  add column if not exists duplicate_of uuid references public.user_credit_purchases (id) on delete set null;
alter table public.org_credit_purchases
  -- squawk-ignore adding-foreign-key-constraint -- the column is new: no row has a value to look up
  add column if not exists duplicate_of uuid references public.org_credit_purchases (id) on delete set null;
select private.assert_table(
  'public.user_credit_purchases', 'duplicate_of uuid',
  'foreign key (duplicate_of) references public.user_credit_purchases (id) on delete set null'
);
select private.assert_table(
  'public.org_credit_purchases', 'duplicate_of uuid',
  'foreign key (duplicate_of) references public.org_credit_purchases (id) on delete set null'
);
do $$
begin
  if to_regclass('public.user_credit_purchases_session_key') is null then
    -- an empty text is no session: two people's would be one purchase
    update public.user_credit_purchases set stripe_checkout_session_id = null where stripe_checkout_session_id = '';
    update public.user_credit_purchases p
    set duplicate_of = ranked.kept_id, stripe_checkout_session_id = null,
      notes = concat_ws(' ', p.notes, 'Checkout session ' || p.stripe_checkout_session_id)
    from (
      select id,
        first_value(id) over (
          partition by stripe_checkout_session_id order by coalesce(status = 'completed', false) desc, created_at, id
        ) as kept_id
      from public.user_credit_purchases
      where stripe_checkout_session_id is not null
    ) ranked
    where ranked.id = p.id and p.id <> ranked.kept_id;
  end if;
  if to_regclass('public.org_credit_purchases_session_key') is null then
    update public.org_credit_purchases set stripe_checkout_session_id = null where stripe_checkout_session_id = '';
    update public.org_credit_purchases p
    set duplicate_of = ranked.kept_id, stripe_checkout_session_id = null,
      notes = concat_ws(' ', p.notes, 'Checkout session ' || p.stripe_checkout_session_id)
    from (
      select id,
        first_value(id) over (
          partition by stripe_checkout_session_id order by coalesce(status = 'completed', false) desc, created_at, id
        ) as kept_id
      from public.org_credit_purchases
      where stripe_checkout_session_id is not null
    ) ranked
    where ranked.id = p.id and p.id <> ranked.kept_id;
  end if;
end
$$;

-- One row a subscription. What was paid until now was counted and not kept one by one.
alter table public.payment_schedules
  -- squawk-ignore ban-drop-not-null -- no client could make a row without an enrollment, nor with one
  alter column enrollment_id drop not null,
  -- squawk-ignore adding-foreign-key-constraint -- the column is new: no row has a value to look up
  add column if not exists duplicate_of uuid references public.payment_schedules (id) on delete set null,
  add column if not exists counted_until timestamptz,
  add column if not exists installments_before integer not null default 0,
  add column if not exists amount_before_cents integer not null default 0,
  add column if not exists credits_expire_at timestamptz;
select private.assert_table(
  'public.payment_schedules',
  'enrollment_id uuid, duplicate_of uuid, counted_until timestamptz, installments_before integer not null default 0,
   amount_before_cents integer not null default 0, credits_expire_at timestamptz',
  'foreign key (duplicate_of) references public.payment_schedules (id) on delete set null'
);
do $$
begin
  if to_regclass('public.payment_schedules_subscription_key') is null then
    update public.payment_schedules set stripe_subscription_id = 'none, schedule ' || id where stripe_subscription_id = '';
    update public.payment_schedules s
    set duplicate_of = ranked.kept_id, status = 'cancelled'
    from (
      select id,
        first_value(id) over (
          partition by stripe_subscription_id order by installments_paid desc, created_at, id
        ) as kept_id
      from public.payment_schedules
    ) ranked
    where ranked.id = s.id and s.id <> ranked.kept_id;
    update public.payment_schedules
    set counted_until = now(), installments_before = installments_paid, amount_before_cents = amount_paid_cents
    where duplicate_of is null;
  end if;
end
$$;

select private.ensure_index(statement) from unnest(array[
  'create unique index user_credit_purchases_session_key on public.user_credit_purchases (stripe_checkout_session_id)',
  'create unique index org_credit_purchases_session_key on public.org_credit_purchases (stripe_checkout_session_id)',
  $$create unique index payment_schedules_subscription_key
    on public.payment_schedules (stripe_subscription_id) where duplicate_of is null$$
]) as statement;
select private.ensure_index(statement) from unnest(array[
  $$create index org_credit_purchases_duplicate_idx
    on public.org_credit_purchases (duplicate_of) where duplicate_of is not null$$,
  $$create index org_credit_purchases_payment_intent_idx
    on public.org_credit_purchases (stripe_payment_intent_id) where stripe_payment_intent_id is not null$$,
  $$create index org_credit_purchases_purchased_by_idx
    on public.org_credit_purchases (purchased_by) where purchased_by is not null$$,
  $$create index payment_schedules_duplicate_idx
    on public.payment_schedules (duplicate_of) where duplicate_of is not null$$,
  $$create index payment_schedules_enrollment_id_idx
    on public.payment_schedules (enrollment_id) where enrollment_id is not null$$,
  'create index payment_schedules_user_idx on public.payment_schedules (user_id)',
  $$create index user_credit_purchases_duplicate_idx
    on public.user_credit_purchases (duplicate_of) where duplicate_of is not null$$,
  $$create index user_credit_purchases_payment_intent_idx
    on public.user_credit_purchases (stripe_payment_intent_id) where stripe_payment_intent_id is not null$$,
  'create index user_credit_purchases_user_id_idx on public.user_credit_purchases (user_id)'
]) as statement;

select private.ensure_index($$create index payment_schedules_defaulted_idx on public.payment_schedules (id)
  where status = 'defaulted' and duplicate_of is null$$);

comment on type public.stripe_event_result is
  'What became of an event. needs_fetch: nothing, until the caller gets the named object from Stripe and '
  'calls again.';

-- New tables --------------------------------------------------------------------------------------

select private.ensure_table($table$
create table public.stripe_charges (
  id text primary key,
  payment_id text not null,
  amount bigint not null,
  amount_refunded bigint not null,
  as_of timestamptz not null
)
$table$);
select private.ensure_table($table$
create table public.stripe_subscriptions (
  id text primary key,
  customer_id text,
  metadata jsonb not null default '{}',
  status text,
  price_ids text[] not null default '{}',
  created_at timestamptz,
  period_start timestamptz,
  period_end timestamptz,
  canceled_at timestamptz,
  ended_at timestamptz,
  trial_end timestamptz,
  as_of timestamptz,
  as_of_rank integer,
  as_of_event text,
  was_live boolean not null default false,
  kind text check (kind in ('user_subscription', 'org_platform_subscription', 'credit_installment')),
  user_id uuid references public.profiles (id) on delete set null,
  organization_id uuid references public.organizations (id) on delete set null,
  plan_id uuid references public.plans (id) on delete set null,
  tier_id uuid references public.org_platform_tiers (id) on delete set null,
  knows_price boolean not null default true,
  holds boolean not null default false,
  held boolean not null default false
)
$table$);
select private.ensure_table($table$
create table public.stripe_checkouts (
  id text primary key,
  mode text not null,
  state text not null check (state in ('open', 'expired', 'failed', 'paid')),
  customer_id text,
  subscription_id text references public.stripe_subscriptions (id),
  payment_intent_id text,
  invoice_id text,
  amount_total bigint,
  amount_subtotal bigint,
  currency text,
  metadata jsonb not null default '{}',
  created_at timestamptz not null,
  email_user_id uuid references public.profiles (id) on delete set null
)
$table$);
select private.ensure_table($table$
create table public.stripe_dismissals (
  kind text not null,
  subject text not null,
  detail text not null,
  note text not null check (char_length(note) between 1 and 2000),
  dismissed_by uuid references public.profiles (id) on delete set null,
  dismissed_at timestamptz not null default now(),
  primary key (kind, subject)
)
$table$);
select private.ensure_table($table$
create table public.stripe_events (
  id text primary key,
  type text not null,
  api_version text,
  created timestamptz not null,
  object_id text,
  subject text,
  payload jsonb,
  received_at timestamptz not null default now(),
  status text not null
    check (status in ('applied', 'duplicate', 'stale', 'ignored', 'unmatched', 'dismissed')),
  outcome text not null
)
$table$);
select private.ensure_table($table$
create table public.stripe_payments (
  id text primary key,
  invoice_id text
)
$table$);
select private.ensure_table($table$
create table public.stripe_invoices (
  id text primary key,
  subscription_id text not null references public.stripe_subscriptions (id),
  status text not null,
  billing_reason text,
  currency text,
  amount_paid bigint not null default 0,
  total bigint,
  net bigint,
  subtotal bigint,
  regular bigint,
  attempt_count integer not null default 0,
  next_payment_attempt timestamptz,
  metadata jsonb not null default '{}',
  created_at timestamptz not null,
  paid_at timestamptz,
  failed_at timestamptz,
  installment integer,
  is_surplus boolean not null default false,
  is_odd boolean not null default false,
  as_of timestamptz not null,
  as_of_event text not null
)
$table$);
select private.ensure_table($table$
create table public.stripe_owners (
  stripe_id text primary key,
  user_id uuid references public.profiles (id) on delete cascade,
  organization_id uuid references public.organizations (id) on delete cascade,
  note text not null check (char_length(note) between 1 and 2000),
  assigned_by uuid references public.profiles (id) on delete set null,
  assigned_at timestamptz not null default now()
)
$table$);
select private.ensure_table($table$
create table private.stripe_plans (
  user_id uuid primary key references public.profiles (id) on delete cascade,
  plan_id uuid references public.plans (id) on delete set null,
  subscription_id text not null references public.stripe_subscriptions (id),
  subscribed_at timestamptz,
  base_plan_id uuid references public.plans (id) on delete set null,
  base_expires_at timestamptz,
  base_since timestamptz
)
$table$);
select private.ensure_table($table$
create table private.plans_before_stripe (
  user_id uuid primary key references public.profiles (id) on delete cascade,
  plan_id uuid not null references public.plans (id) on delete cascade,
  noted_at timestamptz not null default now()
)
$table$);
select private.ensure_table($table$
create table public.stripe_subscription_prices (
  subscription_id text not null references public.stripe_subscriptions (id),
  prices text not null,
  as_of timestamptz not null,
  as_of_rank integer not null,
  primary key (subscription_id, prices)
)
$table$);
select private.ensure_table($table$
create table private.org_arrangements (
  organization_id uuid primary key references public.organizations (id) on delete cascade,
  tier_id uuid not null references public.org_platform_tiers (id) on delete cascade,
  billing_period text,
  starts_at timestamptz,
  current_period_start timestamptz,
  current_period_end timestamptz
)
$table$);
select private.ensure_table($table$
create table public.stripe_deleted_customers (
  id text primary key,
  deleted_at timestamptz not null
)
$table$);
select private.ensure_table($table$
create table public.stripe_disputes (
  id text primary key,
  payment_id text not null,
  amount bigint not null,
  state text not null check (state in ('open', 'won', 'lost')),
  as_of timestamptz not null
)
$table$);
select private.ensure_table($table$
create table public.stripe_failed_refunds (
  id text primary key,
  payment_id text not null,
  amount bigint not null,
  failed_at timestamptz not null
)
$table$);

select private.ensure_index(statement) from unnest(array[
  $$create index stripe_charges_payment_idx on public.stripe_charges (payment_id)$$,
  $$create index stripe_subscriptions_customer_idx on public.stripe_subscriptions (customer_id)$$,
  $$create index stripe_subscriptions_organization_idx on public.stripe_subscriptions (organization_id)$$,
  $$create index stripe_subscriptions_plan_idx on public.stripe_subscriptions (plan_id)$$,
  $$create index stripe_subscriptions_tier_idx on public.stripe_subscriptions (tier_id)$$,
  $$create index stripe_subscriptions_user_idx on public.stripe_subscriptions (user_id)$$,
  $$create index stripe_checkouts_customer_idx on public.stripe_checkouts (customer_id)$$,
  $$create index stripe_checkouts_email_user_idx on public.stripe_checkouts (email_user_id)$$,
  $$create index stripe_checkouts_payment_idx on public.stripe_checkouts (payment_intent_id)$$,
  $$create index stripe_checkouts_subscription_idx on public.stripe_checkouts (subscription_id)$$,
  $$create index stripe_dismissals_dismissed_by_idx on public.stripe_dismissals (dismissed_by)
  where dismissed_by is not null$$,
  $$create index stripe_events_object_idx on public.stripe_events (object_id, created)$$,
  $$create index stripe_events_payload_idx on public.stripe_events (received_at) where payload is not null$$,
  $$create index stripe_events_unmatched_idx on public.stripe_events (subject) where status = 'unmatched'$$,
  $$create index stripe_payments_invoice_idx on public.stripe_payments (invoice_id)$$,
  $$create index stripe_invoices_given_up_idx on public.stripe_invoices (failed_at)
  where status not in ('paid', 'void') and failed_at is not null and next_payment_attempt is null$$,
  $$create index stripe_invoices_given_up_subscription_idx on public.stripe_invoices (subscription_id)
  where status not in ('paid', 'void') and failed_at is not null and next_payment_attempt is null$$,
  $$create index stripe_invoices_odd_idx on public.stripe_invoices (id) where is_odd$$,
  $$create index stripe_invoices_subscription_idx on public.stripe_invoices (subscription_id, created_at)$$,
  $$create index stripe_invoices_surplus_idx on public.stripe_invoices (id)
  where is_surplus$$,
  $$create index stripe_invoices_surplus_subscription_idx on public.stripe_invoices (subscription_id)
  where is_surplus$$,
  $$create index stripe_owners_assigned_by_idx on public.stripe_owners (assigned_by) where assigned_by is not null$$,
  $$create index stripe_owners_organization_idx on public.stripe_owners (organization_id)
  where organization_id is not null$$,
  $$create index stripe_owners_user_idx on public.stripe_owners (user_id) where user_id is not null$$,
  $$create index stripe_plans_base_plan_idx on private.stripe_plans (base_plan_id) where base_plan_id is not null$$,
  $$create index stripe_plans_plan_idx on private.stripe_plans (plan_id)$$,
  $$create index stripe_plans_subscription_idx on private.stripe_plans (subscription_id)$$,
  $$create index plans_before_stripe_plan_idx on private.plans_before_stripe (plan_id)$$,
  $$create index org_arrangements_tier_idx on private.org_arrangements (tier_id)$$,
  $$create index stripe_disputes_payment_idx on public.stripe_disputes (payment_id)$$,
  $$create index stripe_failed_refunds_payment_idx on public.stripe_failed_refunds (payment_id)$$
]) as statement;

-- Comments and grants -----------------------------------------------------------------------------

comment on column public.payment_schedules.duplicate_of is
  'The row that stands for the same subscription: a redelivery made this one before there was a key.';
comment on column public.payment_schedules.counted_until is
  'Until when payments were counted without being kept one by one: installments_before, '
  'amount_before_cents.';
comment on column public.payment_schedules.credits_expire_at is
  'The expiry that was last given to the batch; a batch with another was changed by somebody else.';
comment on table public.stripe_charges is
  'How much of each charge was refunded as Stripe last told: cumulative, and less what failed until then.';
comment on table public.stripe_subscriptions is
  'The newest state known of each subscription, and whose it is. Without a status, only its invoices or its '
  'checkout are known.';
comment on column public.stripe_subscriptions.as_of is
  'When the state was; as_of_rank orders within the second: -1 fetched for a checkout, 0 created, 1 '
  'updated, 2 deleted, 3 fetched to decide between updates.';
comment on column public.stripe_subscriptions.was_live is
  'Whether any snapshot, stale ones too, said that it is paid for.';
comment on column public.stripe_subscriptions.knows_price is
  'Whether its newest price is that of a plan or tier; else plan_id and tier_id are what it had before.';
comment on column public.stripe_subscriptions.holds is 'Whether it entitles now; held: whether it ever did.';
comment on table public.stripe_checkouts is
  'Checkout sessions. A session that needs no payment is paid; one that an asynchronous method has yet to '
  'pay is open.';
comment on column public.stripe_checkouts.email_user_id is
  'Who has the e-mail address that was typed at the checkout: a hint for a person, for anybody can type it.';
comment on table public.stripe_dismissals is
  'What of stripe_attention somebody has looked at and ended, and why. With another detail it comes again.';
comment on table public.stripe_events is
  'Every event received, once. The row and the event''s effect are one transaction. Payloads go after 90 '
  'days.';
comment on column public.stripe_events.subject is
  'What the event is about: a subscription, a one-time checkout session, or a payment.';
comment on column public.stripe_events.status is
  'stale lost to a newer state; duplicate told nothing new; ignored is not handled or not ours; unmatched '
  'needs a person or a later event; dismissed is what a person, or the end of its payload, has put aside.';
comment on table public.stripe_payments is
  'Which invoice a payment intent (or a charge without one) paid; null: none, as Stripe said when it was '
  'asked.';
comment on table public.stripe_invoices is
  'Invoices of subscriptions: one row, so one payment, an invoice. Paid and void are final.';
comment on column public.stripe_invoices.metadata is 'The subscription''s, as the invoice carries it.';
comment on column public.stripe_invoices.total is
  'What it is about, tax included, however it is settled: by a payment, the customer''s balance, out of band. net: '
  'without tax; subtotal: before discounts as well; regular: what of that is no proration.';
comment on column public.stripe_invoices.installment is
  'Which payment of an instalment plan it is; is_surplus: beyond the agreed number; is_odd: paid, and none.';
comment on table public.stripe_owners is
  'Whose a subscription or a checkout session is, by a person''s word: an address typed at a checkout is a hint '
  'alone.';
comment on table private.stripe_plans is
  'The plan that Stripe''s subscriptions last left a user with, and by which of them: tells it from a plan that '
  'somebody else gave.';
comment on column private.stripe_plans.base_plan_id is
  'What Stripe did not give: the plan that was there before, or that somebody gave since. It comes back when the '
  'subscription ends, and no lower plan replaces it.';
comment on column private.stripe_plans.base_since is
  'When the newest subscription was made that was known when somebody gave the plan; null: before all of them.';
comment on table private.plans_before_stripe is
  'Who had which plan that is sold by Stripe when the facts began: it may have been Stripe''s, so it does not outlast '
  'a subscription that is older.';
comment on table public.stripe_subscription_prices is
  'The prices that each subscription has had, by any of its snapshots, and when it last had them: while the newest '
  'is one that nobody has entered, the one before it counts.';
comment on column public.stripe_subscription_prices.prices is 'The ids of all items'' prices, with spaces between.';
comment on column public.org_credit_purchases.duplicate_of is
  'The row that stands for the same checkout session, whose id this one had, too.';
comment on column public.user_credit_purchases.duplicate_of is
  'The row that stands for the same checkout session, whose id this one had, too.';
comment on table private.org_arrangements is
  'The tier that an organisation had before its first subscription of Stripe''s: it comes back when that ends, and no '
  'lower tier replaces it.';
comment on table public.stripe_deleted_customers is
  'Customers who exist no more: nobody can be billed under these ids.';
comment on table public.stripe_disputes is
  'Disputes, in the state that Stripe last told: a lost one may be won on appeal. An inquiry counts as a dispute: '
  'Stripe sends no event of ours when it becomes one.';
comment on table public.stripe_failed_refunds is
  'Refunds that failed or were cancelled: the money stayed, or came back. What a charge tells later has them '
  'taken off already.';

alter table public.stripe_charges enable row level security;
alter table public.stripe_subscriptions enable row level security;
alter table public.stripe_checkouts enable row level security;
alter table public.stripe_dismissals enable row level security;
alter table public.stripe_events enable row level security;
alter table public.stripe_payments enable row level security;
alter table public.stripe_invoices enable row level security;
alter table public.stripe_owners enable row level security;
alter table private.stripe_plans enable row level security;
alter table private.plans_before_stripe enable row level security;
alter table public.stripe_subscription_prices enable row level security;
alter table private.org_arrangements enable row level security;
alter table public.stripe_deleted_customers enable row level security;
alter table public.stripe_disputes enable row level security;
alter table public.stripe_failed_refunds enable row level security;

revoke all on table public.stripe_charges from public, anon, authenticated, service_role;
grant select on table public.stripe_charges to authenticated, service_role;
revoke all on table public.stripe_subscriptions from public, anon, authenticated, service_role;
grant select on table public.stripe_subscriptions to authenticated, service_role;
revoke all on table public.stripe_checkouts from public, anon, authenticated, service_role;
grant select on table public.stripe_checkouts to authenticated, service_role;
revoke all on table public.stripe_dismissals from public, anon, authenticated, service_role;
grant select on table public.stripe_dismissals to authenticated, service_role;
revoke all on table public.stripe_events from public, anon, authenticated, service_role;
grant select on table public.stripe_events to authenticated, service_role;
revoke all on table public.stripe_payments from public, anon, authenticated, service_role;
grant select on table public.stripe_payments to authenticated, service_role;
revoke all on table public.stripe_invoices from public, anon, authenticated, service_role;
grant select on table public.stripe_invoices to authenticated, service_role;
revoke all on table public.stripe_owners from public, anon, authenticated, service_role;
grant select on table public.stripe_owners to authenticated, service_role;
revoke all on table private.stripe_plans from public, anon, authenticated, service_role;
revoke all on table private.plans_before_stripe from public, anon, authenticated, service_role;
revoke all on table public.stripe_subscription_prices from public, anon, authenticated, service_role;
grant select on table public.stripe_subscription_prices to authenticated, service_role;
revoke all on table private.org_arrangements from public, anon, authenticated, service_role;
revoke all on table public.stripe_deleted_customers from public, anon, authenticated, service_role;
grant select on table public.stripe_deleted_customers to authenticated, service_role;
revoke all on table public.stripe_disputes from public, anon, authenticated, service_role;
grant select on table public.stripe_disputes to authenticated, service_role;
revoke all on table public.stripe_failed_refunds from public, anon, authenticated, service_role;
grant select on table public.stripe_failed_refunds to authenticated, service_role;

-- Functions ---------------------------------------------------------------------------------------

create or replace function private.try_stripe_event(p_event jsonb, p_fetched jsonb, p_now timestamptz)
returns public.stripe_event_result
language plpgsql
set search_path = ''
as $$
begin
  return private.take_stripe_event(p_event, p_fetched, p_now);
exception
  -- The event itself is at fault, and would be each time: it is kept for a person, without an effect.
  when data_exception or integrity_constraint_violation then
    return row('unmatched', 'unknown_values', null, null)::public.stripe_event_result;
end
$$;
comment on function private.try_stripe_event(jsonb, jsonb, timestamptz) is
  'take_stripe_event, of an event that may hold what nothing can be made of.';
revoke execute on function private.try_stripe_event(jsonb, jsonb, timestamptz) from public;

create or replace function public.apply_stripe_event(
  p_event jsonb, p_fetched jsonb default null, p_now timestamptz default now(), p_livemode boolean default null
)
returns public.stripe_event_result
language plpgsql
security definer -- writes plans, schedules and credits
set search_path = ''
as $$
declare
  v_result public.stripe_event_result;
  v_id constant text := p_event ->> 'id';
  v_type constant text := p_event ->> 'type';
begin
  if v_id is null or v_type is null or private.stripe_time(p_event -> 'created') is null
    or jsonb_typeof(p_event #> '{data,object}') is distinct from 'object'
  then
    raise exception 'not an event of Stripe''s' using errcode = '22023';
  end if;

  -- What was taken in does not wait for the lock. What nobody could place gets another chance.
  if exists (select from public.stripe_events e where e.id = v_id and e.status <> 'unmatched') then
    return row('duplicate', 'received_before', null, null)::public.stripe_event_result;
  end if;
  v_result := row('ignored', 'type_not_handled', null, null)::public.stripe_event_result;
  if p_event ->> 'livemode' <> p_livemode::text then
    v_result.outcome := 'other_mode';
  elsif private.is_stripe_type_handled(v_type) then
    perform private.lock_stripe();
    if exists (select from public.stripe_events e where e.id = v_id and e.status <> 'unmatched') then
      return row('duplicate', 'received_before', null, null)::public.stripe_event_result;
    end if;
    v_result := private.try_stripe_event(p_event, p_fetched, p_now);
    if v_result.status = 'needs_fetch' then
      return v_result;
    end if;
  end if;

  insert into public.stripe_events as e (
    id, type, api_version, created, object_id, subject, payload, received_at, status, outcome
  )
  values (
    v_id, v_type, p_event ->> 'api_version', private.stripe_time(p_event -> 'created'),
    p_event #>> '{data,object,id}', private.stripe_subject(p_event), p_event, p_now, v_result.status,
    v_result.outcome
  )
  on conflict (id) do update
  set status = case
      when e.status = 'unmatched' and excluded.status = 'duplicate' then 'applied' else excluded.status
    end,
    outcome = excluded.outcome
  where e.status = 'unmatched';
  return v_result;
end
$$;
comment on function public.apply_stripe_event(jsonb, jsonb, timestamptz, boolean) is
  'Takes in a verified event: its row in the inbox and its effect are one transaction. p_fetched is what an '
  'earlier answer asked for, and counts as the newest state. p_livemode is the mode of the configured key, null where '
  'that is not known.';
revoke execute on function public.apply_stripe_event(jsonb, jsonb, timestamptz, boolean)
  from public, anon, authenticated, service_role;
grant execute on function public.apply_stripe_event(jsonb, jsonb, timestamptz, boolean) to service_role;

create or replace function private.assign_stripe_owner(
  p_id text, p_owner_type text, p_owner_id uuid, p_note text
)
returns public.stripe_event_result
language plpgsql
security definer -- as apply_stripe_event
set search_path = ''
as $$
declare
  v_outcome text;
  v_subscription_id text;
begin
  perform private.require_stripe_operator();
  if nullif(btrim(p_note), '') is null or char_length(p_note) > 2000 then
    return row('refused', 'note_missing', null, null)::public.stripe_event_result;
  end if;
  perform private.lock_stripe();
  select coalesce(
    (select s.id from public.stripe_subscriptions s where s.id = p_id),
    (select c.subscription_id from public.stripe_checkouts c where c.id = p_id)
  ) into v_subscription_id;
  if v_subscription_id is null and not exists (select from public.stripe_checkouts c where c.id = p_id) then
    return row('refused', 'unknown_event', null, null)::public.stripe_event_result;
  elsif (
    case p_owner_type
      when 'user' then exists (select from public.profiles p where p.id = p_owner_id)
      when 'org' then exists (select from public.organizations o where o.id = p_owner_id)
    end
  ) is not true then
    return row('refused', 'unknown_owner', null, null)::public.stripe_event_result;
  end if;

  insert into public.stripe_owners as o (stripe_id, user_id, organization_id, note, assigned_by)
  values (
    coalesce(v_subscription_id, p_id), case p_owner_type when 'user' then p_owner_id end,
    case p_owner_type when 'org' then p_owner_id end, btrim(p_note), auth.uid()
  )
  on conflict (stripe_id) do update
  set user_id = excluded.user_id, organization_id = excluded.organization_id, note = excluded.note,
    assigned_by = excluded.assigned_by, assigned_at = now();
  perform private.audit(
    auth.uid(), 'stripe.assign', case p_owner_type when 'user' then p_owner_id end, 'done',
    jsonb_build_object('subject', p_id, 'owner_type', p_owner_type, 'owner_id', p_owner_id, 'note', btrim(p_note))
  );
  v_outcome := case
    when v_subscription_id is not null then private.settle_stripe_subscription(v_subscription_id, now())
    else private.settle_purchase(p_id, now())
  end;
  if private.is_unmatched(v_outcome) then
    return row('unmatched', v_outcome, null, null)::public.stripe_event_result;
  end if;
  perform private.settle_stripe_events(array[coalesce(v_subscription_id, p_id)]);
  return row('applied', v_outcome, null, null)::public.stripe_event_result;
end
$$;
comment on function private.assign_stripe_owner(text, text, uuid, text) is 'See public.assign_stripe_owner.';
revoke execute on function private.assign_stripe_owner(text, text, uuid, text) from public;
grant execute on function private.assign_stripe_owner(text, text, uuid, text) to authenticated, service_role;

create or replace function public.assign_stripe_owner(
  p_id text, p_owner_type text, p_owner_id uuid, p_note text
)
returns public.stripe_event_result
language sql
set search_path = ''
begin atomic
  select private.assign_stripe_owner(p_id, p_owner_type, p_owner_id, p_note);
end;
comment on function public.assign_stripe_owner(text, text, uuid, text) is
  'Says whose a subscription or a checkout is (user, org), once the person has confirmed it, and gives what it pays '
  'for. For admins and the server.';
revoke execute on function public.assign_stripe_owner(text, text, uuid, text)
  from public, anon, authenticated, service_role;
grant execute on function public.assign_stripe_owner(text, text, uuid, text) to authenticated, service_role;

create or replace function private.back_installments(
  p_schedule public.payment_schedules, p_batch_id uuid, p_awaited bigint, p_now timestamptz
)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_price constant numeric := least(
    p_schedule.total_amount_cents, p_schedule.installment_count::bigint * p_schedule.installment_amount_cents
  );
  v_paid numeric;
  v_back numeric;
begin
  select coalesce(sum(i.net), 0) + p_schedule.amount_before_cents + p_awaited,
    coalesce(sum(i.net * least(r.amount, i.total) / nullif(i.total, 0)), 0)
  into v_paid, v_back
  from public.stripe_invoices i
  cross join lateral (
    select coalesce(sum(private.stripe_reversed(p.id)), 0) as amount
    from public.stripe_payments p where p.invoice_id = i.id
  ) r
  where i.subscription_id = p_schedule.stripe_subscription_id and i.installment is not null and not i.is_surplus;

  perform private.reverse_credits(
    p_batch_id,
    case when private.schedule_standing(p_schedule) is null then t.returned else greatest(t.returned, t.unpaid) end,
    case p_schedule.status when 'defaulted' then greatest(t.returned, t.unpaid) else t.returned end,
    'stripe:' || p_schedule.stripe_subscription_id, p_now
  )
  from (
    select round(b.original_amount * least(v_back, v_price) / v_price)::integer as returned,
      b.original_amount
        - floor(b.original_amount * least(greatest(v_paid - v_back, 0), v_price) / v_price)::integer as unpaid
    from public.credit_batches b where b.id = p_batch_id
  ) t;
  perform private.settle_stripe_events(array(
    select p.id from public.stripe_payments p
    join public.stripe_invoices i on i.id = p.invoice_id
    where i.subscription_id = p_schedule.stripe_subscription_id
  ));
end
$$;
comment on function private.back_installments(public.payment_schedules, uuid, bigint, timestamptz) is
  'Withholds what of an instalment plan''s credits is not paid for: what was given back of its payments and, while it '
  'is not in good standing, what they have yet to pay. Once it is broken, what is spent beyond is a debt.';
revoke execute on function private.back_installments(public.payment_schedules, uuid, bigint, timestamptz)
  from public;

create or replace function private.is_installment(p_invoice public.stripe_invoices, p_schedule public.payment_schedules)
returns boolean
language sql
immutable
set search_path = ''
as $$
  select p_invoice.status = 'paid' and p_invoice.net > 0
    -- whole, before discounts, but for a unit of rounding; what is a proration does not count
    and least(coalesce(p_invoice.regular, p_invoice.subtotal), p_invoice.subtotal)
      >= p_schedule.installment_amount_cents - 1
    and (
      p_schedule.counted_until is null
      or p_invoice.paid_at > p_schedule.counted_until
      or p_invoice.created_at >= p_schedule.counts_from
      -- the former function counted the checkout, whose invoice this is not, and nothing since
      or (p_schedule.installments_before <= 1 and p_invoice.billing_reason <> 'subscription_create')
    );
$$;
comment on function private.is_installment(public.stripe_invoices, public.payment_schedules) is
  'Whether an invoice is a payment of an instalment plan: by its amount, however it was settled and why it was made.';
revoke execute on function private.is_installment(public.stripe_invoices, public.payment_schedules) from public;

create or replace function private.count_installments(p_schedule public.payment_schedules, p_awaited bigint)
returns public.payment_schedules
language plpgsql
set search_path = ''
as $$
declare
  v_schedule public.payment_schedules := p_schedule;
  v_count bigint;
  v_amount bigint;
begin
  update public.stripe_invoices i
  set installment = n.place, is_surplus = coalesce(n.place > p_schedule.installment_count, false), is_odd = n.is_odd
  from (
    select c.id,
      case when w.counts then p_schedule.installments_before + (p_awaited > 0)::integer
        + row_number() over (partition by w.counts order by c.created_at, c.id) end as place,
      not w.counts and c.status = 'paid' and c.total <> 0
        and coalesce(c.paid_at > p_schedule.counted_until, true) as is_odd
    from public.stripe_invoices c
    cross join lateral (select coalesce(private.is_installment(c, p_schedule), false) as counts) w
    where c.subscription_id = p_schedule.stripe_subscription_id
  ) n
  where i.id = n.id
    and (i.installment, i.is_surplus, i.is_odd)
      is distinct from (n.place, coalesce(n.place > p_schedule.installment_count, false), n.is_odd);

  select p_schedule.installments_before + (p_awaited > 0)::integer + count(*),
    p_schedule.amount_before_cents + p_awaited + coalesce(sum(i.net), 0)
  into v_count, v_amount
  from public.stripe_invoices i
  where i.subscription_id = p_schedule.stripe_subscription_id and i.installment is not null and not i.is_surplus;
  v_schedule.installments_paid := least(v_count, p_schedule.installment_count);
  v_schedule.amount_paid_cents := least(v_amount, 2147483647);
  return v_schedule;
end
$$;
comment on function private.count_installments(public.payment_schedules, bigint) is
  'Numbers the payments of an instalment plan, and counts them with those before the facts and the one of the '
  'checkout (p_awaited) whose invoice is yet to come.';
revoke execute on function private.count_installments(public.payment_schedules, bigint) from public;

create or replace function private.take_over_schedule(p_known public.payment_schedules)
returns public.payment_schedules
language sql
volatile
set search_path = ''
set timezone = 'UTC' -- in which the months between payments are counted
as $$
  update public.payment_schedules s
  set counted_until = coalesce(s.counted_until, now()),
    counts_from = coalesce(
      s.next_payment_date, s.started_at + make_interval(months => s.installments_paid)
    ) - interval '3 days',
    installments_before = s.installments_paid,
    -- the function before this one often did not know the amounts
    amount_before_cents = greatest(
      s.amount_paid_cents, least(s.installments_paid::bigint * s.installment_amount_cents, 2147483647)::integer
    )
  where s.id = p_known.id
  returning s.*;
$$;
comment on function private.take_over_schedule(public.payment_schedules) is
  'Takes an instalment plan over from the function before this one: what it has counted counts, and the payment it '
  'waits for is the first that is counted here.';
revoke execute on function private.take_over_schedule(public.payment_schedules) from public;

create or replace function private.delete_stripe_payloads(p_now timestamptz default now())
returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_deleted integer;
begin
  -- What nobody could place is past placing then, and waits no more.
  update public.stripe_events
  set payload = null, status = case status when 'unmatched' then 'dismissed' else status end
  where payload is not null and received_at < p_now - interval '90 days';
  get diagnostics v_deleted = row_count;
  return v_deleted;
end
$$;
comment on function private.delete_stripe_payloads(timestamptz) is
  'Deletes payloads older than 90 days, which hold personal data; the rows stay, and what waited is dismissed. '
  'Returns how many.';
revoke execute on function private.delete_stripe_payloads(timestamptz) from public;

create or replace function private.require_stripe_operator()
returns void
language plpgsql
stable
set search_path = ''
as $$
begin
  if current_setting('role') in ('anon', 'authenticated') and private.has_role(auth.uid(), 'admin') is not true then
    raise exception 'only admins decide on payments' using errcode = 'insufficient_privilege';
  end if;
end
$$;
comment on function private.require_stripe_operator() is 'Raises 42501 for anybody but admins and the server.';
revoke execute on function private.require_stripe_operator() from public;

create or replace function private.dismiss_stripe_event(p_id text, p_note text)
returns public.stripe_event_result
language plpgsql
security definer -- admins write none of what it ends
set search_path = ''
as $$
declare
  v_row record;
  v_count integer := 0;
begin
  perform private.require_stripe_operator();
  if nullif(btrim(p_note), '') is null or char_length(p_note) > 2000 then
    return row('refused', 'note_missing', null, null)::public.stripe_event_result;
  end if;
  perform private.lock_stripe();

  for v_row in select * from public.stripe_attention a where a.subject = p_id order by a.kind loop
    v_count := v_count + 1;
    insert into public.stripe_dismissals as d (kind, subject, detail, note, dismissed_by)
    values (v_row.kind, v_row.subject, v_row.detail, btrim(p_note), auth.uid())
    on conflict (kind, subject) do update
    set detail = excluded.detail, note = excluded.note, dismissed_by = excluded.dismissed_by, dismissed_at = now();
    case v_row.kind
      when 'unmatched_event' then
        update public.stripe_events set status = 'dismissed' where id = p_id;
      when 'credit_debt' then
        update public.credit_debts set settled_at = now(), note = btrim(p_note) where id = private.uuid_or_null(p_id);
      else null;
    end case;
    perform private.audit(
      auth.uid(), 'stripe.dismiss', case v_row.owner_type when 'user' then v_row.owner_id end, 'done',
      jsonb_build_object('kind', v_row.kind, 'subject', v_row.subject, 'detail', v_row.detail, 'note', btrim(p_note))
    );
  end loop;
  return case
    when v_count = 0 then row('refused', 'unknown_event', null, null)::public.stripe_event_result
    else row('dismissed', 'dismissed', null, null)::public.stripe_event_result
  end;
end
$$;
comment on function private.dismiss_stripe_event(text, text) is 'See public.dismiss_stripe_event.';
revoke execute on function private.dismiss_stripe_event(text, text) from public;
grant execute on function private.dismiss_stripe_event(text, text) to authenticated, service_role;

create or replace function public.dismiss_stripe_event(p_id text, p_note text)
returns public.stripe_event_result
language sql
set search_path = ''
begin atomic
  select private.dismiss_stripe_event(p_id, p_note);
end;
comment on function public.dismiss_stripe_event(text, text) is
  'Ends what stripe_attention shows under a subject, with the reason: the event has no effect, the debt is settled. For '
  'admins and the server.';
revoke execute on function public.dismiss_stripe_event(text, text) from public, anon, authenticated, service_role;
grant execute on function public.dismiss_stripe_event(text, text) to authenticated, service_role;

create or replace function private.installments_batch(p_schedule public.payment_schedules, p_session_id text)
returns uuid
language sql
stable
set search_path = ''
as $$
  select coalesce(
    (
      select b.id from public.credit_batches b
      where b.idempotency_key = 'stripe:subscription:' || p_schedule.stripe_subscription_id
    ),
    -- granted by hand, or by the browser
    (
      select b.id from public.credit_batches b
      where b.owner_type = 'user' and b.owner_id = p_schedule.user_id and b.source_type = 'purchase'
        and b.source_reference_id in (p_schedule.stripe_subscription_id, p_session_id)
      order by b.created_at, b.id
      limit 1
    ),
    (
      select private.purchase_batch('user', p_schedule.user_id, p.id, p_session_id)
      from public.user_credit_purchases p
      where p.stripe_checkout_session_id = p_session_id and p.duplicate_of is null
    )
  );
$$;
comment on function private.installments_batch(public.payment_schedules, text) is
  'The credits of an instalment plan, whoever granted them.';
revoke execute on function private.installments_batch(public.payment_schedules, text) from public;

create or replace function private.grant_installments(
  p_schedule public.payment_schedules,
  p_session public.stripe_checkouts,
  p_package public.credit_topup_packages,
  p_now timestamptz
)
returns uuid
language plpgsql
set search_path = ''
set timezone = 'UTC' -- in which the months of validity are counted
as $$
declare
  v_batch public.credit_batches;
  v_expires_at timestamptz;
begin
  update public.user_credit_purchases
  set status = 'completed', stripe_payment_intent_id = coalesce(stripe_payment_intent_id, p_session.payment_intent_id)
  where stripe_checkout_session_id = p_session.id and p_session.state = 'paid';

  v_expires_at := coalesce(
    (
      select private.time_or_null(m)
      from private.stripe_metadata(p_schedule.stripe_subscription_id, 'expires_at') m limit 1
    ),
    p_schedule.started_at + make_interval(months => coalesce(p_package.validity_months, 24))
  );

  select * into v_batch from public.credit_batches
  where id = private.installments_batch(p_schedule, p_session.id);
  if v_batch.id is null then
    -- What was counted before the facts begin was granted, or not, by hand.
    if v_expires_at <= p_now or p_schedule.counted_until is not null then
      return null;
    end if;
    v_batch.id := private.grant_credit_batch(
      'user', p_schedule.user_id, p_schedule.credits_granted, v_expires_at, 'purchase',
      p_source_reference_id => p_schedule.stripe_subscription_id,
      p_description => 'Credits paid in ' || p_schedule.installment_count || ' instalments',
      p_idempotency_key => 'stripe:subscription:' || p_schedule.stripe_subscription_id, p_now => p_now
    );
    update public.payment_schedules set credits_expire_at = v_expires_at where id = p_schedule.id;
  elsif v_batch.expires_at = p_schedule.credits_expire_at and v_batch.expires_at <> v_expires_at
    and v_expires_at > p_now
  then
    -- the checkout came first and did not know it
    update public.credit_batches set expires_at = v_expires_at where id = v_batch.id;
    update public.payment_schedules set credits_expire_at = v_expires_at where id = p_schedule.id;
  end if;
  return v_batch.id;
end
$$;
comment on function private.grant_installments(public.payment_schedules, public.stripe_checkouts, public.credit_topup_packages, timestamptz) is
  'Grants all credits of an instalment plan, once, and returns the batch; null when they would have lapsed '
  'already, or are somebody else''s to grant.';
revoke execute on function private.grant_installments(public.payment_schedules, public.stripe_checkouts, public.credit_topup_packages, timestamptz)
  from public;

create or replace function private.hold_enrollments(p_enrollment_ids uuid[], p_schedule_id uuid, p_payment_status text)
returns void
language plpgsql
set search_path = ''
as $$
begin
  insert into public.enrollment_payment_locks (schedule_id, enrollment_id, payment_status, previous_status)
  select p_schedule_id, e.id, p_payment_status, coalesce(
      (select o.previous_status from public.enrollment_payment_locks o where o.enrollment_id = e.id limit 1),
      e.payment_status
    )
  from public.client_enrollments e
  where e.id = any (p_enrollment_ids) and not exists (
    select from public.enrollment_payment_locks l
    where l.enrollment_id = e.id and l.schedule_id is not distinct from p_schedule_id
  )
  order by e.id
  for update of e;
  update public.enrollment_payment_locks
  set payment_status = p_payment_status
  where enrollment_id = any (p_enrollment_ids) and schedule_id is not distinct from p_schedule_id
    and payment_status <> p_payment_status;
  update public.client_enrollments e
  set payment_status = l.payment_status
  from (
    select o.enrollment_id,
      case when bool_or(o.payment_status = 'overdue') then 'overdue' else 'outstanding' end as payment_status
    from public.enrollment_payment_locks o
    where o.enrollment_id = any (p_enrollment_ids)
    group by o.enrollment_id
  ) l
  where e.id = l.enrollment_id and e.payment_status is distinct from l.payment_status;
end
$$;
comment on function private.hold_enrollments(uuid[], uuid, text) is
  'Keeps enrolments from being paid (outstanding, overdue), for an instalment plan or, without one, for a debt. Of '
  'several reasons the worst counts.';
revoke execute on function private.hold_enrollments(uuid[], uuid, text) from public;

create or replace function private.lift_locks(p_enrollment_ids uuid[], p_schedule_id uuid)
returns void
language sql
volatile
set search_path = ''
as $$
  with lifted as (
    delete from public.enrollment_payment_locks
    where enrollment_id = any (p_enrollment_ids) and schedule_id is not distinct from p_schedule_id
    returning enrollment_id, previous_status
  ),
  held as (
    select l.enrollment_id,
      case when bool_or(l.payment_status = 'overdue') then 'overdue' else 'outstanding' end as payment_status
    from public.enrollment_payment_locks l
    where l.enrollment_id = any (p_enrollment_ids) and l.schedule_id is distinct from p_schedule_id
    group by l.enrollment_id
  )
  update public.client_enrollments e
  set payment_status = coalesce(h.payment_status, t.previous_status)
  from lifted t
  left join held h on h.enrollment_id = t.enrollment_id
  where e.id = t.enrollment_id and e.payment_status is distinct from coalesce(h.payment_status, t.previous_status);
$$;
comment on function private.lift_locks(uuid[], uuid) is
  'Takes one reason for which enrolments are held away; without another they are what they were before.';
revoke execute on function private.lift_locks(uuid[], uuid) from public;

create or replace function private.hold_enrollment(p_enrollment_id uuid)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_enrollment public.client_enrollments;
begin
  select * into v_enrollment from public.client_enrollments where id = p_enrollment_id;
  if private.has_credit_debt('user', v_enrollment.client_user_id) then
    perform private.hold_enrollments(array[p_enrollment_id], null, 'overdue');
  end if;
  perform private.hold_enrollments(array[p_enrollment_id], s.id, private.schedule_lock(s))
  from public.credit_ledger l
  join public.credit_batches b on b.id = l.batch_id
  join public.payment_schedules s on s.stripe_subscription_id = substr(b.backed_by, 8)
    and s.user_id = b.owner_id and s.duplicate_of is null
  where l.spend_id = v_enrollment.spend_id and b.backed_by is not null and private.schedule_lock(s) is not null;
end
$$;
comment on function private.hold_enrollment(uuid) is
  'Holds a new enrolment of a client who owes credits, or whose instalment plan that pays for it is not in good '
  'standing.';
revoke execute on function private.hold_enrollment(uuid) from public;

create or replace function private.installment_numbers(
  p_schedule public.payment_schedules, p_package public.credit_topup_packages, p_first bigint
)
returns public.payment_schedules
language plpgsql
stable
set search_path = ''
as $$
declare
  v_id constant text := p_schedule.stripe_subscription_id;
  v_schedule public.payment_schedules := p_schedule;
begin
  v_schedule.credits_granted := coalesce(
    (select private.positive_or_null(m) from private.stripe_metadata(v_id, 'credit_value') m limit 1),
    nullif(p_schedule.credits_granted, 0), nullif(p_package.credit_value, 0)
  );
  v_schedule.total_amount_cents := coalesce(
    (select private.positive_or_null(m) from private.stripe_metadata(v_id, 'total_amount_cents') m limit 1),
    nullif(p_schedule.total_amount_cents, 0), nullif(p_package.price_cents, 0)
  );
  v_schedule.installment_amount_cents := coalesce(
    (select private.positive_or_null(m) from private.stripe_metadata(v_id, 'installment_amount_cents') m limit 1),
    nullif(p_schedule.installment_amount_cents, 0), p_first
  );
  v_schedule.installment_count := coalesce(
    (select private.positive_or_null(m) from private.stripe_metadata(v_id, 'installment_count') m limit 1),
    (select private.positive_or_null(m) from private.stripe_metadata(v_id, 'installments') m limit 1),
    nullif(p_schedule.installment_count, 0),
    ceil(v_schedule.total_amount_cents::numeric / v_schedule.installment_amount_cents)
  );
  if v_schedule.installment_amount_cents <= 2147483647 / 120 and v_schedule.installment_count <= 120 then
    v_schedule.total_amount_cents := coalesce(
      v_schedule.total_amount_cents, v_schedule.installment_count * v_schedule.installment_amount_cents
    );
  end if;
  return v_schedule;
end
$$;
comment on function private.installment_numbers(public.payment_schedules, public.credit_topup_packages, bigint) is
  'The credits, price, number and amount of payments that an instalment plan agrees on: by the metadata of its '
  'subscription, else as they are known, else by its package and its first payment.';
revoke execute on function private.installment_numbers(public.payment_schedules, public.credit_topup_packages, bigint)
  from public;

create or replace function private.installment_status(
  p_schedule public.payment_schedules, p_subscription public.stripe_subscriptions
)
returns public.payment_schedules
language plpgsql
stable
set search_path = ''
set timezone = 'UTC' -- in which the months between payments are counted
as $$
declare
  v_schedule public.payment_schedules := p_schedule;
begin
  v_schedule.status := case
    when p_schedule.installments_paid >= p_schedule.installment_count then 'completed'
    when p_subscription.status in ('unpaid', 'canceled', 'incomplete_expired', 'paused') then 'defaulted'
    when exists (
      select from public.stripe_invoices i
      where i.subscription_id = p_subscription.id
        and (
          i.status = 'uncollectible'
          or (i.status not in ('paid', 'void') and i.failed_at is not null and i.next_payment_attempt is null)
        )
    ) then 'defaulted'
    else 'active'
  end;
  v_schedule.completed_at := case v_schedule.status when 'completed' then coalesce(
    (
      select i.paid_at from public.stripe_invoices i
      where i.subscription_id = p_subscription.id and i.installment = p_schedule.installment_count
    ),
    p_schedule.completed_at, p_schedule.started_at
  ) end;
  v_schedule.cancelled_at := case v_schedule.status when 'defaulted' then p_subscription.ended_at end;
  v_schedule.next_payment_date := case
    when v_schedule.status = 'completed' or p_subscription.status in ('canceled', 'incomplete_expired') then null
    -- from the first payment's day, so that 31 January, 28 February, 31 March follow one another
    else p_schedule.started_at + make_interval(months => p_schedule.installments_paid)
  end;
  return v_schedule;
end
$$;
comment on function private.installment_status(public.payment_schedules, public.stripe_subscriptions) is
  'How far an instalment plan is: active, completed or defaulted, and the dates that go with it.';
revoke execute on function private.installment_status(public.payment_schedules, public.stripe_subscriptions)
  from public;

create or replace function private.is_borne_out(
  p_owner_type text, p_credits integer, p_amount bigint, p_package_credits integer
)
returns boolean
language sql
stable
set search_path = ''
begin atomic
  select coalesce(p_credits <= p_package_credits, false) or (
    p_amount > 0 and p_amount >= p_credits * coalesce(
      -- the lowest price that a credit has anywhere
      (
        select min(p.price_cents::numeric / p.credit_value)
        from (
          select t.price_cents, t.credit_value from public.credit_topup_packages t where p_owner_type = 'user'
          union all
          select o.price_cents, o.credit_value from public.org_credit_packages o where p_owner_type = 'org'
        ) p
        where p.credit_value > 0 and p.price_cents > 0
      ),
      1
    )
  );
end;
comment on function private.is_borne_out(text, integer, bigint, integer) is
  'Whether so many credits are what was bought: those of the package, or no more than the amount buys at the lowest '
  'price of any. What metadata say beyond that waits for a person.';
revoke execute on function private.is_borne_out(text, integer, bigint, integer) from public;

create or replace function private.is_stripe_type_handled(p_type text)
returns boolean
language sql
immutable
set search_path = ''
begin atomic
  select p_type in (
    'checkout.session.completed', 'checkout.session.async_payment_succeeded',
    'checkout.session.async_payment_failed', 'checkout.session.expired',
    'customer.subscription.created', 'customer.subscription.updated', 'customer.subscription.deleted',
    'customer.subscription.paused', 'customer.subscription.resumed',
    'invoice.paid', 'invoice.payment_failed', 'invoice.voided', 'invoice.marked_uncollectible',
    'charge.refunded', 'charge.refund.updated', 'refund.failed', 'refund.updated',
    'charge.dispute.created', 'charge.dispute.updated', 'charge.dispute.closed',
    'charge.dispute.funds_reinstated',
    'customer.deleted'
  );
end;
comment on function private.is_stripe_type_handled(text) is 'Whether events of this type have an effect.';
revoke execute on function private.is_stripe_type_handled(text) from public;

create or replace function private.lock_enrollments(p_schedule_id uuid)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_schedule public.payment_schedules;
  v_lock text;
  v_ids uuid[];
begin
  select * into v_schedule from public.payment_schedules where id = p_schedule_id;
  v_lock := private.schedule_lock(v_schedule);
  if v_lock is not null then
    v_ids := array(
      select e.id
      from public.credit_batches b
      join public.credit_ledger l on l.batch_id = b.id and l.spend_id is not null
      join public.client_enrollments e on e.spend_id = l.spend_id and e.client_user_id = b.owner_id
      where b.owner_type = 'user' and b.owner_id = v_schedule.user_id
        and b.backed_by = 'stripe:' || v_schedule.stripe_subscription_id
      group by e.id
      having sum(l.amount) < 0 -- not given back
      union
      select e.id from public.client_enrollments e
      where e.id = v_schedule.enrollment_id and e.client_user_id = v_schedule.user_id
    );
  end if;
  perform private.lift_locks(array(
    select l.enrollment_id from public.enrollment_payment_locks l
    where l.schedule_id = p_schedule_id and l.enrollment_id <> all (coalesce(v_ids, '{}'))
  ), p_schedule_id);
  if v_ids <> '{}' then
    perform private.hold_enrollments(v_ids, p_schedule_id, v_lock);
  end if;
end
$$;
comment on function private.lock_enrollments(uuid) is
  'Holds the client''s enrolments that drew from an instalment plan''s credits while it is not in good standing.';
revoke execute on function private.lock_enrollments(uuid) from public;

create or replace function private.relock_enrollments(p_backed_by text)
returns void
language sql
volatile
set search_path = ''
as $$
  select private.lock_enrollments(s.id)
  from public.payment_schedules s
  where s.stripe_subscription_id = substr(p_backed_by, 8) and s.duplicate_of is null
    and p_backed_by like 'stripe:%';
$$;
comment on function private.relock_enrollments(text) is
  'lock_enrollments, of the instalment plan that backs a batch.';
revoke execute on function private.relock_enrollments(text) from public;

create or replace function private.lock_stripe()
returns void
language sql
volatile
set search_path = ''
begin atomic
  select pg_advisory_xact_lock(hashtextextended('stripe', 0));
end;
comment on function private.lock_stripe() is
  'Makes events follow one another, all of them. An invoice, its charge, its subscription and its customer '
  'find one another only by looking, so a lock an object would have to be several; an event takes '
  'milliseconds.';
revoke execute on function private.lock_stripe() from public;

create or replace function private.restore_org_arrangement(p_organization_id uuid)
returns text
language sql
volatile
set search_path = ''
as $$
  update public.org_platform_subscriptions o
  set tier_id = a.tier_id, billing_period = a.billing_period, starts_at = a.starts_at,
    current_period_start = a.current_period_start, current_period_end = a.current_period_end, status = 'active',
    stripe_subscription_id = null, stripe_customer_id = null, canceled_at = null
  from private.org_arrangements a
  where a.organization_id = p_organization_id and o.organization_id = p_organization_id
    and (o.tier_id, o.status, o.stripe_subscription_id) is distinct from (a.tier_id, 'active', null);
  select 'organization_kept';
$$;
comment on function private.restore_org_arrangement(uuid) is 'Gives an organisation the tier back that Stripe did not give.';
revoke execute on function private.restore_org_arrangement(uuid) from public;

create or replace function private.purchase_batch(
  p_owner_type text, p_owner_id uuid, p_purchase_id uuid, p_session_id text
)
returns uuid
language sql
stable
set search_path = ''
begin atomic
  select b.id
  from public.credit_batches b
  where b.owner_type = p_owner_type and b.owner_id = p_owner_id and b.source_type = 'purchase'
    and b.source_reference_id in (p_purchase_id::text, p_session_id)
  order by b.created_at, b.id
  limit 1;
end;
comment on function private.purchase_batch(text, uuid, uuid, text) is
  'The credits of a purchase, whoever granted them: the browser on its return, or an event.';
revoke execute on function private.purchase_batch(text, uuid, uuid, text) from public;

create or replace function private.record_stripe_charge(p_event jsonb)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_object constant jsonb := p_event #> '{data,object}';
  v_refunded constant bigint := coalesce(private.stripe_amount(v_object -> 'amount_refunded'), 0);
  v_created constant timestamptz := private.stripe_time(p_event -> 'created');
  v_known public.stripe_charges;
begin
  select * into v_known from public.stripe_charges where id = v_object ->> 'id';
  insert into public.stripe_charges as c (id, payment_id, amount, amount_refunded, as_of)
  values (
    v_object ->> 'id', private.stripe_subject(p_event), coalesce(private.stripe_amount(v_object -> 'amount'), 0),
    v_refunded, v_created
  )
  on conflict (id) do update set amount_refunded = excluded.amount_refunded, as_of = excluded.as_of
  where (excluded.as_of, excluded.amount_refunded) > (c.as_of, c.amount_refunded);
  if private.stripe_id(v_object -> 'invoice') is not null then -- before basil
    insert into public.stripe_payments (id, invoice_id)
    values (private.stripe_subject(p_event), private.stripe_id(v_object -> 'invoice'))
    on conflict (id) do update set invoice_id = excluded.invoice_id;
  end if;
  return case
    when v_known.amount_refunded = v_refunded then 'duplicate'
    when (v_known.as_of, v_known.amount_refunded) > (v_created, v_refunded) then 'stale'
    else 'applied'
  end;
end
$$;
comment on function private.record_stripe_charge(jsonb) is
  'Keeps how much of a charge was refunded: the newest word counts, and within a second the largest, for the '
  'figure is cumulative.';
revoke execute on function private.record_stripe_charge(jsonb) from public;

create or replace function private.record_stripe_checkout(p_event jsonb)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_object constant jsonb := p_event #> '{data,object}';
  v_subscription_id constant text := private.stripe_id(v_object -> 'subscription');
  v_state constant text := case p_event ->> 'type'
    when 'checkout.session.expired' then 'expired'
    when 'checkout.session.async_payment_failed' then 'failed'
    else case when v_object ->> 'payment_status' = 'unpaid' then 'open' else 'paid' end
  end;
  v_states constant text[] := array['open', 'expired', 'failed', 'paid']; -- a later one is never undone
  v_known text;
begin
  if v_subscription_id is not null then
    insert into public.stripe_subscriptions (id, customer_id)
    values (v_subscription_id, private.stripe_id(v_object -> 'customer'))
    on conflict (id) do nothing;
  end if;
  select c.state into v_known from public.stripe_checkouts c where c.id = v_object ->> 'id';

  insert into public.stripe_checkouts as c (
    id, mode, state, customer_id, subscription_id, payment_intent_id, invoice_id, amount_total,
    amount_subtotal, currency,
    metadata, created_at, email_user_id
  )
  values (
    v_object ->> 'id', v_object ->> 'mode', v_state, private.stripe_id(v_object -> 'customer'),
    v_subscription_id, private.stripe_id(v_object -> 'payment_intent'), private.stripe_id(v_object -> 'invoice'),
    private.stripe_amount(v_object -> 'amount_total'),
    coalesce(private.stripe_amount(v_object -> 'amount_subtotal'), private.stripe_amount(v_object -> 'amount_total')),
    v_object ->> 'currency',
    coalesce(nullif(v_object -> 'metadata', 'null'), '{}'),
    coalesce(private.stripe_time(v_object -> 'created'), private.stripe_time(p_event -> 'created')),
    (
      select p.id from public.profiles p
      where lower(p.email) = lower(v_object #>> '{customer_details,email}')
    )
  )
  on conflict (id) do update
  set state = case
      when array_position(v_states, excluded.state) > array_position(v_states, c.state) then excluded.state
      else c.state
    end,
    customer_id = coalesce(c.customer_id, excluded.customer_id),
    subscription_id = coalesce(c.subscription_id, excluded.subscription_id),
    payment_intent_id = coalesce(c.payment_intent_id, excluded.payment_intent_id),
    invoice_id = coalesce(c.invoice_id, excluded.invoice_id),
    email_user_id = coalesce(c.email_user_id, excluded.email_user_id);
  return case
    when v_known = v_state then 'duplicate'
    when array_position(v_states, v_state) < array_position(v_states, v_known) then 'stale'
    else 'applied'
  end;
end
$$;
comment on function private.record_stripe_checkout(jsonb) is
  'Keeps what an event says of a checkout session: open, expired, failed, paid, of which a later one is '
  'never undone.';
revoke execute on function private.record_stripe_checkout(jsonb) from public;

create or replace function private.record_stripe_dispute(p_event jsonb)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_object constant jsonb := p_event #> '{data,object}';
  v_created constant timestamptz := private.stripe_time(p_event -> 'created');
  v_state constant text := case
    when p_event ->> 'type' = 'charge.dispute.funds_reinstated' then 'won'
    when v_object ->> 'status' = 'lost' then 'lost'
    -- an inquiry that led to nothing, and a dispute that was kept from being one, too
    when v_object ->> 'status' in ('won', 'warning_closed', 'prevented') then 'won'
    when p_event ->> 'type' = 'charge.dispute.closed' then 'won'
    else 'open'
  end;
  v_states constant text[] := array['open', 'lost', 'won']; -- what follows what within a second
  v_known public.stripe_disputes;
  v_is_newer boolean;
begin
  select * into v_known from public.stripe_disputes where id = v_object ->> 'id';
  v_is_newer := v_known.id is null
    or (v_created, array_position(v_states, v_state)) > (v_known.as_of, array_position(v_states, v_known.state));
  insert into public.stripe_disputes as d (id, payment_id, amount, state, as_of)
  values (
    v_object ->> 'id', private.stripe_subject(p_event), coalesce(private.stripe_amount(v_object -> 'amount'), 0),
    v_state, v_created
  )
  on conflict (id) do update
  set amount = greatest(d.amount, excluded.amount),
    state = case when v_is_newer then excluded.state else d.state end,
    as_of = greatest(d.as_of, excluded.as_of);
  return case
    when v_known.state = v_state then 'duplicate'
    when v_is_newer then 'applied'
    else 'stale'
  end;
end
$$;
comment on function private.record_stripe_dispute(jsonb) is
  'Keeps the newest state of a dispute: open, lost, won. Within a second the later of these counts.';
revoke execute on function private.record_stripe_dispute(jsonb) from public;

create or replace function private.record_stripe_invoice(p_event jsonb)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_object constant jsonb := p_event #> '{data,object}';
  v_subscription_id constant text := private.stripe_invoice_subscription(v_object);
  v_created constant timestamptz := private.stripe_time(p_event -> 'created');
  v_attempts constant integer := least(coalesce(private.stripe_amount(v_object -> 'attempt_count'), 0), 1000000);
  v_next constant timestamptz := private.stripe_time(v_object -> 'next_payment_attempt');
  v_status constant text := coalesce(v_object ->> 'status', 'open');
  v_failed_at constant timestamptz := case p_event ->> 'type' when 'invoice.payment_failed' then v_created end;
  v_paid constant bigint := coalesce(private.stripe_amount(v_object -> 'amount_paid'), 0);
  v_total constant bigint := coalesce(private.stripe_amount(v_object -> 'total'), v_paid);
  v_known public.stripe_invoices;
  v_new public.stripe_invoices;
begin
  insert into public.stripe_subscriptions (id, customer_id)
  values (v_subscription_id, private.stripe_id(v_object -> 'customer'))
  on conflict (id) do nothing;
  insert into public.stripe_payments (id, invoice_id)
  select p.id, v_object ->> 'id'
  from private.stripe_invoice_payments(v_object) p (id)
  where p.id is not null
  on conflict (id) do update set invoice_id = excluded.invoice_id;

  select * into v_known from public.stripe_invoices where id = v_object ->> 'id';
  if not found then
    insert into public.stripe_invoices (
      id, subscription_id, status, billing_reason, currency, amount_paid, total, net, subtotal, regular,
      attempt_count, next_payment_attempt, metadata, created_at, paid_at, failed_at, as_of, as_of_event
    )
    values (
      v_object ->> 'id', v_subscription_id, v_status, v_object ->> 'billing_reason', v_object ->> 'currency',
      v_paid, v_total, v_total - private.stripe_invoice_tax(v_object),
      coalesce(private.stripe_amount(v_object -> 'subtotal'), v_total), private.stripe_invoice_regular(v_object),
      v_attempts, v_next, private.stripe_invoice_metadata(v_object),
      coalesce(private.stripe_time(v_object -> 'created'), v_created),
      case v_status when 'paid' then coalesce(
        private.stripe_time(v_object #> '{status_transitions,paid_at}'), v_created
      ) end,
      v_failed_at, v_created, p_event ->> 'id'
    );
    return 'applied';
  end if;

  v_new := v_known;
  -- paid and void are final, and a paid one cannot be made void; what was written off may still be paid
  if v_status = 'paid' or (v_status = 'void' and v_known.status <> 'paid')
    or (v_status = 'uncollectible' and v_known.status not in ('paid', 'void'))
  then
    v_new.status := v_status;
    v_new.amount_paid := greatest(v_known.amount_paid, v_paid);
    v_new.total := v_total;
    v_new.net := v_total - private.stripe_invoice_tax(v_object);
    v_new.subtotal := coalesce(private.stripe_amount(v_object -> 'subtotal'), v_total);
    v_new.regular := private.stripe_invoice_regular(v_object);
    v_new.paid_at := case v_status when 'paid' then least(v_known.paid_at, coalesce(
      private.stripe_time(v_object #> '{status_transitions,paid_at}'), v_created
    )) end;
  end if;
  -- the last attempt is the one with the highest number; without a next one it was the last of all
  if v_failed_at is not null and (
    v_known.failed_at is null
    or (v_attempts, v_failed_at, v_next is null)
      > (v_known.attempt_count, v_known.failed_at, v_known.next_payment_attempt is null)
  ) then
    v_new.attempt_count := v_attempts;
    v_new.next_payment_attempt := v_next;
    v_new.failed_at := v_failed_at;
    if v_new.status not in ('paid', 'void', 'uncollectible') then
      v_new.status := v_status;
    end if;
  end if;
  if (v_created, p_event ->> 'id') > (v_known.as_of, v_known.as_of_event) then
    v_new.metadata := private.stripe_invoice_metadata(v_object);
    v_new.as_of := v_created;
    v_new.as_of_event := p_event ->> 'id';
  end if;
  update public.stripe_invoices
  set status = v_new.status, amount_paid = v_new.amount_paid, total = v_new.total, net = v_new.net,
    subtotal = v_new.subtotal, regular = v_new.regular, paid_at = v_new.paid_at,
    attempt_count = v_new.attempt_count, next_payment_attempt = v_new.next_payment_attempt,
    failed_at = v_new.failed_at, metadata = v_new.metadata, as_of = v_new.as_of,
    as_of_event = v_new.as_of_event
  where id = v_known.id;
  return case
    when v_known.status in ('paid', 'void') and v_status not in ('paid', 'void') then 'stale'
    when (v_new.status, v_new.amount_paid, v_new.attempt_count, v_new.next_payment_attempt)
      is not distinct from
      (v_known.status, v_known.amount_paid, v_known.attempt_count, v_known.next_payment_attempt) then 'duplicate'
    else 'applied'
  end;
end
$$;
comment on function private.record_stripe_invoice(jsonb) is
  'Keeps what an event says of an invoice of a subscription: paid and void are final, written off it stays until '
  'then, of failed attempts the last counts.';
revoke execute on function private.record_stripe_invoice(jsonb) from public;

create or replace function private.record_stripe_refund(p_event jsonb)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_object constant jsonb := p_event #> '{data,object}';
begin
  if v_object ->> 'status' not in ('failed', 'canceled') then
    return 'duplicate'; -- the charge tells of it
  end if;
  insert into public.stripe_failed_refunds as r (id, payment_id, amount, failed_at)
  values (
    v_object ->> 'id', private.stripe_subject(p_event), coalesce(private.stripe_amount(v_object -> 'amount'), 0),
    private.stripe_time(p_event -> 'created')
  )
  on conflict (id) do update set failed_at = excluded.failed_at where excluded.failed_at < r.failed_at;
  return case when found then 'applied' else 'duplicate' end;
end
$$;
comment on function private.record_stripe_refund(jsonb) is
  'Keeps that a refund failed or was cancelled, once, whichever of its events tells.';
revoke execute on function private.record_stripe_refund(jsonb) from public;

create or replace function private.stripe_agrees(p_object jsonb, p_previous jsonb)
returns boolean
language plpgsql
immutable
set search_path = ''
as $$
begin
  return case jsonb_typeof(p_previous)
    when 'object' then jsonb_typeof(p_object) = 'object' and not exists (
      select from jsonb_each(p_previous) p
      where not private.stripe_agrees(coalesce(p_object -> p.key, 'null'), p.value)
    )
    when 'array' then p_object @> p_previous
    else p_object = p_previous
  end;
end
$$;
comment on function private.stripe_agrees(jsonb, jsonb) is
  'Whether an object has the values of previous_attributes, in which null stands for absent as well.';
revoke execute on function private.stripe_agrees(jsonb, jsonb) from public;

create or replace function private.stripe_event_rank(p_type text)
returns integer
language sql
immutable
set search_path = ''
as $$
  select case p_type
    when 'customer.subscription.created' then 0
    when 'customer.subscription.deleted' then 2
    else 1 -- updated, paused, resumed
  end;
$$;
comment on function private.stripe_event_rank(text) is
  'What comes first within a second, in which event.created cannot tell: a subscription is created, changes '
  'and ends.';
revoke execute on function private.stripe_event_rank(text) from public;

create or replace function private.stripe_newest_event(p_event jsonb)
returns jsonb
language sql
stable
set search_path = ''
as $$
  with recursive same_second as (
    select e.payload
    from public.stripe_events e
    where e.object_id = p_event #>> '{data,object,id}'
      and e.created = private.stripe_time(p_event -> 'created')
      and e.id <> p_event ->> 'id'
      and e.type like 'customer.subscription.%'
      and private.stripe_event_rank(e.type) = private.stripe_event_rank(p_event ->> 'type')
      and e.payload is not null
    union all
    select p_event
  ),
  states as (
    select s.payload, private.stripe_subscription_state(s.payload #> '{data,object}') as state
    from same_second s
  ),
  follows as (
    select distinct a.state as earlier, b.state as later
    from states a
    join states b on b.state <> a.state
      and coalesce(nullif(b.payload #> '{data,previous_attributes}', 'null'), '{}') <> '{}'
      and private.stripe_agrees(a.payload #> '{data,object}', b.payload #> '{data,previous_attributes}')
  ),
  last_ones as (
    select distinct s.state from states s where not exists (select from follows f where f.earlier = s.state)
  ),
  leads_there as (
    select l.state from last_ones l
    union
    select f.earlier from follows f join leads_there t on t.state = f.later
  )
  select s.payload
  from states s
  join last_ones l on l.state = s.state
  where (select count(*) from last_ones) = 1
    and (select count(*) from leads_there) = (select count(distinct o.state) from states o)
    and not exists (select from follows f join follows g on g.earlier = f.later and g.later = f.earlier)
  order by s.payload ->> 'id'
  limit 1;
$$;
comment on function private.stripe_newest_event(jsonb) is
  'The newest of the events about a subscription within one second, of which this is one: each names by '
  'previous_attributes what it changed. Null: they do not say.';
revoke execute on function private.stripe_newest_event(jsonb) from public;

create or replace function private.record_stripe_subscription(p_event jsonb, p_fetched jsonb)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_id constant text := p_event #>> '{data,object,id}';
  v_created constant timestamptz := private.stripe_time(p_event -> 'created');
  v_known public.stripe_subscriptions;
  v_source jsonb := p_event;
  v_object jsonb := coalesce(p_fetched, p_event #> '{data,object}');
  v_rank integer := case when p_fetched is null then private.stripe_event_rank(p_event ->> 'type') else 3 end;
  v_change text := 'applied';
begin
  select * into v_known from public.stripe_subscriptions where id = v_id;

  if v_known.as_of is not null then
    if (v_object ->> 'status' in ('canceled', 'incomplete_expired'))
      is distinct from (v_known.status in ('canceled', 'incomplete_expired'))
    then
      v_change := case when v_known.status in ('canceled', 'incomplete_expired') then 'stale' else 'applied' end;
    elsif v_known.as_of_event = p_event ->> 'id' then
      v_change := 'duplicate';
    elsif (v_created, v_rank) < (v_known.as_of, v_known.as_of_rank) then
      v_change := 'stale';
    elsif (v_created, v_rank) = (v_known.as_of, v_known.as_of_rank) then
      v_source := private.stripe_newest_event(p_event);
      if v_source is null then
        return 'needs_fetch';
      end if;
      v_object := v_source #> '{data,object}';
      v_change := case
        when jsonb_populate_record(
          v_known, private.stripe_subscription_state(p_event #> '{data,object}')
        ) is not distinct from v_known then 'duplicate'
        when v_source ->> 'id' = p_event ->> 'id' then 'applied'
        when private.stripe_subscription_state(v_object)
          = private.stripe_subscription_state(p_event #> '{data,object}') then 'duplicate'
        else 'stale'
      end;
    end if;
  end if;

  perform private.keep_stripe_prices(
    p_event #> '{data,object}', v_created, private.stripe_event_rank(p_event ->> 'type')
  );
  if v_change = 'applied' or v_source ->> 'id' <> p_event ->> 'id' then
    perform private.write_stripe_subscription(v_object, v_created, v_rank, v_source ->> 'id');
  end if;
  update public.stripe_subscriptions set was_live = true
  where id = v_id and not was_live
    and p_event #>> '{data,object,status}' in ('active', 'trialing', 'past_due');
  return v_change;
end
$$;
comment on function private.record_stripe_subscription(jsonb, jsonb) is
  'Keeps the snapshot if it is the newest: an ended subscription stays ended, then the later second, then '
  'the rank, then previous_attributes. needs_fetch: only Stripe knows; nothing was written.';
revoke execute on function private.record_stripe_subscription(jsonb, jsonb) from public;

create or replace function public.replay_stripe_event(p_id text, p_now timestamptz default now())
returns public.stripe_event_result
language plpgsql
security definer -- as apply_stripe_event
set search_path = ''
as $$
declare
  v_event public.stripe_events;
  v_result public.stripe_event_result;
begin
  perform private.lock_stripe();
  select * into v_event from public.stripe_events where id = p_id;
  if v_event.id is null then
    return row('refused', 'unknown_event', null, null)::public.stripe_event_result;
  elsif v_event.payload is null then
    return row('refused', 'payload_deleted', null, null)::public.stripe_event_result;
  elsif v_event.outcome in ('other_mode', 'other_account') then
    return row('ignored', v_event.outcome, null, null)::public.stripe_event_result;
  elsif not private.is_stripe_type_handled(v_event.type) then
    return row('ignored', 'type_not_handled', null, null)::public.stripe_event_result;
  end if;

  v_result := private.try_stripe_event(v_event.payload, null, p_now);
  if v_result.status = 'needs_fetch' then
    return row('refused', v_result.outcome, v_result.fetch_type, v_result.fetch_id)::public.stripe_event_result;
  end if;
  if v_event.status in ('unmatched', 'ignored', 'dismissed') and v_result.status = 'duplicate' then
    v_result.status := 'applied'; -- the facts are not new, what they lead to is
  end if;
  update public.stripe_events set status = v_result.status, outcome = v_result.outcome
  where id = p_id and status in ('unmatched', 'ignored', 'dismissed');
  return v_result;
end
$$;
comment on function public.replay_stripe_event(text, timestamptz) is
  'Applies a kept event again, for an operator who has added what was missing: a price, a user. What had '
  'its effect has it no second time. refused: there is no such event, or its payload is deleted.';
revoke execute on function public.replay_stripe_event(text, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.replay_stripe_event(text, timestamptz) to service_role;

create or replace function private.reverse_credits(
  p_batch_id uuid, p_withheld integer, p_owed integer, p_backed_by text, p_now timestamptz
)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_batch public.credit_batches;
  v_withheld integer;
begin
  select * into v_batch from public.credit_batches where id = p_batch_id;
  perform private.lock_credit_batches(v_batch.owner_type, v_batch.owner_id);
  v_withheld := least(greatest(p_withheld, p_owed), v_batch.original_amount);
  update public.credit_batches
  set withheld = v_withheld, owed = least(p_owed, v_withheld), backed_by = p_backed_by
  where id = p_batch_id
    and (withheld, owed, backed_by) is distinct from (v_withheld, least(p_owed, v_withheld), p_backed_by);
  if v_withheld > 0 or v_batch.withheld > 0 then
    perform private.settle_backing(v_batch.owner_type, v_batch.owner_id, p_now);
  end if;
end
$$;
comment on function private.reverse_credits(uuid, integer, integer, text, timestamptz) is
  'Withholds so many credits of a batch in all, for they are not paid for: takes what is left or gives back. p_owed of '
  'them are a debt where they were spent.';
revoke execute on function private.reverse_credits(uuid, integer, integer, text, timestamptz) from public;

create or replace function private.schedule_standing(p_schedule public.payment_schedules)
returns text
language sql
stable
set search_path = ''
as $$
  select case
    when p_schedule.status = 'defaulted' then 'overdue'
    when p_schedule.status = 'active' and (
      exists (
        select from public.stripe_subscriptions s
        where s.id = p_schedule.stripe_subscription_id and s.status = 'past_due'
      )
      or exists (
        select from public.stripe_invoices i
        where i.subscription_id = p_schedule.stripe_subscription_id and i.status not in ('paid', 'void')
          and i.failed_at is not null
      )
    ) then 'outstanding'
  end;
$$;
comment on function private.schedule_standing(public.payment_schedules) is
  'What is wrong with an instalment plan: overdue, it is broken; outstanding, a payment is missing; null: it is in good '
  'standing.';
revoke execute on function private.schedule_standing(public.payment_schedules) from public;

create or replace function private.schedule_lock(p_schedule public.payment_schedules)
returns text
language sql
stable
set search_path = ''
as $$
  select case
    -- what a person has put an end to locks nothing
    when exists (
      select from public.credit_batches b
      join public.credit_debts d on d.batch_id = b.id
      where b.owner_type = 'user' and b.owner_id = p_schedule.user_id
        and b.backed_by = 'stripe:' || p_schedule.stripe_subscription_id
      having bool_or(d.credits > 0 and d.settled_at is not null) and bool_and(d.settled_at is not null)
    ) then null
    else private.schedule_standing(p_schedule)
  end;
$$;
comment on function private.schedule_lock(public.payment_schedules) is
  'The payment_status to which an instalment plan''s standing holds what its credits paid for; null: none.';
revoke execute on function private.schedule_lock(public.payment_schedules) from public;

create or replace function private.settle_installments(p_subscription_id text, p_now timestamptz)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_subscription public.stripe_subscriptions;
  v_known public.payment_schedules;
  v_schedule public.payment_schedules;
  v_session public.stripe_checkouts;
  v_package public.credit_topup_packages;
  v_first public.stripe_invoices;
  v_awaited bigint := 0; -- the checkout's invoice, which is the first payment
  v_batch_id uuid;
begin
  select * into v_subscription from public.stripe_subscriptions where id = p_subscription_id;
  select * into v_known from public.payment_schedules
  where stripe_subscription_id = p_subscription_id and duplicate_of is null
  for update;
  if v_known.id is not null and v_known.counts_from is null then
    v_known := private.take_over_schedule(v_known);
  end if;
  select * into v_session from public.stripe_checkouts
  where subscription_id = p_subscription_id
  order by state = 'paid' desc, created_at desc, id desc
  limit 1;
  select p.* into v_package
  from private.stripe_metadata(p_subscription_id, 'package_id') with ordinality m (value, rank)
  join public.credit_topup_packages p on p.id = private.uuid_or_null(m.value)
  order by m.rank
  limit 1;
  select * into v_first from public.stripe_invoices i
  where i.subscription_id = p_subscription_id and i.status = 'paid' and i.net > 0
    and coalesce(i.regular, i.net) > 0
  order by i.created_at, i.id
  limit 1;

  v_schedule := v_known;
  v_schedule.stripe_subscription_id := p_subscription_id;
  v_schedule.installments_before := coalesce(v_known.installments_before, 0);
  v_schedule.amount_before_cents := coalesce(v_known.amount_before_cents, 0);
  v_schedule := private.installment_numbers(
    v_schedule, v_package, coalesce(v_first.net, nullif(v_session.amount_total, 0))
  );
  if v_known.id is null and v_first.id is null and coalesce(v_session.amount_total, 0) = 0 then
    return 'awaiting_payment'; -- a trial, a coupon of 100 %: nothing is paid for yet
  elsif v_schedule.installment_count is null or v_schedule.installment_count > 120
    or v_schedule.installment_amount_cents is null or v_schedule.installment_amount_cents > 2147483647 / 120
    or v_schedule.credits_granted is null or v_schedule.credits_granted > 100000000 -- the most that a grant takes
  then
    return 'unknown_numbers';
  end if;
  if v_session.state = 'paid' and v_session.amount_total > 0 and v_known.counted_until is null
    and v_session.amount_subtotal >= v_schedule.installment_amount_cents - 1
    and not exists (
      select from public.stripe_invoices i
      where i.subscription_id = p_subscription_id and i.status = 'paid'
        and (i.id = v_session.invoice_id or i.billing_reason = 'subscription_create')
    )
  then
    v_awaited := v_session.amount_total;
  end if;
  v_schedule := private.count_installments(v_schedule, v_awaited);
  if v_known.id is null and v_schedule.installments_paid = 0 then
    return case when v_first.id is null then 'awaiting_payment' else 'unknown_amount' end;
  elsif v_known.id is null and not private.is_borne_out(
    'user', v_schedule.credits_granted,
    least(v_schedule.total_amount_cents, v_schedule.installment_count::bigint * v_schedule.installment_amount_cents),
    v_package.credit_value
  ) then
    return 'unknown_package';
  end if;

  v_schedule.currency := lower(coalesce(
    v_first.currency, v_session.currency, v_known.currency, v_package.currency, 'eur'
  ));
  if v_known.counted_until is null then
    v_schedule.started_at := coalesce(v_first.created_at, v_subscription.created_at, v_session.created_at);
  end if;
  v_schedule := private.write_schedule(
    private.installment_status(v_schedule, v_subscription), v_subscription, v_package
  );
  v_batch_id := private.grant_installments(v_schedule, v_session, v_package, p_now);
  if v_batch_id is null and v_schedule.counted_until is null then
    return 'credits_lapsed';
  end if;
  perform private.back_installments(v_schedule, v_batch_id, v_awaited, p_now);
  perform private.lock_enrollments(v_schedule.id);
  return 'schedule_' || v_schedule.status;
end
$$;
comment on function private.settle_installments(text, timestamptz) is
  'Brings an instalment plan up to date: its schedule, the credits and what of them is paid for, and the enrolments '
  'that a missing payment locks.';
revoke execute on function private.settle_installments(text, timestamptz) from public;

create or replace function private.settle_organization(p_organization_id uuid)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_known public.org_platform_subscriptions;
  v_source public.stripe_subscriptions;
  v_tier public.org_platform_tiers;
  v_tier_id uuid;
begin
  perform from public.organizations where id = p_organization_id for update;
  select * into v_known from public.org_platform_subscriptions where organization_id = p_organization_id for update;

  -- the best that holds
  select s.* into v_source
  from public.stripe_subscriptions s
  left join public.org_platform_tiers t on t.id = s.tier_id
  where s.organization_id = p_organization_id and s.kind = 'org_platform_subscription'
    and (s.held or s.id = v_known.stripe_subscription_id)
  order by s.holds desc, case when s.holds then coalesce(t.annual_fee_cents, 0) else 0 end desc,
    s.held desc, s.created_at desc, s.id desc
  limit 1;
  if not found then
    -- What it was taken for is another organization's.
    update public.org_platform_subscriptions o
    set tier_id = null, stripe_subscription_id = null, status = 'canceled'
    where o.organization_id = p_organization_id and exists (
      select from public.stripe_subscriptions s
      where s.id = o.stripe_subscription_id and s.organization_id <> p_organization_id
    );
    return 'nothing_held';
  end if;

  insert into private.org_arrangements (
    organization_id, tier_id, billing_period, starts_at, current_period_start, current_period_end
  )
  select p_organization_id, v_known.tier_id, v_known.billing_period, v_known.starts_at, v_known.current_period_start,
    v_known.current_period_end
  where v_known.tier_id is not null and v_known.status = 'active'
    and v_known.stripe_subscription_id is null and v_known.stripe_customer_id is null
  on conflict (organization_id) do nothing;

  -- A tier of no price that is known stays what it was, by the subscription before, or from before the facts.
  select * into v_tier from public.org_platform_tiers t where t.id = v_source.tier_id;
  if v_source.holds then
    v_tier_id := coalesce(
      v_tier.id,
      (
        select s.tier_id from public.stripe_subscriptions s
        where s.organization_id = p_organization_id and s.held and s.tier_id is not null
        order by s.created_at desc, s.id desc
        limit 1
      ),
      v_known.tier_id
    );
  end if;

  if exists (
    select from private.org_arrangements a
    join public.org_platform_tiers t on t.id = a.tier_id
    where a.organization_id = p_organization_id and coalesce(a.current_period_end > now(), true)
      and (
        not v_source.holds
        or t.annual_fee_cents
          > coalesce((select n.annual_fee_cents from public.org_platform_tiers n where n.id = v_tier_id), 0)
      )
  ) then
    return private.restore_org_arrangement(p_organization_id);
  end if;

  insert into public.org_platform_subscriptions as o (
    organization_id, tier_id, stripe_subscription_id, stripe_customer_id, billing_period, starts_at,
    current_period_start, current_period_end, status, canceled_at
  )
  values (
    p_organization_id, v_tier_id, v_source.id,
    case when not exists (
      select from public.stripe_deleted_customers d where d.id = v_source.customer_id
    ) then v_source.customer_id end,
    case
      when v_tier.stripe_monthly_price_id = any (v_source.price_ids) then 'monthly'
      when v_tier.stripe_annual_price_id = any (v_source.price_ids) then 'annual'
      else coalesce(v_known.billing_period, 'annual')
    end,
    coalesce(v_source.created_at, v_known.starts_at, now()), v_source.period_start, v_source.period_end,
    coalesce(v_source.status, 'active'), coalesce(v_source.canceled_at, v_source.ended_at)
  )
  on conflict (organization_id) do update
  set tier_id = excluded.tier_id, stripe_subscription_id = excluded.stripe_subscription_id,
    stripe_customer_id = excluded.stripe_customer_id, billing_period = excluded.billing_period,
    starts_at = excluded.starts_at, current_period_start = excluded.current_period_start,
    current_period_end = excluded.current_period_end, status = excluded.status,
    canceled_at = excluded.canceled_at
  where (
    o.tier_id, o.stripe_subscription_id, o.stripe_customer_id, o.billing_period, o.starts_at,
    o.current_period_start, o.current_period_end, o.status, o.canceled_at
  ) is distinct from (
    excluded.tier_id, excluded.stripe_subscription_id, excluded.stripe_customer_id, excluded.billing_period,
    excluded.starts_at, excluded.current_period_start, excluded.current_period_end, excluded.status,
    excluded.canceled_at
  );
  return case
    when v_source.holds and v_tier_id is null then 'unknown_tier'
    else 'organization_set'
  end;
end
$$;
comment on function private.settle_organization(uuid) is
  'Sets an organisation''s platform subscription, made when missing: the best that holds, else the newest. A tier '
  'only while it holds.';
revoke execute on function private.settle_organization(uuid) from public;

create or replace function private.settle_payment(p_payment_id text, p_now timestamptz)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_session_id text;
  v_subscription_id text;
  v_kind text;
  v_outcome text;
  v_batch_id uuid;
  v_amount bigint;
begin
  select i.subscription_id into v_subscription_id
  from public.stripe_payments p join public.stripe_invoices i on i.id = p.invoice_id
  where p.id = p_payment_id;
  if found then
    v_outcome := private.settle_stripe_subscription(v_subscription_id, p_now);
    select s.kind into v_kind from public.stripe_subscriptions s where s.id = v_subscription_id;
    return case
      when v_kind is null then 'other_product'
      when v_kind <> 'credit_installment' then 'no_credits'
      else v_outcome
    end;
  end if;

  select c.id into v_session_id from public.stripe_checkouts c
  where c.payment_intent_id = p_payment_id order by c.created_at, c.id limit 1;
  if found then
    v_outcome := private.settle_purchase(v_session_id, p_now);
    -- granted_before: by somebody who left no trace of the batch
    return case when v_outcome in ('awaiting_payment', 'granted_before') then 'unknown_payment' else v_outcome end;
  end if;

  -- Granted by the browser, before the facts begin
  select private.purchase_batch(p.owner_type, p.owner_id, p.id, p.session_id), p.amount_cents
  into v_batch_id, v_amount
  from (
    select 'user' as owner_type, u.user_id as owner_id, u.id, u.stripe_checkout_session_id as session_id, u.amount_cents
    from public.user_credit_purchases u
    where u.stripe_payment_intent_id = p_payment_id and u.duplicate_of is null
    union all
    select 'org', o.organization_id, o.id, o.stripe_checkout_session_id, o.amount_cents
    from public.org_credit_purchases o
    where o.stripe_payment_intent_id = p_payment_id and o.duplicate_of is null
  ) p
  limit 1;
  if v_batch_id is null then
    return 'unknown_payment';
  end if;
  perform private.settle_purchase_reversals(v_batch_id, p_payment_id, v_amount, p_now);
  return 'purchase_completed';
end
$$;
comment on function private.settle_payment(text, timestamptz) is
  'Brings what a payment paid for up to date, after a refund or a dispute.';
revoke execute on function private.settle_payment(text, timestamptz) from public;

create or replace function private.base_plan(
  p_profile public.profiles, p_given private.stripe_plans, p_source public.stripe_subscriptions, p_now timestamptz
)
returns private.stripe_plans
language plpgsql
stable
set search_path = ''
as $$
declare
  v_base private.stripe_plans := p_given;
begin
  if p_given.user_id is not null then
    if p_profile.plan_id is distinct from p_given.plan_id then -- somebody else gave it since
      v_base.base_plan_id := p_profile.plan_id;
      v_base.base_expires_at := p_profile.plan_expires_at;
      v_base.base_since := coalesce(p_given.subscribed_at, p_now);
    end if;
    return v_base;
  end if;

  if p_profile.plan_id is not null
    -- bought before the facts begin
    and not exists (
      select from public.stripe_subscriptions s
      where s.user_id = p_profile.id and s.kind = 'user_subscription' and s.plan_id = p_profile.plan_id
    )
    and not exists (
      select from private.plans_before_stripe b
      where b.user_id = p_profile.id and b.plan_id = p_profile.plan_id and p_source.created_at < b.noted_at
    )
  then
    v_base.base_plan_id := p_profile.plan_id;
    v_base.base_expires_at := p_profile.plan_expires_at;
  end if;
  return v_base;
end
$$;
comment on function private.base_plan(public.profiles, private.stripe_plans, public.stripe_subscriptions, timestamptz)
is 'The plan of a user that Stripe did not give, in the columns base_*.';
revoke execute on function private.base_plan(public.profiles, private.stripe_plans, public.stripe_subscriptions, timestamptz)
  from public;

create or replace function private.settle_plan(p_user_id uuid, p_now timestamptz)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_profile public.profiles;
  v_given private.stripe_plans;
  v_source public.stripe_subscriptions;
  v_plan_id uuid;
  v_expires_at timestamptz;
  v_level integer;
  v_base_level integer;
  v_is_kept boolean;
begin
  select * into v_profile from public.profiles where id = p_user_id for update;
  select * into v_given from private.stripe_plans where user_id = p_user_id;

  -- The best that holds. created_at is null while only the checkout of a new subscription is known.
  select s.* into v_source
  from public.stripe_subscriptions s
  join public.plans p on p.id = s.plan_id
  where s.user_id = p_user_id and s.kind = 'user_subscription'
    and (
      s.held
      -- bought before the facts begin: it gave the plan that was there then if it is this plan's
      or (
        s.status in ('canceled', 'unpaid', 'paused', 'incomplete_expired')
        and exists (
          select from private.plans_before_stripe b
          where b.user_id = s.user_id and b.plan_id = s.plan_id and s.created_at < b.noted_at
        )
      )
    )
  order by s.holds desc,
    case when s.holds then p.tier_level else 0 end desc,
    case when s.holds then private.lowest_price(p.id) else 0 end desc,
    s.created_at desc, s.id desc
  limit 1;
  if not found then
    -- What it was taken for the source of is somebody else's: as if it never had been.
    delete from private.stripe_plans where user_id = p_user_id;
    update public.profiles set plan_id = v_given.base_plan_id, plan_expires_at = v_given.base_expires_at
    where id = p_user_id and v_given.user_id is not null and plan_id = v_given.plan_id;
    return 'nothing_held';
  end if;
  v_given := private.base_plan(v_profile, v_given, v_source, p_now);

  if v_source.holds then
    v_plan_id := v_source.plan_id;
    v_expires_at := v_source.period_end;
  else
    select coalesce(p.fallback_plan_id, (select f.id from public.plans f where f.key = 'free'))
    into v_plan_id
    from public.plans p where p.id = v_source.plan_id;
  end if;

  select p.tier_level into v_level from public.plans p where p.id = v_plan_id;
  select p.tier_level into v_base_level from public.plans p
  where p.id = v_given.base_plan_id and coalesce(v_given.base_expires_at > p_now, true);
  v_is_kept := case
    when v_base_level is null then false
    when v_base_level <> coalesce(v_level, 0) then v_base_level > coalesce(v_level, 0)
    -- of two as good, the one that came later
    when v_source.holds then coalesce(v_source.created_at <= v_given.base_since, false)
    else true
  end;
  if v_is_kept then
    v_plan_id := v_given.base_plan_id;
    v_expires_at := v_given.base_expires_at;
  end if;

  insert into private.stripe_plans (
    user_id, plan_id, subscription_id, subscribed_at, base_plan_id, base_expires_at, base_since
  )
  values (
    p_user_id, v_plan_id, v_source.id, v_source.created_at, v_given.base_plan_id, v_given.base_expires_at,
    v_given.base_since
  )
  on conflict (user_id) do update
  set plan_id = excluded.plan_id, subscription_id = excluded.subscription_id,
    subscribed_at = excluded.subscribed_at, base_plan_id = excluded.base_plan_id,
    base_expires_at = excluded.base_expires_at, base_since = excluded.base_since;

  if (v_profile.plan_id, v_profile.plan_expires_at) is not distinct from (v_plan_id, v_expires_at) then
    return case when v_is_kept then 'plan_kept' else 'plan_unchanged' end;
  end if;
  update public.profiles set plan_id = v_plan_id, plan_expires_at = v_expires_at where id = p_user_id;
  return case when v_is_kept then 'plan_restored' when v_source.holds then 'plan_set' else 'fallback_set' end;
end
$$;
comment on function private.settle_plan(uuid, timestamptz) is
  'Sets a user''s plan: that of the best subscription that holds, else what follows the one that ended; or what Stripe '
  'did not give, where that is better.';
revoke execute on function private.settle_plan(uuid, timestamptz) from public;

create or replace function private.settle_purchase(p_session_id text, p_now timestamptz)
returns text
language plpgsql
set search_path = ''
set timezone = 'UTC' -- in which the months of validity are counted
as $$
declare
  v_session public.stripe_checkouts;
  v_user public.user_credit_purchases;
  v_org public.org_credit_purchases;
  v_owner_type text;
  v_owner_id uuid;
  v_purchase_id uuid;
  v_was_completed boolean;
  v_credits integer;
  v_package_credits integer;
  v_amount integer;
  v_currency text;
  v_validity integer;
  v_package_id uuid;
  v_expires_at timestamptz;
  v_batch_id uuid;
begin
  select * into v_session from public.stripe_checkouts where id = p_session_id;
  select * into v_user from public.user_credit_purchases where stripe_checkout_session_id = p_session_id for update;
  select * into v_org from public.org_credit_purchases where stripe_checkout_session_id = p_session_id for update;

  if v_session.state <> 'paid' then
    update public.user_credit_purchases set status = v_session.state
    where id = v_user.id and v_session.state <> 'open' and status is distinct from 'completed';
    update public.org_credit_purchases set status = v_session.state
    where id = v_org.id and v_session.state <> 'open' and status is distinct from 'completed';
    return case v_session.state when 'open' then 'awaiting_payment' else 'purchase_' || v_session.state end;
  end if;

  -- Whose
  if v_org.id is not null or (v_user.id is null and v_session.metadata ? 'organization_id') then
    v_owner_type := 'org';
    v_owner_id := coalesce(v_org.organization_id, (
      select o.organization_id from public.stripe_owners o where o.stripe_id = p_session_id
    ), (
      select o.id from public.organizations o
      where o.id = private.uuid_or_null(v_session.metadata ->> 'organization_id')
    ));
    select p.id, p.credit_value, p.validity_months, p.price_cents, p.currency
    into v_package_id, v_credits, v_validity, v_amount, v_currency
    from public.org_credit_packages p
    where p.id = coalesce(v_org.package_id, private.uuid_or_null(v_session.metadata ->> 'package_id'));
  elsif v_user.id is not null or v_session.metadata ?| array['package_id', 'credit_value'] then
    v_owner_type := 'user';
    v_owner_id := coalesce(
      v_user.user_id,
      (select o.user_id from public.stripe_owners o where o.stripe_id = p_session_id),
      (
        select p.id from public.profiles p
        where p.id = private.uuid_or_null(v_session.metadata ->> 'user_id')
      )
    );
    select p.id, p.credit_value, p.validity_months, p.price_cents, p.currency
    into v_package_id, v_credits, v_validity, v_amount, v_currency
    from public.credit_topup_packages p
    where p.id = coalesce(v_user.package_id, private.uuid_or_null(v_session.metadata ->> 'package_id'));
  else
    return 'not_ours';
  end if;
  if v_owner_id is null then
    return case v_owner_type when 'org' then 'unknown_organization' else 'unknown_user' end;
  end if;

  v_package_credits := nullif(v_credits, 0);
  v_credits := coalesce(
    v_user.credits_purchased, v_org.credits_purchased,
    private.positive_or_null(v_session.metadata ->> 'credit_value'), v_package_credits
  );
  v_amount := coalesce(v_user.amount_cents, v_org.amount_cents, v_session.amount_total, v_amount, 0);
  v_currency := lower(coalesce(v_session.currency, v_currency, 'eur'));
  v_expires_at := coalesce(
    v_user.expires_at, v_org.expires_at, private.time_or_null(v_session.metadata ->> 'expires_at'),
    v_session.created_at + make_interval(months => coalesce(v_validity, 24))
  );
  if v_credits is null or v_credits not between 1 and 100000000 then -- the most that a grant takes
    return 'unknown_package';
  end if;
  v_was_completed := coalesce(v_user.status = 'completed', v_org.status = 'completed', false);
  if not v_was_completed and v_user.id is null and v_org.id is null
    and not private.is_borne_out(v_owner_type, v_credits, v_session.amount_total, v_package_credits)
  then
    return 'unknown_package';
  elsif not v_was_completed and coalesce(v_session.amount_total, v_amount) <= 0 then
    return 'unknown_amount'; -- a coupon of 100 %: a person decides whether it was meant
  end if;

  -- The row
  v_purchase_id := private.write_purchase(
    v_session, v_owner_type, v_owner_id, v_package_id, v_credits, v_amount, v_currency, v_expires_at
  );

  -- The credits: the browser may have come back first
  select b.id into v_batch_id from public.credit_batches b
  where b.idempotency_key = 'purchase:' || p_session_id;
  v_batch_id := coalesce(
    v_batch_id, private.purchase_batch(v_owner_type, v_owner_id, v_purchase_id, p_session_id)
  );
  if v_batch_id is null then
    if v_was_completed then
      return 'granted_before';
    elsif v_expires_at <= p_now then
      return 'credits_lapsed';
    end if;
    v_batch_id := private.grant_credit_batch(
      v_owner_type, v_owner_id, v_credits, v_expires_at, 'purchase',
      p_source_reference_id => v_purchase_id::text, p_description => 'Credit purchase',
      p_idempotency_key => 'purchase:' || p_session_id, p_now => p_now
    );
  end if;
  perform private.settle_purchase_reversals(
    v_batch_id, v_session.payment_intent_id, coalesce(v_session.amount_total, v_amount), p_now
  );
  return 'purchase_completed';
end
$$;
comment on function private.settle_purchase(text, timestamptz) is
  'Brings a purchase of credits up to date with its checkout session: the row, and the credits, once, '
  'whoever came first.';
revoke execute on function private.settle_purchase(text, timestamptz) from public;

create or replace function private.settle_purchase_reversals(
  p_batch_id uuid, p_payment_id text, p_amount bigint, p_now timestamptz
)
returns void
language plpgsql
set search_path = ''
as $$
begin
  perform private.reverse_credits(b.id, r.credits, r.credits, 'stripe:' || p_payment_id, p_now)
  from public.credit_batches b
  cross join lateral (
    select round(b.original_amount * least(
      private.stripe_reversed(p_payment_id)::numeric / nullif(p_amount, 0), 1
    ))::integer as credits
  ) r
  where b.id = p_batch_id and r.credits is not null and p_payment_id is not null;
  if found then
    perform private.settle_stripe_events(array[p_payment_id]);
  end if;
end
$$;
comment on function private.settle_purchase_reversals(uuid, text, bigint, timestamptz) is
  'Reverses the credits of a purchase in proportion to what of its payment was refunded or is disputed.';
revoke execute on function private.settle_purchase_reversals(uuid, text, bigint, timestamptz) from public;

create or replace function private.settle_stripe_events(p_subjects text[])
returns void
language sql
volatile
set search_path = ''
as $$
  update public.stripe_events set status = 'applied', outcome = 'settled_later'
  where subject = any (p_subjects) and status = 'unmatched' and outcome <> 'unknown_values';
$$;
comment on function private.settle_stripe_events(text[]) is 'What waited for a missing piece waits no more.';
revoke execute on function private.settle_stripe_events(text[]) from public;

create or replace function private.stripe_kind(p_subscription_id text)
returns text
language sql
stable
set search_path = ''
as $$
  select coalesce(
    (
      select m.value
      from private.stripe_metadata(p_subscription_id, 'type') with ordinality m (value, rank)
      where m.value in ('user_subscription', 'org_platform_subscription', 'credit_installment')
      order by m.rank
      limit 1
    ),
    (
      select 'org_platform_subscription' from public.org_platform_subscriptions o
      where o.stripe_subscription_id = p_subscription_id limit 1
    ),
    (
      select 'credit_installment' from public.payment_schedules s
      where s.stripe_subscription_id = p_subscription_id limit 1
    ),
    (
      select 'user_subscription' from public.stripe_subscriptions s
      join public.plan_prices p on p.stripe_price_id = any (s.price_ids)
      where s.id = p_subscription_id limit 1
    ),
    (
      select 'org_platform_subscription' from public.stripe_subscriptions s
      join public.org_platform_tiers t
        on t.stripe_annual_price_id = any (s.price_ids) or t.stripe_monthly_price_id = any (s.price_ids)
      where s.id = p_subscription_id limit 1
    ),
    (select 'credit_installment' from private.stripe_metadata(p_subscription_id, 'credit_value') limit 1),
    case when private.stripe_organization(p_subscription_id) is not null then 'org_platform_subscription' end,
    case when private.stripe_user(p_subscription_id) is not null then 'user_subscription' end
  );
$$;
comment on function private.stripe_kind(text) is
  'What a subscription pays for: by its type in metadata, which organisations'' subscriptions lack, else by '
  'what is known under its id, price or customer.';
revoke execute on function private.stripe_kind(text) from public;

create or replace function private.settle_stripe_subscription(p_id text, p_now timestamptz)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_before public.stripe_subscriptions;
  v_after public.stripe_subscriptions;
  v_is_paid boolean;
  v_outcome text;
begin
  select * into v_before from public.stripe_subscriptions where id = p_id;
  v_is_paid := exists (
    select from public.stripe_checkouts c where c.subscription_id = p_id and c.state = 'paid'
  ) or exists (
    select from public.stripe_invoices i where i.subscription_id = p_id and i.status = 'paid'
  );

  update public.stripe_subscriptions s
  set customer_id = coalesce(
      s.customer_id,
      (
        select c.customer_id from public.stripe_checkouts c
        where c.subscription_id = p_id and c.customer_id is not null limit 1
      )
    ),
    holds = case
      when s.status in ('active', 'trialing', 'past_due') then true
      when coalesce(s.status, 'incomplete') = 'incomplete' then v_is_paid -- its snapshot is yet to come
      else false
    end,
    held = s.was_live or v_is_paid
  where s.id = p_id;
  update public.stripe_subscriptions s
  set kind = k.kind,
    user_id = case when k.kind in ('user_subscription', 'credit_installment') then private.stripe_user(p_id) end,
    organization_id = case k.kind when 'org_platform_subscription' then private.stripe_organization(p_id) end,
    plan_id = case k.kind when 'user_subscription' then private.stripe_plan(p_id) end,
    tier_id = case k.kind when 'org_platform_subscription' then private.stripe_tier(p_id) end,
    knows_price = case k.kind
      when 'user_subscription' then s.price_ids = '{}' or private.plan_of_prices(s.price_ids) is not null
      when 'org_platform_subscription' then s.price_ids = '{}' or private.tier_of_prices(s.price_ids) is not null
      else true
    end
  from (select private.stripe_kind(p_id) as kind) k
  where s.id = p_id
  returning s.* into v_after;

  -- Whoever it was taken for before has to do without it.
  if v_before.kind = 'user_subscription' and v_before.user_id is distinct from v_after.user_id then
    perform private.settle_plan(v_before.user_id, p_now);
  end if;
  if v_before.organization_id is distinct from v_after.organization_id then
    perform private.settle_organization(v_before.organization_id);
  end if;

  v_outcome := case
    when v_after.kind is null then 'other_product'
    when v_after.kind = 'org_platform_subscription' and v_after.organization_id is null then 'unknown_organization'
    when v_after.kind = 'org_platform_subscription' then private.settle_organization(v_after.organization_id)
    when v_after.user_id is null then 'unknown_user'
    when v_after.kind = 'credit_installment' then private.settle_installments(p_id, p_now)
    when v_after.plan_id is null then 'unknown_plan'
    else private.settle_plan(v_after.user_id, p_now)
  end;
  -- What it had before stays, and a person enters the price. When it has ended nobody need.
  return case
    when v_after.holds and not v_after.knows_price and not private.is_unmatched(v_outcome)
    then case v_after.kind when 'user_subscription' then 'unknown_plan' else 'unknown_tier' end
    else v_outcome
  end;
end
$$;
comment on function private.settle_stripe_subscription(text, timestamptz) is
  'Finds out whose a subscription is and brings what it pays for up to date with the facts. An outcome that '
  'begins with unknown_ needs a person or a later event; other_product is nothing of ours.';
revoke execute on function private.settle_stripe_subscription(text, timestamptz) from public;

create or replace view public.stripe_attention
with (security_invoker = true)
as
select a.kind, a.subject, a.detail, a.stripe_id, a.owner_type, a.owner_id, a.since, a.hint_user_id, a.action
from (
  select 'unmatched_event' as kind, e.id as subject, e.outcome as detail, e.subject as stripe_id,
    null::text as owner_type, null::uuid as owner_id, e.received_at as since,
    case when e.outcome = 'unknown_user' then (
      select c.email_user_id from public.stripe_checkouts c
      where e.subject in (c.subscription_id, c.id) and c.email_user_id is not null
      order by c.created_at desc, c.id desc
      limit 1
    ) end as hint_user_id,
    case e.outcome
      when 'unknown_user' then 'Ask whose it is (hint_user_id has the address that was typed), then assign_stripe_owner.'
      when 'unknown_organization' then 'Find out whose it is, then assign_stripe_owner.'
      when 'unknown_plan' then 'Enter the price in plan_prices, then replay_stripe_event.'
      when 'unknown_tier' then 'Enter the price at its tier, then replay_stripe_event.'
      when 'unknown_package' then 'Compare what was paid with the credits; grant by hand or refund, then dismiss.'
      when 'unknown_numbers' then 'Put the metadata of the subscription right in Stripe: its next event counts.'
      when 'unknown_amount' then 'Look at it in Stripe; grant by hand or refund, then dismiss.'
      when 'credits_lapsed' then 'Grant by hand or refund, then dismiss.'
      else 'Look at it in Stripe; replay_stripe_event once what was missing is there, or dismiss.'
    end as action
  from public.stripe_events e
  where e.status = 'unmatched'
  union all
  select 'payment_given_up' as kind, i.id, i.attempt_count || ' attempts', i.subscription_id,
    case when s.organization_id is not null then 'org' when s.user_id is not null then 'user' end,
    coalesce(s.organization_id, s.user_id), i.failed_at, null as hint_user_id,
    'Collect it, or mark it uncollectible or void in Stripe.' as action
  from public.stripe_invoices i
  join public.stripe_subscriptions s on s.id = i.subscription_id
  where i.status not in ('paid', 'void', 'uncollectible') and i.failed_at is not null
    and i.next_payment_attempt is null
    and s.kind is not null -- else it is another product's
    and s.held -- nobody waits for a first payment: there is nothing to take away
  union all
  select 'surplus_payment' as kind, i.id, i.amount_paid || ' ' || i.currency, i.subscription_id, 'user' as owner_type, s.user_id, i.paid_at,
    null as hint_user_id, 'Refund it in Stripe.' as action
  from public.stripe_invoices i
  join public.stripe_subscriptions s on s.id = i.subscription_id
  where i.is_surplus and not exists (
    select from public.stripe_payments p
    join public.stripe_charges c on c.payment_id = p.id and c.amount_refunded >= i.amount_paid
    where p.invoice_id = i.id
  )
  union all
  select 'odd_payment' as kind, i.id, i.total || ' ' || i.currency, i.subscription_id, 'user' as owner_type, s.user_id, i.paid_at, null as hint_user_id,
    'It is no instalment: too small, or negative. Refund it, or grant by hand, then dismiss.' as action
  from public.stripe_invoices i
  join public.stripe_subscriptions s on s.id = i.subscription_id
  where i.is_odd
  union all
  select 'plan_defaulted' as kind, p.id::text, p.installments_paid || ' of ' || p.installment_count || ' paid',
    p.stripe_subscription_id, 'user' as owner_type, p.user_id, coalesce(p.cancelled_at, p.updated_at), null as hint_user_id,
    'The unpaid credits are withheld. Collect the rest, or dismiss.' as action
  from public.payment_schedules p
  where p.status = 'defaulted' and p.duplicate_of is null
    and not exists ( -- which says it
      select from public.stripe_invoices i
      where i.subscription_id = p.stripe_subscription_id
        and (
          i.status = 'uncollectible' -- somebody has decided
          or (i.status not in ('paid', 'void') and i.failed_at is not null and i.next_payment_attempt is null)
        )
    )
  union all
  select 'two_subscriptions' as kind, s.id, 'beside ' || s.best_id, s.id,
    case s.kind when 'user_subscription' then 'user' else 'org' end, s.owner_id, s.created_at, null as hint_user_id,
    'Both are paid for and the better one counts. Cancel and refund one in Stripe.' as action
  from (
    select h.id, h.kind, coalesce(h.user_id, h.organization_id) as owner_id, h.created_at,
      first_value(h.id) over (
        partition by h.kind, coalesce(h.user_id, h.organization_id)
        order by coalesce(p.tier_level, t.annual_fee_cents, 0) desc,
          (select min(c.price_cents) from public.plan_prices c where c.plan_id = h.plan_id) desc nulls last,
          h.created_at desc, h.id desc
      ) as best_id
    from public.stripe_subscriptions h
    left join public.plans p on p.id = h.plan_id
    left join public.org_platform_tiers t on t.id = h.tier_id
    where h.holds and h.kind in ('user_subscription', 'org_platform_subscription')
      and coalesce(h.user_id, h.organization_id) is not null
  ) s
  where s.best_id <> s.id
  union all
  select 'nothing_paid' as kind, s.id, s.status, s.id, 'user' as owner_type, s.user_id, s.created_at, null as hint_user_id,
    'An instalment plan that costs nothing grants nothing. Grant by hand if it was meant, then dismiss.' as action
  from public.stripe_subscriptions s
  where s.kind = 'credit_installment' and s.status = 'active'
    and not exists (
      select from public.payment_schedules p where p.stripe_subscription_id = s.id and p.duplicate_of is null
    )
    and exists (
      select from public.stripe_invoices i where i.subscription_id = s.id and i.status = 'paid' and i.total = 0
      union all
      select from public.stripe_checkouts c
      where c.subscription_id = s.id and c.state = 'paid' and c.amount_total = 0
    )
  union all
  select 'credit_debt' as kind, d.id::text, d.credits || ' credits', d.reason, d.owner_type, d.owner_id, d.created_at, null as hint_user_id,
    'Settle it with its owner, then dismiss: what they enrol in is held until then.' as action
  from public.credit_debts d
  where d.settled_at is null
) a
where not exists (
  select from public.stripe_dismissals x
  where x.kind = a.kind and x.subject = a.subject and x.detail = a.detail
);
comment on view public.stripe_attention is
  'What needs a person, what to do (action), and whose it might be (hint_user_id): each ends with its cause, or by '
  'dismiss_stripe_event(subject, note).';
revoke all on table public.stripe_attention from public, anon, authenticated, service_role;
grant select on table public.stripe_attention to authenticated, service_role;

create or replace function private.stripe_id(p_reference jsonb)
returns text
language sql
immutable
set search_path = ''
begin atomic
  select case jsonb_typeof(p_reference)
    when 'string' then nullif(p_reference #>> '{}', '')
    when 'object' then p_reference ->> 'id'
  end;
end;
comment on function private.stripe_id(jsonb) is
  'The id behind a reference, which may be expanded to the object.';
revoke execute on function private.stripe_id(jsonb) from public;

create or replace function private.stripe_amount(p_amount jsonb)
returns bigint
language sql
immutable
set search_path = ''
begin atomic
  select case
    when jsonb_typeof(p_amount) = 'number' and (p_amount #>> '{}') ~ '^-?[0-9]{1,10}$'
      and (p_amount #>> '{}')::bigint between -2147483647 and 2147483647
    then (p_amount #>> '{}')::bigint
  end;
end;
comment on function private.stripe_amount(jsonb) is
  'An amount in the currency''s smallest unit; null where it is no whole number, or more than a purchase holds.';
revoke execute on function private.stripe_amount(jsonb) from public;

create or replace function private.has_absurd_amount(p_object jsonb)
returns boolean
language sql
immutable
set search_path = ''
begin atomic
  select exists (
    select from unnest(array[
      'amount', 'amount_paid', 'amount_refunded', 'amount_subtotal', 'amount_total', 'subtotal', 'total'
    ]) as name
    where coalesce(p_object -> name, 'null') <> 'null'
      -- a credit note makes the total of an invoice negative, and nothing else
      and coalesce(private.stripe_amount(p_object -> name) < 0 and name not in ('subtotal', 'total'), true)
  )
  or coalesce(private.stripe_amount(p_object -> 'amount_refunded') > private.stripe_amount(p_object -> 'amount'), false);
end;
comment on function private.has_absurd_amount(jsonb) is
  'Whether an object of Stripe''s names an amount that nobody can have paid: such an event waits for a person.';
revoke execute on function private.has_absurd_amount(jsonb) from public;

create or replace function private.stripe_price_ids(p_subscription jsonb)
returns text[]
language sql
immutable
set search_path = ''
begin atomic
  select coalesce(
    array_agg(coalesce(private.stripe_id(i.value -> 'price'), private.stripe_id(i.value -> 'plan')) order by i.ordinality),
    '{}'
  )
  from jsonb_array_elements(p_subscription #> '{items,data}') with ordinality i;
end;
comment on function private.stripe_price_ids(jsonb) is
  'The prices of a subscription''s items, in their order; before 2020 an item had a plan instead.';
revoke execute on function private.stripe_price_ids(jsonb) from public;

create or replace function private.stripe_time(p_seconds jsonb)
returns timestamptz
language sql
immutable
set search_path = ''
begin atomic
  select case
    when jsonb_typeof(p_seconds) = 'number' and (p_seconds #>> '{}')::numeric between 0 and 253402300799
    then to_timestamp((p_seconds #>> '{}')::double precision)
  end;
end;
comment on function private.stripe_time(jsonb) is
  'A time of Stripe''s, in whole seconds since 1970, before the year 10000; else null.';
revoke execute on function private.stripe_time(jsonb) from public;

create or replace function private.stripe_period_end(p_subscription jsonb)
returns timestamptz
language sql
immutable
set search_path = ''
begin atomic
  select coalesce(
    (
      select max(private.stripe_time(i.value -> 'current_period_end')) -- basil and later, per item
      from jsonb_array_elements(p_subscription #> '{items,data}') i
    ),
    private.stripe_time(p_subscription -> 'current_period_end') -- before basil
  );
end;
comment on function private.stripe_period_end(jsonb) is
  'When the latest period of a subscription''s items ends.';
revoke execute on function private.stripe_period_end(jsonb) from public;

create or replace function private.stripe_period_start(p_subscription jsonb)
returns timestamptz
language sql
immutable
set search_path = ''
begin atomic
  select coalesce(
    (
      select max(private.stripe_time(i.value -> 'current_period_start')) -- basil and later, per item
      from jsonb_array_elements(p_subscription #> '{items,data}') i
    ),
    private.stripe_time(p_subscription -> 'current_period_start') -- before basil
  );
end;
comment on function private.stripe_period_start(jsonb) is
  'When the latest period of a subscription''s items began.';
revoke execute on function private.stripe_period_start(jsonb) from public;

create or replace function private.stripe_invoice_metadata(p_invoice jsonb)
returns jsonb
language sql
immutable
set search_path = ''
begin atomic
  select coalesce(
    nullif(p_invoice #> '{parent,subscription_details,metadata}', 'null'), -- basil and later
    nullif(p_invoice #> '{subscription_details,metadata}', 'null'), -- 2022-11-15 to basil
    nullif(p_invoice #> '{lines,data,0,metadata}', 'null'), -- before that, on the line
    '{}'
  );
end;
comment on function private.stripe_invoice_metadata(jsonb) is
  'The metadata of the subscription that an invoice bills, as the invoice carries it.';
revoke execute on function private.stripe_invoice_metadata(jsonb) from public;

create or replace function private.stripe_invoice_payments(p_invoice jsonb)
returns setof text
language sql
immutable
set search_path = ''
begin atomic
  select coalesce(
    private.stripe_id(p.value #> '{payment,payment_intent}'), private.stripe_id(p.value #> '{payment,charge}')
  )
  from jsonb_array_elements( -- basil and later, where the list was asked for
    case jsonb_typeof(p_invoice #> '{payments,data}') when 'array' then p_invoice #> '{payments,data}' else '[]' end
  ) p
  union
  select coalesce(private.stripe_id(p_invoice -> 'payment_intent'), private.stripe_id(p_invoice -> 'charge')); -- before basil
end;
comment on function private.stripe_invoice_payments(jsonb) is
  'The payments (payment intents, else charges) of an invoice, as far as it names them; may hold a null.';
revoke execute on function private.stripe_invoice_payments(jsonb) from public;

-- Events come in the version of the endpoint, kept ones too: basil is 2025-03-31.
create or replace function private.stripe_invoice_subscription(p_invoice jsonb)
returns text
language sql
immutable
set search_path = ''
begin atomic
  select coalesce(
    private.stripe_id(p_invoice #> '{parent,subscription_details,subscription}'), -- basil and later
    private.stripe_id(p_invoice -> 'subscription') -- before basil
  );
end;
comment on function private.stripe_invoice_subscription(jsonb) is
  'The subscription that an invoice bills; null for a manual one.';
revoke execute on function private.stripe_invoice_subscription(jsonb) from public;

create or replace function private.stripe_invoice_regular(p_invoice jsonb)
returns bigint
language sql
immutable
set search_path = ''
begin atomic
  select case
    when jsonb_typeof(p_invoice #> '{lines,data}') = 'array' and p_invoice #> '{lines,data}' <> '[]'
      and coalesce(p_invoice #>> '{lines,has_more}', 'false') <> 'true'
    then (
      select coalesce(sum(private.stripe_amount(l.value -> 'amount')), 0)
      from jsonb_array_elements(p_invoice #> '{lines,data}') l
      where coalesce(
        l.value #>> '{parent,subscription_item_details,proration}', -- basil and later
        l.value #>> '{parent,invoice_item_details,proration}',
        l.value ->> 'proration', -- before basil
        'false'
      ) <> 'true'
    )
  end::bigint;
end;
comment on function private.stripe_invoice_regular(jsonb) is
  'What of an invoice is no proration, before discounts and tax; null where not all lines are known.';
revoke execute on function private.stripe_invoice_regular(jsonb) from public;

create or replace function private.stripe_invoice_tax(p_invoice jsonb)
returns bigint
language sql
immutable
set search_path = ''
begin atomic
  select coalesce(sum(private.stripe_amount(t.value -> 'amount')), 0)::bigint
  from jsonb_array_elements(
    case
      when jsonb_typeof(p_invoice -> 'total_taxes') = 'array' then p_invoice -> 'total_taxes' -- basil and later
      when jsonb_typeof(p_invoice -> 'total_tax_amounts') = 'array' then p_invoice -> 'total_tax_amounts'
      else '[]'
    end
  ) t
  where t.value ->> 'tax_behavior' = 'exclusive' or t.value ->> 'inclusive' = 'false';
end;
comment on function private.stripe_invoice_tax(jsonb) is 'The tax that an invoice adds to its prices.';
revoke execute on function private.stripe_invoice_tax(jsonb) from public;

create or replace function private.stripe_metadata(p_subscription_id text, p_key text)
returns setof text
language sql
stable
set search_path = ''
begin atomic
  select said.value
  from (
    select 0 as rank, s.metadata ->> p_key as value, null::timestamptz as created_at, s.id
    from public.stripe_subscriptions s where s.id = p_subscription_id
    union all
    select 1, i.metadata ->> p_key, i.created_at, i.id
    from public.stripe_invoices i where i.subscription_id = p_subscription_id
    union all
    select 2, c.metadata ->> p_key, c.created_at, c.id
    from public.stripe_checkouts c where c.subscription_id = p_subscription_id
  ) said
  where nullif(said.value, '') is not null
  order by said.rank, said.created_at desc, said.id desc;
end;
comment on function private.stripe_metadata(text, text) is
  'What is said of a subscription under a key of the metadata, the best word first: its own, its invoices'' '
  '(a snapshot of it), its checkout''s.';
revoke execute on function private.stripe_metadata(text, text) from public;

create or replace function private.stripe_organization(p_subscription_id text)
returns uuid
language sql
stable
set search_path = ''
begin atomic
  select coalesce(
    (
      select o.organization_id
      from public.stripe_subscriptions s
      join public.stripe_owners o on o.stripe_id in (s.id, s.customer_id)
      where s.id = p_subscription_id
      order by o.stripe_id = s.id desc
      limit 1
    ),
    (
      select o.id
      from private.stripe_metadata(p_subscription_id, 'organization_id') with ordinality m (value, rank)
      join public.organizations o on o.id = private.uuid_or_null(m.value)
      order by m.rank
      limit 1
    ),
    (
      select o.organization_id from public.org_platform_subscriptions o
      where o.stripe_subscription_id = p_subscription_id
      order by o.id
      limit 1
    ),
    (
      select other.organization_id
      from public.stripe_subscriptions s
      join public.stripe_subscriptions other on other.customer_id = s.customer_id and other.id <> s.id
      where s.id = p_subscription_id and other.organization_id is not null
      order by other.created_at, other.id
      limit 1
    ),
    (
      select o.organization_id
      from public.stripe_subscriptions s
      join public.org_platform_subscriptions o on o.stripe_customer_id = s.customer_id
      where s.id = p_subscription_id
      order by o.id
      limit 1
    )
  );
end;
comment on function private.stripe_organization(text) is
  'Whose a subscription is: by a person''s word, by metadata.organization_id, by the subscription''s or the customer''s id.';
revoke execute on function private.stripe_organization(text) from public;

create or replace function private.stripe_reversed(p_payment_id text)
returns bigint
language sql
stable
set search_path = ''
begin atomic
  select (
    greatest(
      coalesce((select sum(c.amount_refunded) from public.stripe_charges c where c.payment_id = p_payment_id), 0)
      - coalesce((
        select sum(r.amount) from public.stripe_failed_refunds r
        where r.payment_id = p_payment_id
          and r.failed_at >= (select max(c.as_of) from public.stripe_charges c where c.payment_id = p_payment_id)
      ), 0),
      0
    )
    + coalesce((
      select sum(d.amount) from public.stripe_disputes d where d.payment_id = p_payment_id and d.state <> 'won'
    ), 0)
  )::bigint;
end;
comment on function private.stripe_reversed(text) is
  'How much of a payment was refunded or is disputed, in the currency''s smallest unit; a disputed refund '
  'counts twice, so cap it.';
revoke execute on function private.stripe_reversed(text) from public;

create or replace function private.stripe_subject(p_event jsonb)
returns text
language sql
immutable
set search_path = ''
begin atomic
  select case
    when p_event ->> 'type' like 'customer.subscription.%' then p_event #>> '{data,object,id}'
    when p_event ->> 'type' like 'invoice.%' then private.stripe_invoice_subscription(p_event #> '{data,object}')
    when p_event ->> 'type' like 'checkout.session.%' then coalesce(
      private.stripe_id(p_event #> '{data,object,subscription}'), p_event #>> '{data,object,id}'
    )
    when p_event ->> 'type' like any (array['charge.%', 'refund.%']) then coalesce(
      private.stripe_id(p_event #> '{data,object,payment_intent}'),
      private.stripe_id(p_event #> '{data,object,charge}'),
      p_event #>> '{data,object,id}'
    )
    else p_event #>> '{data,object,id}'
  end;
end;
comment on function private.stripe_subject(jsonb) is
  'What an event is about: the subscription, the one-time session, or the payment.';
revoke execute on function private.stripe_subject(jsonb) from public;

create or replace function private.keep_stripe_prices(
  p_subscription jsonb, p_as_of timestamptz, p_rank integer
)
returns void
language sql
volatile
set search_path = ''
as $$
  insert into public.stripe_subscriptions (id) values (p_subscription ->> 'id') on conflict (id) do nothing;
  insert into public.stripe_subscription_prices as p (subscription_id, prices, as_of, as_of_rank)
  select p_subscription ->> 'id', array_to_string(private.stripe_price_ids(p_subscription), ' '), p_as_of, p_rank
  where private.stripe_price_ids(p_subscription) <> '{}'
  on conflict (subscription_id, prices) do update
  set as_of = excluded.as_of, as_of_rank = excluded.as_of_rank
  where (excluded.as_of, excluded.as_of_rank) > (p.as_of, p.as_of_rank);
$$;
comment on function private.keep_stripe_prices(jsonb, timestamptz, integer) is
  'Keeps which prices a snapshot names, a stale one too.';
revoke execute on function private.keep_stripe_prices(jsonb, timestamptz, integer) from public;

create or replace function private.plan_of_prices(p_price_ids text[])
returns uuid
language sql
stable
set search_path = ''
begin atomic
  select p.plan_id
  from unnest(p_price_ids) with ordinality i (price_id, place)
  join public.plan_prices p on p.stripe_price_id = i.price_id
  order by i.place, p.created_at, p.id
  limit 1;
end;
comment on function private.plan_of_prices(text[]) is 'The plan that the first known of these prices is of.';
revoke execute on function private.plan_of_prices(text[]) from public;

create or replace function private.lowest_price(p_plan_id uuid)
returns integer
language sql
stable
set search_path = ''
begin atomic
  select coalesce(min(p.price_cents), 0) from public.plan_prices p where p.plan_id = p_plan_id;
end;
comment on function private.lowest_price(uuid) is
  'What a plan costs at the least, a month: tells which of two plans of one level is the better.';
revoke execute on function private.lowest_price(uuid) from public;

create or replace function private.tier_of_prices(p_price_ids text[])
returns uuid
language sql
stable
set search_path = ''
begin atomic
  select t.id from public.org_platform_tiers t
  where t.stripe_annual_price_id = any (p_price_ids) or t.stripe_monthly_price_id = any (p_price_ids)
  order by t.display_order, t.id
  limit 1;
end;
comment on function private.tier_of_prices(text[]) is 'The tier that these prices are of.';
revoke execute on function private.tier_of_prices(text[]) from public;

create or replace function private.stripe_plan(p_subscription_id text)
returns uuid
language sql
stable
set search_path = ''
begin atomic
  select coalesce(
    (select private.plan_of_prices(s.price_ids) from public.stripe_subscriptions s where s.id = p_subscription_id),
    (
      select private.plan_of_prices(string_to_array(p.prices, ' '))
      from public.stripe_subscription_prices p
      where p.subscription_id = p_subscription_id
        and private.plan_of_prices(string_to_array(p.prices, ' ')) is not null
      order by p.as_of desc, p.as_of_rank desc, p.prices desc
      limit 1
    ),
    (
      select p.id
      from private.stripe_metadata(p_subscription_id, 'plan_id') with ordinality m (value, rank)
      join public.plans p on p.id = private.uuid_or_null(m.value)
      order by m.rank
      limit 1
    )
  );
end;
comment on function private.stripe_plan(text) is
  'The plan that a subscription pays for: by its price, else by the price it had before, else by the metadata of '
  'its checkout, which a move in Stripe''s portal leaves as they were.';
revoke execute on function private.stripe_plan(text) from public;

create or replace function private.stripe_tier(p_subscription_id text)
returns uuid
language sql
stable
set search_path = ''
begin atomic
  select coalesce(
    (select private.tier_of_prices(s.price_ids) from public.stripe_subscriptions s where s.id = p_subscription_id),
    (
      select private.tier_of_prices(string_to_array(p.prices, ' '))
      from public.stripe_subscription_prices p
      where p.subscription_id = p_subscription_id
        and private.tier_of_prices(string_to_array(p.prices, ' ')) is not null
      order by p.as_of desc, p.as_of_rank desc, p.prices desc
      limit 1
    ),
    (
      select t.id
      from private.stripe_metadata(p_subscription_id, 'tier_id') with ordinality m (value, rank)
      join public.org_platform_tiers t on t.id = private.uuid_or_null(m.value)
      order by m.rank
      limit 1
    )
  );
end;
comment on function private.stripe_tier(text) is
  'The tier that an organisation''s subscription pays for, found as stripe_plan finds a plan.';
revoke execute on function private.stripe_tier(text) from public;

create or replace function private.stripe_subscription_state(p_subscription jsonb)
returns jsonb
language sql
immutable
set search_path = ''
begin atomic
  select jsonb_build_object(
    'customer_id', private.stripe_id(p_subscription -> 'customer'),
    'metadata', coalesce(nullif(p_subscription -> 'metadata', 'null'), '{}'),
    'status', p_subscription ->> 'status',
    'price_ids', to_jsonb(private.stripe_price_ids(p_subscription)),
    'created_at', private.stripe_time(p_subscription -> 'created'),
    'period_start', private.stripe_period_start(p_subscription),
    'period_end', private.stripe_period_end(p_subscription),
    'canceled_at', private.stripe_time(p_subscription -> 'canceled_at'),
    'ended_at', private.stripe_time(p_subscription -> 'ended_at'),
    'trial_end', private.stripe_time(p_subscription -> 'trial_end')
  );
end;
comment on function private.stripe_subscription_state(jsonb) is
  'What is kept of a subscription: the columns of stripe_subscriptions.';
revoke execute on function private.stripe_subscription_state(jsonb) from public;

create or replace function private.stripe_user(p_subscription_id text)
returns uuid
language sql
stable
set search_path = ''
begin atomic
  select coalesce(
    (
      select o.user_id
      from public.stripe_subscriptions s
      join public.stripe_owners o on o.stripe_id in (s.id, s.customer_id)
      where s.id = p_subscription_id
      order by o.stripe_id = s.id desc
      limit 1
    ),
    (
      select p.id
      from private.stripe_metadata(p_subscription_id, 'user_id') with ordinality m (value, rank)
      join public.profiles p on p.id = private.uuid_or_null(m.value)
      order by m.rank
      limit 1
    ),
    (
      select other.user_id
      from public.stripe_subscriptions s
      join public.stripe_subscriptions other on other.customer_id = s.customer_id and other.id <> s.id
      where s.id = p_subscription_id and other.user_id is not null
      order by other.created_at, other.id
      limit 1
    )
  );
end;
comment on function private.stripe_user(text) is
  'Whose a subscription is: by a person''s word, by metadata.user_id, by another subscription of the customer. Never '
  'by the address typed at the checkout.';
revoke execute on function private.stripe_user(text) from public;

create or replace function private.is_unmatched(p_outcome text)
returns boolean
language sql
immutable
set search_path = ''
begin atomic
  select p_outcome like 'unknown\_%' or p_outcome = 'credits_lapsed';
end;
comment on function private.is_unmatched(text) is
  'Whether an outcome needs a person, or an event that is still to come.';
revoke execute on function private.is_unmatched(text) from public;

create or replace function private.take_stripe_event(p_event jsonb, p_fetched jsonb, p_now timestamptz)
returns public.stripe_event_result
language plpgsql
set search_path = ''
as $$
declare
  v_result public.stripe_event_result;
  v_object constant jsonb := p_event #> '{data,object}';
  v_type constant text := p_event ->> 'type';
  v_subject constant text := private.stripe_subject(p_event);
  v_customer_id constant text := private.stripe_id(v_object -> 'customer');
  v_change text;
  v_settled text[];
begin
  if p_event ->> 'account' is not null then
    return row('ignored', 'other_account', null, null)::public.stripe_event_result;
  elsif private.has_absurd_amount(v_object) then
    return row('unmatched', 'unknown_amount', null, null)::public.stripe_event_result;
  end if;

  if v_type like 'customer.subscription.%' then
    v_change := private.record_stripe_subscription(p_event, p_fetched);
    if v_change = 'needs_fetch' then
      return row('needs_fetch', 'undecided_order', 'subscription', v_subject)::public.stripe_event_result;
    end if;
    v_result.outcome := private.settle_stripe_subscription(v_subject, p_now);

  elsif v_type like 'invoice.%' then
    if v_subject is null then
      return row('ignored', 'no_subscription', null, null)::public.stripe_event_result;
    end if;
    v_change := private.record_stripe_invoice(p_event);
    v_result.outcome := private.settle_stripe_subscription(v_subject, p_now);

  elsif v_type like 'checkout.session.%' then
    -- The numbers of an instalment plan are in the metadata of its subscription, not of its checkout.
    if v_object #>> '{metadata,type}' = 'credit_installment' and v_object ->> 'payment_status' <> 'unpaid'
      and not exists (select from private.stripe_metadata(v_subject, 'total_amount_cents'))
      and not v_object -> 'metadata' ? 'total_amount_cents'
      and not exists (select from public.stripe_subscriptions s where s.id = v_subject and s.as_of is not null)
    then
      if p_fetched is null then
        return row('needs_fetch', 'unknown_numbers', 'subscription', v_subject)::public.stripe_event_result;
      end if;
      -- It may be newer than the event, so any event of this second and of later ones has the last word. Of its end
      -- an event of its own tells.
      perform private.write_stripe_subscription(
        case
          when p_fetched ->> 'status' in ('active', 'trialing') then p_fetched
          else p_fetched - array['status', 'canceled_at', 'ended_at']
        end,
        private.stripe_time(p_event -> 'created'), -1, p_event ->> 'id'
      );
    end if;
    v_change := private.record_stripe_checkout(p_event);
    v_result.outcome := case
      when private.stripe_id(v_object -> 'subscription') is not null
      then private.settle_stripe_subscription(v_subject, p_now)
      else private.settle_purchase(v_object ->> 'id', p_now)
    end;

  elsif v_type like any (array['charge.%', 'refund.%']) then
    v_result := private.take_stripe_payment(p_event, p_fetched, p_now);
    if v_result.status in ('needs_fetch', 'ignored') then
      return v_result;
    end if;
    v_change := v_result.status;

  else -- customer.deleted
    insert into public.stripe_deleted_customers (id, deleted_at)
    values (v_object ->> 'id', private.stripe_time(p_event -> 'created'))
    on conflict (id) do nothing;
    v_change := case when found then 'applied' else 'duplicate' end;
    update public.org_platform_subscriptions set stripe_customer_id = null
    where stripe_customer_id = v_object ->> 'id';
    v_result.outcome := 'customer_forgotten';
  end if;

  v_result.status := case
    when private.is_unmatched(v_result.outcome) then 'unmatched'
    when v_result.outcome in ('not_ours', 'other_product') then 'ignored'
    else v_change
  end;
  if v_result.status in ('applied', 'duplicate', 'stale') then
    perform private.settle_stripe_events(v_subject || array(
      select p.id from public.stripe_payments p where v_type like 'invoice.%' and p.invoice_id = v_object ->> 'id'
    ));
    -- Who this customer is may be known from now on.
    with settled as materialized (
      select s.id, private.settle_stripe_subscription(s.id, p_now) as outcome
      from public.stripe_subscriptions s
      where s.customer_id = v_customer_id and s.id <> v_subject
        and s.user_id is null and s.organization_id is null
    )
    select array_agg(s.id) into v_settled from settled s where not private.is_unmatched(s.outcome);
    perform private.settle_stripe_events(v_settled);
  end if;
  return v_result;
end
$$;
comment on function private.take_stripe_event(jsonb, jsonb, timestamptz) is
  'Writes down what an event says and settles what it touches.';
revoke execute on function private.take_stripe_event(jsonb, jsonb, timestamptz) from public;

create or replace function private.is_payment_known(p_payment_id text)
returns boolean
language sql
stable
set search_path = ''
begin atomic
  select exists (select from public.stripe_payments p where p.id = p_payment_id)
    or exists (select from public.stripe_checkouts c where c.payment_intent_id = p_payment_id)
    or exists (select from public.user_credit_purchases p where p.stripe_payment_intent_id = p_payment_id)
    or exists (select from public.org_credit_purchases p where p.stripe_payment_intent_id = p_payment_id);
end;
comment on function private.is_payment_known(text) is
  'Whether it is known what a payment paid for: since basil a charge does not name its invoice, and Stripe '
  'has to be asked.';
revoke execute on function private.is_payment_known(text) from public;

create or replace function private.is_foreign_payment(p_fetched jsonb)
returns boolean
language sql
stable
set search_path = ''
as $$
  select case
    -- it paid an invoice, which was fetched: of no subscription, or of one that nothing of ours is known about
    when jsonb_typeof(p_fetched #> '{data,0,invoice}') = 'object' then
      private.stripe_invoice_subscription(i.invoice) is null
      or (
        not exists (
          select from public.stripe_subscriptions s
          where s.id = private.stripe_invoice_subscription(i.invoice) and s.kind is not null
        )
        and not private.is_our_metadata(private.stripe_invoice_metadata(i.invoice))
        and not exists (
          select from jsonb_array_elements(coalesce(i.invoice #> '{lines,data}', '[]')) l
          cross join lateral (
            select array[coalesce(
              private.stripe_id(l.value #> '{pricing,price_details,price}'), private.stripe_id(l.value -> 'price')
            )] as ids
          ) p
          where private.plan_of_prices(p.ids) is not null or private.tier_of_prices(p.ids) is not null
        )
      )
    -- it paid none, and the checkouts that it paid were fetched: there are none of ours
    when jsonb_typeof(p_fetched -> 'sessions') = 'array' then not exists (
      select from jsonb_array_elements(p_fetched -> 'sessions') c
      where private.is_our_metadata(c.value -> 'metadata')
        or c.value ->> 'id' in (
          select u.stripe_checkout_session_id from public.user_credit_purchases u
          union all
          select o.stripe_checkout_session_id from public.org_credit_purchases o
        )
    )
    else false
  end
  from (select p_fetched #> '{data,0,invoice}' as invoice) i;
$$;
comment on function private.is_foreign_payment(jsonb) is
  'Whether what Stripe says of a payment shows that it paid for nothing of ours: another product of the same account.';
revoke execute on function private.is_foreign_payment(jsonb) from public;

create or replace function private.is_our_metadata(p_metadata jsonb)
returns boolean
language sql
immutable
set search_path = ''
begin atomic
  select coalesce(p_metadata ?| array['user_id', 'organization_id', 'credit_value', 'package_id', 'plan_id', 'tier_id'], false)
    or coalesce(
      p_metadata ->> 'type' in ('user_subscription', 'org_platform_subscription', 'credit_installment'), false
    );
end;
comment on function private.is_our_metadata(jsonb) is 'Whether our own functions wrote these metadata.';
revoke execute on function private.is_our_metadata(jsonb) from public;

create or replace function private.take_stripe_payment(p_event jsonb, p_fetched jsonb, p_now timestamptz)
returns public.stripe_event_result
language plpgsql
set search_path = ''
as $$
declare
  v_result public.stripe_event_result;
  v_object constant jsonb := p_event #> '{data,object}';
  v_type constant text := p_event ->> 'type';
  v_subject constant text := private.stripe_subject(p_event);
begin
  if private.stripe_id(v_object -> 'payment_intent') is not null
    and private.stripe_id(v_object -> 'invoice') is null -- before basil it names its invoice
    and not private.is_payment_known(v_subject)
  then
    if p_fetched is null then
      return row('needs_fetch', 'unknown_payment', 'invoice_payments', v_subject)::public.stripe_event_result;
    end if;
    if private.is_foreign_payment(p_fetched) then
      return row('ignored', 'other_product', null, null)::public.stripe_event_result;
    end if;
    insert into public.stripe_payments (id, invoice_id)
    values (v_subject, private.stripe_id(p_fetched #> '{data,0,invoice}'))
    on conflict (id) do nothing;
  end if;
  v_result.status := case
    when v_type like 'charge.dispute.%' then private.record_stripe_dispute(p_event)
    when v_type = 'charge.refunded' then private.record_stripe_charge(p_event)
    else private.record_stripe_refund(p_event)
  end;
  v_result.outcome := private.settle_payment(v_subject, p_now);
  return v_result;
end
$$;
comment on function private.take_stripe_payment(jsonb, jsonb, timestamptz) is
  'take_stripe_event, of what becomes of a payment: refunds, disputes.';
revoke execute on function private.take_stripe_payment(jsonb, jsonb, timestamptz) from public;

create or replace function private.write_purchase(
  p_session public.stripe_checkouts, p_owner_type text, p_owner_id uuid, p_package_id uuid, p_credits integer,
  p_amount integer, p_currency text, p_expires_at timestamptz
)
returns uuid
language plpgsql
set search_path = ''
as $$
declare
  v_purchase_id uuid;
begin
  if p_owner_type = 'user' then
    insert into public.user_credit_purchases as p (
      user_id, package_id, credits_purchased, amount_cents, currency, stripe_payment_intent_id,
      stripe_checkout_session_id, expires_at, status
    )
    values (
      p_owner_id, p_package_id, p_credits, p_amount, p_currency, p_session.payment_intent_id, p_session.id,
      p_expires_at, 'completed'
    )
    on conflict (stripe_checkout_session_id) do update
    set status = 'completed', expires_at = coalesce(p.expires_at, excluded.expires_at),
      stripe_payment_intent_id = coalesce(p.stripe_payment_intent_id, excluded.stripe_payment_intent_id)
    returning p.id into v_purchase_id;
  else
    insert into public.org_credit_purchases as p (
      organization_id, package_id, credits_purchased, amount_cents, currency, stripe_payment_intent_id,
      stripe_checkout_session_id, expires_at, status, purchased_by
    )
    values (
      p_owner_id, p_package_id, p_credits, p_amount, p_currency, p_session.payment_intent_id, p_session.id,
      p_expires_at, 'completed', (
        select u.id from public.profiles u
        where u.id = private.uuid_or_null(coalesce(
          p_session.metadata ->> 'purchased_by', p_session.metadata ->> 'user_id'
        ))
      )
    )
    on conflict (stripe_checkout_session_id) do update
    set status = 'completed', expires_at = coalesce(p.expires_at, excluded.expires_at),
      stripe_payment_intent_id = coalesce(p.stripe_payment_intent_id, excluded.stripe_payment_intent_id)
    returning p.id into v_purchase_id;
  end if;
  return v_purchase_id;
end
$$;
comment on function private.write_purchase(public.stripe_checkouts, text, uuid, uuid, integer, integer, text, timestamptz)
is 'Makes a purchase''s row, or completes it.';
revoke execute on function private.write_purchase(public.stripe_checkouts, text, uuid, uuid, integer, integer, text, timestamptz)
  from public;

create or replace function private.write_schedule(
  p_schedule public.payment_schedules,
  p_subscription public.stripe_subscriptions,
  p_package public.credit_topup_packages
)
returns public.payment_schedules
language sql
volatile
set search_path = ''
as $$
  insert into public.payment_schedules as s (
    user_id, stripe_subscription_id, stripe_customer_id, total_amount_cents, currency, installment_count,
    installment_amount_cents, installments_paid, amount_paid_cents, next_payment_date, started_at,
    completed_at, cancelled_at, status, credit_package_id, credits_granted, metadata, counts_from
  )
  values (
    p_subscription.user_id, p_subscription.id, p_subscription.customer_id, p_schedule.total_amount_cents,
    p_schedule.currency, p_schedule.installment_count, p_schedule.installment_amount_cents,
    p_schedule.installments_paid, p_schedule.amount_paid_cents, p_schedule.next_payment_date,
    p_schedule.started_at, p_schedule.completed_at, p_schedule.cancelled_at, p_schedule.status, p_package.id,
    p_schedule.credits_granted, jsonb_strip_nulls(jsonb_build_object('package_slug', coalesce(
      (select m from private.stripe_metadata(p_subscription.id, 'package_slug') m limit 1), p_package.slug
    ))), to_timestamp(0)
  )
  on conflict (stripe_subscription_id) where duplicate_of is null do update
  set stripe_customer_id = coalesce(excluded.stripe_customer_id, s.stripe_customer_id),
    total_amount_cents = excluded.total_amount_cents, currency = excluded.currency,
    installment_count = excluded.installment_count,
    installment_amount_cents = excluded.installment_amount_cents,
    installments_paid = excluded.installments_paid, amount_paid_cents = excluded.amount_paid_cents,
    next_payment_date = excluded.next_payment_date, started_at = excluded.started_at,
    completed_at = excluded.completed_at, cancelled_at = excluded.cancelled_at, status = excluded.status,
    credit_package_id = coalesce(excluded.credit_package_id, s.credit_package_id),
    credits_granted = excluded.credits_granted, metadata = coalesce(s.metadata, '{}') || excluded.metadata
  returning s.*;
$$;
comment on function private.write_schedule(public.payment_schedules, public.stripe_subscriptions, public.credit_topup_packages)
is 'Makes an instalment plan''s row, or brings it up to date.';
revoke execute on function private.write_schedule(public.payment_schedules, public.stripe_subscriptions, public.credit_topup_packages)
  from public;

create or replace function private.write_stripe_subscription(
  p_subscription jsonb, p_as_of timestamptz, p_rank integer, p_event_id text
)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_id constant text := p_subscription ->> 'id';
  v_new public.stripe_subscriptions;
begin
  v_new := jsonb_populate_record(
    null::public.stripe_subscriptions, private.stripe_subscription_state(p_subscription)
  );
  insert into public.stripe_subscriptions (id) values (v_id) on conflict (id) do nothing;
  update public.stripe_subscriptions
  set customer_id = v_new.customer_id, metadata = v_new.metadata, status = v_new.status,
    price_ids = v_new.price_ids, created_at = v_new.created_at, period_start = v_new.period_start,
    period_end = v_new.period_end, canceled_at = v_new.canceled_at, ended_at = v_new.ended_at,
    trial_end = v_new.trial_end,
    was_live = was_live or coalesce(v_new.status in ('active', 'trialing', 'past_due'), false),
    as_of = p_as_of, as_of_rank = p_rank, as_of_event = p_event_id
  where id = v_id;
  perform private.keep_stripe_prices(p_subscription, p_as_of, p_rank);
end
$$;
comment on function private.write_stripe_subscription(jsonb, timestamptz, integer, text) is
  'Makes this the newest state known of a subscription.';
revoke execute on function private.write_stripe_subscription(jsonb, timestamptz, integer, text) from public;

-- What needs the functions above ------------------------------------------------------------------

-- Two names were taken twice, so that the second index of each was never made. What needs attention is found by
-- the first of each; the second is for the step from a subscription to such invoices of its own.
select private.ensure_index(statement) from unnest(array[
  $$create index stripe_invoices_given_up_idx on public.stripe_invoices (failed_at)
    where status not in ('paid', 'void') and failed_at is not null and next_payment_attempt is null$$,
  $$create index stripe_invoices_given_up_subscription_idx on public.stripe_invoices (subscription_id)
    where status not in ('paid', 'void') and failed_at is not null and next_payment_attempt is null$$,
  'create index stripe_invoices_surplus_idx on public.stripe_invoices (id) where is_surplus',
  'create index stripe_invoices_surplus_subscription_idx on public.stripe_invoices (subscription_id) where is_surplus'
]) as statement;

-- Who had which plan that is sold by Stripe when the facts began: the function before this one may have given it, so it
-- does not outlast a subscription that is older.
insert into private.plans_before_stripe (user_id, plan_id)
select p.id, p.plan_id
from public.profiles p
where p.plan_id is not null
  and exists (
    select from public.plan_prices price where price.plan_id = p.plan_id and price.stripe_price_id is not null
  )
  and not exists (select from public.stripe_events)
on conflict (user_id) do nothing;
