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
  status text, -- applied | duplicate | stale | ignored | unmatched | needs_fetch | refused
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

comment on type public.stripe_event_result is
  'What became of an event. needs_fetch: nothing, until the caller gets the named object from Stripe and '
  'calls again.';

-- New tables --------------------------------------------------------------------------------------

select private.ensure_table($table$
create table public.stripe_charges (
  id text primary key,
  payment_id text not null,
  amount bigint not null,
  amount_refunded bigint not null
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
  currency text,
  metadata jsonb not null default '{}',
  created_at timestamptz not null,
  email_user_id uuid references public.profiles (id) on delete set null
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
  status text not null check (status in ('applied', 'duplicate', 'stale', 'ignored', 'unmatched')),
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
  attempt_count integer not null default 0,
  next_payment_attempt timestamptz,
  metadata jsonb not null default '{}',
  created_at timestamptz not null,
  paid_at timestamptz,
  failed_at timestamptz,
  installment integer,
  is_surplus boolean not null default false,
  as_of timestamptz not null,
  as_of_event text not null
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
  state text not null check (state in ('open', 'won', 'lost'))
)
$table$);
select private.ensure_table($table$
create table private.stripe_plans (
  user_id uuid primary key references public.profiles (id) on delete cascade,
  plan_id uuid references public.plans (id) on delete set null,
  subscription_id text not null references public.stripe_subscriptions (id),
  subscribed_at timestamptz
)
$table$);

select private.ensure_index(statement) from unnest(array[
  $$create index stripe_charges_payment_idx on public.stripe_charges (payment_id)$$,
  $$create index stripe_subscriptions_customer_idx on public.stripe_subscriptions (customer_id)$$,
  $$create index stripe_subscriptions_organization_idx on public.stripe_subscriptions (organization_id)$$,
  $$create index stripe_subscriptions_plan_idx on public.stripe_subscriptions (plan_id)$$,
  $$create index stripe_subscriptions_user_idx on public.stripe_subscriptions (user_id)$$,
  $$create index stripe_checkouts_customer_idx on public.stripe_checkouts (customer_id)$$,
  $$create index stripe_checkouts_email_user_idx on public.stripe_checkouts (email_user_id)$$,
  $$create index stripe_checkouts_payment_idx on public.stripe_checkouts (payment_intent_id)$$,
  $$create index stripe_checkouts_subscription_idx on public.stripe_checkouts (subscription_id)$$,
  $$create index stripe_events_object_idx on public.stripe_events (object_id, created)$$,
  $$create index stripe_events_payload_idx on public.stripe_events (received_at) where payload is not null$$,
  $$create index stripe_events_unmatched_idx on public.stripe_events (subject) where status = 'unmatched'$$,
  $$create index stripe_payments_invoice_idx on public.stripe_payments (invoice_id)$$,
  $$create index stripe_invoices_given_up_idx on public.stripe_invoices (failed_at)
  where status not in ('paid', 'void') and failed_at is not null and next_payment_attempt is null$$,
  $$create index stripe_invoices_given_up_subscription_idx on public.stripe_invoices (subscription_id)
  where status not in ('paid', 'void') and failed_at is not null and next_payment_attempt is null$$,
  $$create index stripe_invoices_subscription_idx on public.stripe_invoices (subscription_id, created_at)$$,
  $$create index stripe_invoices_surplus_idx on public.stripe_invoices (id)
  where is_surplus$$,
  $$create index stripe_invoices_surplus_subscription_idx on public.stripe_invoices (subscription_id)
  where is_surplus$$,
  $$create index stripe_disputes_payment_idx on public.stripe_disputes (payment_id)$$,
  $$create index stripe_plans_plan_idx on private.stripe_plans (plan_id)$$,
  $$create index stripe_plans_subscription_idx on private.stripe_plans (subscription_id)$$
]) as statement;

-- Comments and grants -----------------------------------------------------------------------------

comment on column public.payment_schedules.duplicate_of is
  'The row that stands for the same subscription: a redelivery made this one before there was a key.';
comment on column public.payment_schedules.counted_until is
  'Until when payments were counted without being kept one by one: installments_before, '
  'amount_before_cents.';
comment on column public.payment_schedules.credits_expire_at is
  'The expiry that was last given to the batch; a batch with another was changed by somebody else.';
comment on table public.stripe_charges is 'How much of each charge was refunded, cumulative: it only grows.';
comment on table public.stripe_subscriptions is
  'The newest state known of each subscription, and whose it is. Without a status, only its invoices or its '
  'checkout are known.';
comment on column public.stripe_subscriptions.as_of is
  'When the state was; as_of_rank orders within the second: -1 fetched for a checkout, 0 created, 1 '
  'updated, 2 deleted, 3 fetched to decide between updates.';
comment on column public.stripe_subscriptions.was_live is
  'Whether any snapshot, stale ones too, said that it is paid for.';
comment on column public.stripe_subscriptions.holds is 'Whether it entitles now; held: whether it ever did.';
comment on table public.stripe_checkouts is
  'Checkout sessions. A session that needs no payment is paid; one that an asynchronous method has yet to '
  'pay is open.';
comment on column public.stripe_checkouts.email_user_id is
  'Who has the e-mail address that was typed at the checkout.';
comment on table public.stripe_events is
  'Every event received, once. The row and the event''s effect are one transaction. Payloads go after 90 '
  'days.';
comment on column public.stripe_events.subject is
  'What the event is about: a subscription, a one-time checkout session, or a payment.';
comment on column public.stripe_events.status is
  'stale lost to a newer state; duplicate told nothing new; ignored is not handled or not ours; unmatched '
  'needs a person or a later event.';
comment on table public.stripe_payments is
  'Which invoice a payment intent (or a charge without one) paid; null: none, as Stripe said when it was '
  'asked.';
comment on table public.stripe_invoices is
  'Invoices of subscriptions: one row, so one payment, an invoice. Paid and void are final.';
comment on column public.stripe_invoices.metadata is 'The subscription''s, as the invoice carries it.';
comment on column public.stripe_invoices.installment is
  'Which payment of an instalment plan it is; is_surplus: beyond the agreed number.';
comment on column public.org_credit_purchases.duplicate_of is
  'The row that stands for the same checkout session, whose id this one had, too.';
comment on column public.user_credit_purchases.duplicate_of is
  'The row that stands for the same checkout session, whose id this one had, too.';
comment on table public.stripe_deleted_customers is
  'Customers who exist no more: nobody can be billed under these ids.';
comment on table public.stripe_disputes is
  'Disputes. Won and lost are final. An inquiry counts as a dispute: Stripe sends no event of ours when it '
  'becomes one.';
comment on table private.stripe_plans is
  'The plan that Stripe last gave a user, fallbacks included, and by which subscription: tells it from a '
  'plan that somebody else gave.';

alter table public.stripe_charges enable row level security;
alter table public.stripe_subscriptions enable row level security;
alter table public.stripe_checkouts enable row level security;
alter table public.stripe_events enable row level security;
alter table public.stripe_payments enable row level security;
alter table public.stripe_invoices enable row level security;
alter table public.stripe_deleted_customers enable row level security;
alter table public.stripe_disputes enable row level security;
alter table private.stripe_plans enable row level security;

revoke all on table public.stripe_charges from public, anon, authenticated, service_role;
grant select on table public.stripe_charges to authenticated, service_role;
revoke all on table public.stripe_subscriptions from public, anon, authenticated, service_role;
grant select on table public.stripe_subscriptions to authenticated, service_role;
revoke all on table public.stripe_checkouts from public, anon, authenticated, service_role;
grant select on table public.stripe_checkouts to authenticated, service_role;
revoke all on table public.stripe_events from public, anon, authenticated, service_role;
grant select on table public.stripe_events to authenticated, service_role;
revoke all on table public.stripe_payments from public, anon, authenticated, service_role;
grant select on table public.stripe_payments to authenticated, service_role;
revoke all on table public.stripe_invoices from public, anon, authenticated, service_role;
grant select on table public.stripe_invoices to authenticated, service_role;
revoke all on table public.stripe_deleted_customers from public, anon, authenticated, service_role;
grant select on table public.stripe_deleted_customers to authenticated, service_role;
revoke all on table public.stripe_disputes from public, anon, authenticated, service_role;
grant select on table public.stripe_disputes to authenticated, service_role;
revoke all on table private.stripe_plans from public, anon, authenticated, service_role;

-- Functions ---------------------------------------------------------------------------------------

create or replace function public.apply_stripe_event(
  p_event jsonb, p_fetched jsonb default null, p_now timestamptz default now()
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
  if private.is_stripe_type_handled(v_type) then
    perform private.lock_stripe();
    if exists (select from public.stripe_events e where e.id = v_id and e.status <> 'unmatched') then
      return row('duplicate', 'received_before', null, null)::public.stripe_event_result;
    end if;
    v_result := private.take_stripe_event(p_event, p_fetched, p_now);
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
comment on function public.apply_stripe_event(jsonb, jsonb, timestamptz) is
  'Takes in a verified event: its row in the inbox and its effect are one transaction. p_fetched is what an '
  'earlier answer asked for, and counts as the newest state.';
revoke execute on function public.apply_stripe_event(jsonb, jsonb, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.apply_stripe_event(jsonb, jsonb, timestamptz) to service_role;

create or replace function private.delete_stripe_payloads(p_now timestamptz default now())
returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_deleted integer;
begin
  update public.stripe_events set payload = null
  where payload is not null and received_at < p_now - interval '90 days';
  get diagnostics v_deleted = row_count;
  return v_deleted;
end
$$;
comment on function private.delete_stripe_payloads(timestamptz) is
  'Deletes payloads older than 90 days, which hold personal data; the rows stay. Returns how many.';
revoke execute on function private.delete_stripe_payloads(timestamptz) from public;

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
  v_key constant text := 'stripe:subscription:' || p_schedule.stripe_subscription_id;
  v_purchase_id uuid;
  v_batch public.credit_batches;
  v_expires_at timestamptz;
begin
  update public.user_credit_purchases
  set status = 'completed', stripe_payment_intent_id = coalesce(stripe_payment_intent_id, p_session.payment_intent_id)
  where stripe_checkout_session_id = p_session.id and p_session.state = 'paid'
  returning id into v_purchase_id;

  v_expires_at := coalesce(
    (
      select private.time_or_null(m)
      from private.stripe_metadata(p_schedule.stripe_subscription_id, 'expires_at') m limit 1
    ),
    p_schedule.started_at + make_interval(months => coalesce(p_package.validity_months, 24))
  );

  select * into v_batch from public.credit_batches where idempotency_key = v_key;
  if not found then
    select * into v_batch from public.credit_batches
    where id = private.purchase_batch('user', p_schedule.user_id, v_purchase_id, p_session.id);
  end if;
  if v_batch.id is null then
    if v_expires_at <= p_now then
      return null;
    end if;
    v_batch.id := private.grant_credit_batch(
      'user', p_schedule.user_id, p_schedule.credits_granted, v_expires_at, 'purchase',
      p_source_reference_id => p_schedule.stripe_subscription_id,
      p_description => 'Credits paid in ' || p_schedule.installment_count || ' instalments',
      p_idempotency_key => v_key, p_now => p_now
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
  'already.';
revoke execute on function private.grant_installments(public.payment_schedules, public.stripe_checkouts, public.credit_topup_packages, timestamptz)
  from public;

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
    'invoice.paid', 'invoice.payment_failed', 'invoice.voided',
    'charge.refunded', 'charge.dispute.created', 'charge.dispute.closed',
    'customer.deleted'
  );
end;
comment on function private.is_stripe_type_handled(text) is 'Whether events of this type have an effect.';
revoke execute on function private.is_stripe_type_handled(text) from public;

create or replace function private.lock_enrollments(p_schedule_id uuid, p_batch_id uuid, p_payment_status text)
returns void
language plpgsql
set search_path = ''
as $$
begin
  if p_payment_status is not null then
    insert into public.enrollment_payment_locks as l (schedule_id, enrollment_id, payment_status, previous_status)
    select p_schedule_id, e.id, p_payment_status, coalesce(
        (select o.previous_status from public.enrollment_payment_locks o where o.enrollment_id = e.id limit 1),
        e.payment_status
      )
    from public.client_enrollments e
    where e.id in (
      select private.uuid_or_null(s.action_reference_id)
      from public.credit_spends s
      join public.credit_ledger entry on entry.spend_id = s.id
      where entry.batch_id = p_batch_id and s.action_type = 'enrollment'
      group by s.id
      having sum(entry.amount) < 0 -- not given back
      union
      select s.enrollment_id from public.payment_schedules s where s.id = p_schedule_id
    )
    order by e.id
    for update of e
    on conflict (schedule_id, enrollment_id) do update set payment_status = excluded.payment_status;
  end if;

  with lifted as (
    delete from public.enrollment_payment_locks
    where schedule_id = p_schedule_id and p_payment_status is null
    returning enrollment_id, previous_status
  ),
  held as (
    select l.enrollment_id,
      case when bool_or(l.payment_status = 'overdue') then 'overdue' else 'outstanding' end as payment_status
    from public.enrollment_payment_locks l
    where l.schedule_id <> p_schedule_id or p_payment_status is not null
    group by l.enrollment_id
  )
  update public.client_enrollments e
  set payment_status = coalesce(h.payment_status, t.previous_status)
  from (
    select l.enrollment_id, l.previous_status from lifted l
    union all
    select l.enrollment_id, l.previous_status from public.enrollment_payment_locks l
    where l.schedule_id = p_schedule_id and p_payment_status is not null
  ) t
  left join held h on h.enrollment_id = t.enrollment_id
  where e.id = t.enrollment_id and e.payment_status is distinct from coalesce(h.payment_status, t.previous_status);
end
$$;
comment on function private.lock_enrollments(uuid, uuid, text) is
  'Sets payment_status (outstanding, overdue) of the enrolments that drew from an instalment plan''s batch; '
  'null lifts it from those it was set on. With several plans the worst counts.';
revoke execute on function private.lock_enrollments(uuid, uuid, text) from public;

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
  v_refunded constant bigint := coalesce((v_object ->> 'amount_refunded')::bigint, 0);
  v_known bigint;
begin
  select c.amount_refunded into v_known from public.stripe_charges c where c.id = v_object ->> 'id';
  insert into public.stripe_charges as c (id, payment_id, amount, amount_refunded)
  values (
    v_object ->> 'id', private.stripe_subject(p_event), (v_object ->> 'amount')::bigint, v_refunded
  )
  on conflict (id) do update set amount_refunded = greatest(c.amount_refunded, excluded.amount_refunded);
  if private.stripe_id(v_object -> 'invoice') is not null then -- before basil
    insert into public.stripe_payments (id, invoice_id)
    values (private.stripe_subject(p_event), private.stripe_id(v_object -> 'invoice'))
    on conflict (id) do update set invoice_id = excluded.invoice_id;
  end if;
  return case
    when v_known = v_refunded then 'duplicate'
    when v_known > v_refunded then 'stale'
    else 'applied'
  end;
end
$$;
comment on function private.record_stripe_charge(jsonb) is
  'Keeps how much of a charge was refunded: the figure is cumulative, so the largest is the newest.';
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
    id, mode, state, customer_id, subscription_id, payment_intent_id, invoice_id, amount_total, currency,
    metadata, created_at, email_user_id
  )
  values (
    v_object ->> 'id', v_object ->> 'mode', v_state, private.stripe_id(v_object -> 'customer'),
    v_subscription_id, private.stripe_id(v_object -> 'payment_intent'), private.stripe_id(v_object -> 'invoice'),
    (v_object ->> 'amount_total')::bigint, v_object ->> 'currency',
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
  v_state constant text := case
    when p_event ->> 'type' <> 'charge.dispute.closed' then 'open'
    when v_object ->> 'status' = 'lost' then 'lost'
    else 'won' -- warning_closed, too: the inquiry led to nothing
  end;
  v_known text;
begin
  select d.state into v_known from public.stripe_disputes d where d.id = v_object ->> 'id';
  insert into public.stripe_disputes as d (id, payment_id, amount, state)
  values (
    v_object ->> 'id', private.stripe_subject(p_event), (v_object ->> 'amount')::bigint, v_state
  )
  on conflict (id) do update
  set state = case when d.state = 'open' then excluded.state else d.state end,
    amount = greatest(d.amount, excluded.amount);
  return case
    when v_known is null or (v_known = 'open' and v_state <> 'open') then 'applied'
    when v_known = v_state then 'duplicate'
    else 'stale'
  end;
end
$$;
comment on function private.record_stripe_dispute(jsonb) is
  'Keeps the state of a dispute: open, then won or lost, which is final.';
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
  v_attempts constant integer := coalesce((v_object ->> 'attempt_count')::integer, 0);
  v_next constant timestamptz := private.stripe_time(v_object -> 'next_payment_attempt');
  v_status constant text := coalesce(v_object ->> 'status', 'open');
  v_failed_at constant timestamptz := case p_event ->> 'type' when 'invoice.payment_failed' then v_created end;
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
      id, subscription_id, status, billing_reason, currency, amount_paid, attempt_count, next_payment_attempt,
      metadata, created_at, paid_at, failed_at, as_of, as_of_event
    )
    values (
      v_object ->> 'id', v_subscription_id, v_status, v_object ->> 'billing_reason', v_object ->> 'currency',
      coalesce((v_object ->> 'amount_paid')::bigint, 0), v_attempts, v_next,
      private.stripe_invoice_metadata(v_object), private.stripe_time(v_object -> 'created'),
      case v_status when 'paid' then coalesce(
        private.stripe_time(v_object #> '{status_transitions,paid_at}'), v_created
      ) end,
      v_failed_at, v_created, p_event ->> 'id'
    );
    return 'applied';
  end if;

  v_new := v_known;
  -- paid and void are final, and a paid one cannot be made void
  if v_status = 'paid' or (v_status = 'void' and v_known.status <> 'paid') then
    v_new.status := v_status;
    v_new.amount_paid := greatest(v_known.amount_paid, coalesce((v_object ->> 'amount_paid')::bigint, 0));
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
    if v_new.status not in ('paid', 'void') then
      v_new.status := v_status;
    end if;
  end if;
  if (v_created, p_event ->> 'id') > (v_known.as_of, v_known.as_of_event) then
    v_new.metadata := private.stripe_invoice_metadata(v_object);
    v_new.as_of := v_created;
    v_new.as_of_event := p_event ->> 'id';
  end if;
  update public.stripe_invoices
  set status = v_new.status, amount_paid = v_new.amount_paid, paid_at = v_new.paid_at,
    attempt_count = v_new.attempt_count, next_payment_attempt = v_new.next_payment_attempt,
    failed_at = v_new.failed_at, metadata = v_new.metadata, as_of = v_new.as_of, as_of_event = v_new.as_of_event
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
  'Keeps what an event says of an invoice of a subscription: paid and void are final, of failed attempts '
  'the last counts.';
revoke execute on function private.record_stripe_invoice(jsonb) from public;

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
  elsif not private.is_stripe_type_handled(v_event.type) then
    return row('ignored', 'type_not_handled', null, null)::public.stripe_event_result;
  end if;

  v_result := private.take_stripe_event(v_event.payload, null, p_now);
  if v_result.status = 'needs_fetch' then
    return row('refused', v_result.outcome, v_result.fetch_type, v_result.fetch_id)::public.stripe_event_result;
  end if;
  if v_event.status in ('unmatched', 'ignored') and v_result.status = 'duplicate' then
    v_result.status := 'applied'; -- the facts are not new, what they lead to is
  end if;
  update public.stripe_events set status = v_result.status, outcome = v_result.outcome
  where id = p_id and status in ('unmatched', 'ignored');
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
  p_batch_id uuid, p_target integer, p_reason text, p_now timestamptz
)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_batch public.credit_batches;
  v_spent integer;
  v_taken integer;
  v_settled integer;
  v_debt integer;
  v_move integer; -- out of the batch; negative: back into it
begin
  select * into v_batch from public.credit_batches where id = p_batch_id;
  perform private.lock_credit_owner(v_batch.owner_type, v_batch.owner_id);
  select * into v_batch from public.credit_batches where id = p_batch_id for update;

  select
    coalesce(-sum(l.amount) filter (where l.entry_type in ('spend', 'refund')), 0),
    coalesce(-sum(l.amount) filter (where l.entry_type in ('reversal', 'restoration')), 0)
  into v_spent, v_taken
  from public.credit_ledger l where l.batch_id = p_batch_id;

  -- Spent credits cannot be taken. What has expired need not be: it is neither left nor was it used.
  v_debt := greatest(least(p_target, v_batch.original_amount) - (v_batch.original_amount - v_spent), 0);
  v_move := least(least(p_target, v_batch.original_amount) - v_debt - v_taken, v_batch.remaining_amount);
  if v_move <> 0 then
    insert into public.credit_ledger (
      batch_id, owner_type, owner_id, entry_type, amount, balance_after, cause, idempotency_key, created_at
    )
    values (
      p_batch_id, v_batch.owner_type, v_batch.owner_id,
      case when v_move > 0 then 'reversal' else 'restoration' end, -v_move, v_batch.remaining_amount - v_move,
      p_reason,
      -- one for each state of the account
      'stripe:' || p_batch_id || ':' || (select max(l.id) from public.credit_ledger l where l.batch_id = p_batch_id),
      p_now
    );
  end if;

  select coalesce(sum(d.credits), 0) into v_settled
  from public.credit_debts d where d.batch_id = p_batch_id and d.settled_at is not null;
  if v_debt > v_settled then
    insert into public.credit_debts as d (owner_type, owner_id, batch_id, credits, reason, created_at)
    values (v_batch.owner_type, v_batch.owner_id, p_batch_id, v_debt - v_settled, p_reason, p_now)
    on conflict (batch_id) where settled_at is null do update
    set credits = excluded.credits where d.credits <> excluded.credits;
  else
    delete from public.credit_debts where batch_id = p_batch_id and settled_at is null;
  end if;
end
$$;
comment on function private.reverse_credits(uuid, integer, text, timestamptz) is
  'Makes p_target credits of a batch reversed in all: takes what is left or gives back, and keeps the spent '
  'part as a debt.';
revoke execute on function private.reverse_credits(uuid, integer, text, timestamptz) from public;

create or replace function private.settle_installment_reversals(
  p_schedule public.payment_schedules, p_batch_id uuid, p_now timestamptz
)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_payments text[];
  v_reversed numeric;
begin
  select array_agg(p.id), sum(r.amount)
  into v_payments, v_reversed
  from public.stripe_invoices i
  join public.stripe_payments p on p.invoice_id = i.id
  cross join lateral (
    select case when i.installment is not null and not i.is_surplus
      then least(private.stripe_reversed(p.id), i.amount_paid) else 0 end as amount
  ) r
  where i.subscription_id = p_schedule.stripe_subscription_id
    and (
      exists (select from public.stripe_charges c where c.payment_id = p.id)
      or exists (select from public.stripe_disputes d where d.payment_id = p.id)
    );
  if v_payments is not null then
    perform private.reverse_credits(
      p_batch_id,
      round(p_schedule.credits_granted * least(v_reversed / least(
        p_schedule.total_amount_cents, p_schedule.installment_count::bigint * p_schedule.installment_amount_cents
      ), 1))::integer,
      'stripe:' || p_schedule.stripe_subscription_id, p_now
    );
    perform private.settle_stripe_events(v_payments);
  end if;
end
$$;
comment on function private.settle_installment_reversals(public.payment_schedules, uuid, timestamptz) is
  'Reverses the credits of an instalment plan by the share that the payments given back have in its price.';
revoke execute on function private.settle_installment_reversals(public.payment_schedules, uuid, timestamptz)
  from public;

create or replace function private.settle_installments(p_subscription_id text, p_now timestamptz)
returns text
language plpgsql
set search_path = ''
set timezone = 'UTC' -- in which the months between payments are counted
as $$
declare
  v_subscription public.stripe_subscriptions;
  v_known public.payment_schedules;
  v_schedule public.payment_schedules;
  v_session public.stripe_checkouts;
  v_package public.credit_topup_packages;
  v_credits integer;
  v_first public.stripe_invoices;
  v_awaited boolean; -- the checkout's invoice, which is the first payment
  v_amount bigint;
  v_count integer;
  v_batch_id uuid;
  v_lock text;
begin
  select * into v_subscription from public.stripe_subscriptions where id = p_subscription_id;
  select * into v_known from public.payment_schedules
  where stripe_subscription_id = p_subscription_id and duplicate_of is null
  for update;
  select * into v_session from public.stripe_checkouts
  where subscription_id = p_subscription_id
  order by state = 'paid' desc, created_at desc, id desc
  limit 1;
  select p.* into v_package
  from private.stripe_metadata(p_subscription_id, 'package_id') with ordinality m (value, rank)
  join public.credit_topup_packages p on p.id = private.uuid_or_null(m.value)
  order by m.rank
  limit 1;

  v_schedule := v_known;
  v_credits := coalesce(
    (select private.positive_or_null(m) from private.stripe_metadata(p_subscription_id, 'credit_value') m limit 1),
    nullif(v_known.credits_granted, 0), nullif(v_package.credit_value, 0)
  );

  -- The payments
  select * into v_first from public.stripe_invoices i
  where i.subscription_id = p_subscription_id and i.status = 'paid' and i.amount_paid > 0
    and i.billing_reason in ('subscription_create', 'subscription_cycle', 'subscription')
  order by i.created_at, i.id
  limit 1;
  v_awaited := coalesce(v_session.state = 'paid', false) and coalesce(v_session.amount_total, 0) > 0
    and v_known.counted_until is null
    and not exists (
      select from public.stripe_invoices i
      where i.subscription_id = p_subscription_id and i.status = 'paid'
        and (i.id = v_session.invoice_id or i.billing_reason = 'subscription_create')
    );
  if v_first.id is null and v_session.state is distinct from 'paid' and v_known.id is null then
    return 'awaiting_payment';
  end if;

  -- The numbers
  v_schedule.total_amount_cents := coalesce(
    (select private.positive_or_null(m) from private.stripe_metadata(p_subscription_id, 'total_amount_cents') m limit 1),
    nullif(v_known.total_amount_cents, 0), nullif(v_package.price_cents, 0)
  );
  v_schedule.installment_amount_cents := coalesce(
    (select private.positive_or_null(m) from private.stripe_metadata(p_subscription_id, 'installment_amount_cents') m limit 1),
    nullif(v_known.installment_amount_cents, 0), v_first.amount_paid, nullif(v_session.amount_total, 0)
  );
  v_schedule.installment_count := coalesce(
    (select private.positive_or_null(m) from private.stripe_metadata(p_subscription_id, 'installment_count') m limit 1),
    (select private.positive_or_null(m) from private.stripe_metadata(p_subscription_id, 'installments') m limit 1),
    nullif(v_known.installment_count, 0),
    ceil(v_schedule.total_amount_cents::numeric / v_schedule.installment_amount_cents)
  );
  if v_schedule.installment_count is null or v_schedule.installment_count > 120
    or v_schedule.installment_amount_cents is null or v_schedule.installment_amount_cents > 2147483647 / 120
    or v_credits is null or v_credits > 100000000 -- the most that a grant takes
  then
    return 'unknown_numbers';
  end if;
  v_schedule.total_amount_cents := coalesce(
    v_schedule.total_amount_cents, v_schedule.installment_count * v_schedule.installment_amount_cents
  );

  update public.stripe_invoices i
  set installment = n.place, is_surplus = n.place > v_schedule.installment_count
  from (
    select c.id, coalesce(v_known.installments_before, 0) + v_awaited::integer
      + row_number() over (order by c.created_at, c.id) as place
    from public.stripe_invoices c
    where c.subscription_id = p_subscription_id and c.status = 'paid' and c.amount_paid > 0
      and c.billing_reason in ('subscription_create', 'subscription_cycle', 'subscription')
      and (v_known.counted_until is null or c.paid_at > v_known.counted_until)
  ) n
  where i.id = n.id and i.installment is distinct from n.place;
  select coalesce(v_known.installments_before, 0) + v_awaited::integer + count(*),
    coalesce(v_known.amount_before_cents, 0) + coalesce(sum(i.amount_paid), 0)
      + case when v_awaited then v_session.amount_total else 0 end
  into v_count, v_amount
  from public.stripe_invoices i
  where i.subscription_id = p_subscription_id and i.installment is not null and not i.is_surplus;

  -- The row
  v_schedule.installments_paid := least(v_count, v_schedule.installment_count);
  v_schedule.amount_paid_cents := v_amount;
  v_schedule.currency := lower(coalesce(
    v_first.currency, v_session.currency, v_known.currency, v_package.currency, 'eur'
  ));
  if v_known.counted_until is null then
    v_schedule.started_at := coalesce(v_first.created_at, v_subscription.created_at, v_session.created_at);
  end if;
  v_schedule.status := case
    when v_schedule.installments_paid >= v_schedule.installment_count then 'completed'
    when v_subscription.status in ('unpaid', 'canceled', 'incomplete_expired') then 'defaulted'
    when exists (
      select from public.stripe_invoices i
      where i.subscription_id = p_subscription_id and i.status not in ('paid', 'void')
        and i.failed_at is not null and i.next_payment_attempt is null
    ) then 'defaulted'
    else 'active'
  end;
  v_schedule.completed_at := case v_schedule.status when 'completed' then coalesce(
    (
      select i.paid_at from public.stripe_invoices i
      where i.subscription_id = p_subscription_id and i.installment = v_schedule.installment_count
    ),
    v_known.completed_at, v_schedule.started_at
  ) end;
  v_schedule.cancelled_at := case v_schedule.status when 'defaulted' then v_subscription.ended_at end;
  v_schedule.next_payment_date := case
    when v_schedule.status = 'completed' or v_subscription.status in ('canceled', 'incomplete_expired') then null
    -- from the first payment's day, so that 31 January, 28 February, 31 March follow one another
    else v_schedule.started_at + make_interval(months => v_schedule.installments_paid)
  end;

  insert into public.payment_schedules as s (
    user_id, stripe_subscription_id, stripe_customer_id, total_amount_cents, currency, installment_count,
    installment_amount_cents, installments_paid, amount_paid_cents, next_payment_date, started_at,
    completed_at, cancelled_at, status, credit_package_id, credits_granted, metadata
  )
  values (
    v_subscription.user_id, p_subscription_id, v_subscription.customer_id, v_schedule.total_amount_cents,
    v_schedule.currency, v_schedule.installment_count, v_schedule.installment_amount_cents,
    v_schedule.installments_paid, v_schedule.amount_paid_cents, v_schedule.next_payment_date,
    v_schedule.started_at, v_schedule.completed_at, v_schedule.cancelled_at, v_schedule.status, v_package.id,
    v_credits, jsonb_strip_nulls(jsonb_build_object('package_slug', coalesce(
      (select m from private.stripe_metadata(p_subscription_id, 'package_slug') m limit 1), v_package.slug
    )))
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
  returning s.* into v_schedule;

  -- The credits. What was counted before the facts begin was granted, or not, by hand.
  if v_schedule.counted_until is null then
    v_batch_id := private.grant_installments(v_schedule, v_session, v_package, p_now);
    if v_batch_id is null then
      return 'credits_lapsed';
    end if;
    perform private.settle_installment_reversals(v_schedule, v_batch_id, p_now);
  end if;

  v_lock := case
    when v_schedule.status = 'defaulted' then 'overdue'
    when v_schedule.status = 'active' and (
      v_subscription.status = 'past_due'
      or exists (
        select from public.stripe_invoices i
        where i.subscription_id = p_subscription_id and i.status not in ('paid', 'void') and i.failed_at is not null
      )
    ) then 'outstanding'
  end;
  perform private.lock_enrollments(v_schedule.id, v_batch_id, v_lock);
  return 'schedule_' || v_schedule.status;
end
$$;
comment on function private.settle_installments(text, timestamptz) is
  'Brings an instalment plan up to date: its schedule, the credits, and the enrolments that a missing '
  'payment locks.';
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

  select * into v_source from public.stripe_subscriptions s
  where s.organization_id = p_organization_id and s.kind = 'org_platform_subscription'
    and (s.held or s.id = v_known.stripe_subscription_id)
  order by s.holds desc, s.held desc, s.created_at desc, s.id desc
  limit 1;
  if not found then
    return 'nothing_held';
  end if;

  select * into v_tier from public.org_platform_tiers t
  where t.stripe_annual_price_id = any (v_source.price_ids) or t.stripe_monthly_price_id = any (v_source.price_ids)
  order by t.display_order, t.id
  limit 1;
  if v_source.holds then
    v_tier_id := coalesce(
      v_tier.id,
      (
        select t.id
        from private.stripe_metadata(v_source.id, 'tier_id') with ordinality m (value, rank)
        join public.org_platform_tiers t on t.id = private.uuid_or_null(m.value)
        order by m.rank
        limit 1
      ),
      v_known.tier_id
    );
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
      when v_tier.id is not null then 'annual'
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
  'Sets an organisation''s platform subscription, made when missing: the newest that holds, else the '
  'newest. A tier only while it holds.';
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
    return case when v_kind is distinct from 'credit_installment' then 'no_credits' else v_outcome end;
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

create or replace function private.settle_plan(p_user_id uuid)
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
begin
  select * into v_profile from public.profiles where id = p_user_id for update;
  select * into v_given from private.stripe_plans where user_id = p_user_id;

  -- created_at is null while only the checkout of a new subscription is known
  select * into v_source from public.stripe_subscriptions s
  where s.user_id = p_user_id and s.kind = 'user_subscription' and s.plan_id is not null
    and (
      s.held
      -- bought before the facts begin: it gave this plan if it is this plan's
      or (
        v_given.user_id is null and s.plan_id = v_profile.plan_id
        and s.status in ('canceled', 'unpaid', 'paused', 'incomplete_expired')
      )
    )
  order by s.holds desc, s.created_at desc, s.id desc
  limit 1;
  if not found then
    return 'nothing_held';
  end if;

  if v_source.holds then
    v_plan_id := v_source.plan_id;
    v_expires_at := v_source.period_end;
  else
    select coalesce(p.fallback_plan_id, (select f.id from public.plans f where f.key = 'free'))
    into v_plan_id
    from public.plans p where p.id = v_source.plan_id;
  end if;

  if v_given.user_id is not null and v_profile.plan_id is distinct from v_given.plan_id
    and not (
      v_source.holds
      and coalesce(v_source.created_at > v_given.subscribed_at, v_source.id <> v_given.subscription_id)
    )
  then
    return 'plan_kept'; -- somebody else gave it since
  end if;

  insert into private.stripe_plans (user_id, plan_id, subscription_id, subscribed_at)
  values (p_user_id, v_plan_id, v_source.id, v_source.created_at)
  on conflict (user_id) do update
  set plan_id = excluded.plan_id, subscription_id = excluded.subscription_id,
    subscribed_at = excluded.subscribed_at;

  if (v_profile.plan_id, v_profile.plan_expires_at) is not distinct from (v_plan_id, v_expires_at) then
    return 'plan_unchanged';
  end if;
  update public.profiles set plan_id = v_plan_id, plan_expires_at = v_expires_at where id = p_user_id;
  return case when v_source.holds then 'plan_set' else 'fallback_set' end;
end
$$;
comment on function private.settle_plan(uuid) is
  'Sets a user''s plan from their subscriptions: the newest that holds, else what follows the plan that '
  'ended. Keeps what somebody else gave since.';
revoke execute on function private.settle_plan(uuid) from public;

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
      (
        select p.id from public.profiles p
        where p.id = private.uuid_or_null(v_session.metadata ->> 'user_id')
      ),
      v_session.email_user_id
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

  v_credits := coalesce(
    v_user.credits_purchased, v_org.credits_purchased,
    private.positive_or_null(v_session.metadata ->> 'credit_value'), nullif(v_credits, 0)
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

  -- The row
  v_was_completed := coalesce(v_user.status = 'completed', v_org.status = 'completed', false);
  if v_owner_type = 'user' then
    insert into public.user_credit_purchases as p (
      user_id, package_id, credits_purchased, amount_cents, currency, stripe_payment_intent_id,
      stripe_checkout_session_id, expires_at, status
    )
    values (
      v_owner_id, v_package_id, v_credits, v_amount, v_currency, v_session.payment_intent_id, p_session_id,
      v_expires_at, 'completed'
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
      v_owner_id, v_package_id, v_credits, v_amount, v_currency, v_session.payment_intent_id, p_session_id,
      v_expires_at, 'completed', (
        select u.id from public.profiles u
        where u.id = private.uuid_or_null(coalesce(
          v_session.metadata ->> 'purchased_by', v_session.metadata ->> 'user_id'
        ))
      )
    )
    on conflict (stripe_checkout_session_id) do update
    set status = 'completed', expires_at = coalesce(p.expires_at, excluded.expires_at),
      stripe_payment_intent_id = coalesce(p.stripe_payment_intent_id, excluded.stripe_payment_intent_id)
    returning p.id into v_purchase_id;
  end if;

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
declare
  v_reversed constant bigint := private.stripe_reversed(p_payment_id);
begin
  if exists (select from public.stripe_charges c where c.payment_id = p_payment_id)
    or exists (select from public.stripe_disputes d where d.payment_id = p_payment_id)
  then
    perform private.reverse_credits(
      b.id,
      round(b.original_amount * least(v_reversed::numeric / nullif(p_amount, 0), 1))::integer,
      'stripe:' || p_payment_id, p_now
    )
    from public.credit_batches b where b.id = p_batch_id;
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
  where subject = any (p_subjects) and status = 'unmatched';
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
    plan_id = case k.kind when 'user_subscription' then coalesce(
      (
        select p.plan_id
        from unnest(s.price_ids) with ordinality i (price_id, place)
        join public.plan_prices p on p.stripe_price_id = i.price_id
        order by i.place, p.created_at, p.id
        limit 1
      ),
      (
        select p.id
        from private.stripe_metadata(p_id, 'plan_id') with ordinality m (value, rank)
        join public.plans p on p.id = private.uuid_or_null(m.value)
        order by m.rank
        limit 1
      )
    ) end
  from (select private.stripe_kind(p_id) as kind) k
  where s.id = p_id
  returning s.* into v_after;

  -- Whoever it was taken for before has to do without it.
  if v_before.kind = 'user_subscription' and v_before.user_id is distinct from v_after.user_id then
    perform private.settle_plan(v_before.user_id);
  end if;
  if v_before.organization_id is distinct from v_after.organization_id then
    perform private.settle_organization(v_before.organization_id);
  end if;

  return case
    when v_after.kind is null then 'unknown_subscription'
    when v_after.kind = 'org_platform_subscription' and v_after.organization_id is null then 'unknown_organization'
    when v_after.kind = 'org_platform_subscription' then private.settle_organization(v_after.organization_id)
    when v_after.user_id is null then 'unknown_user'
    when v_after.kind = 'credit_installment' then private.settle_installments(p_id, p_now)
    when v_after.plan_id is null then 'unknown_plan'
    else private.settle_plan(v_after.user_id)
  end;
end
$$;
comment on function private.settle_stripe_subscription(text, timestamptz) is
  'Finds out whose a subscription is and brings what it pays for up to date with the facts. An outcome that '
  'begins with unknown_ needs a person or a later event.';
revoke execute on function private.settle_stripe_subscription(text, timestamptz) from public;

create or replace view public.stripe_attention
with (security_invoker = true)
as
select 'unmatched_event' as kind, e.id as subject, e.outcome as detail, e.subject as stripe_id,
  null::text as owner_type, null::uuid as owner_id, e.received_at as since
from public.stripe_events e
where e.status = 'unmatched'
union all
select 'payment_given_up', i.id, i.attempt_count || ' attempts', i.subscription_id,
  case when s.organization_id is not null then 'org' when s.user_id is not null then 'user' end,
  coalesce(s.organization_id, s.user_id), i.failed_at
from public.stripe_invoices i
join public.stripe_subscriptions s on s.id = i.subscription_id
where i.status not in ('paid', 'void') and i.failed_at is not null and i.next_payment_attempt is null
  and s.held -- nobody waits for a first payment: there is nothing to take away
union all
select 'surplus_payment', i.id, i.amount_paid || ' ' || i.currency, i.subscription_id, 'user', s.user_id, i.paid_at
from public.stripe_invoices i
join public.stripe_subscriptions s on s.id = i.subscription_id
where i.is_surplus and not exists (
  select from public.stripe_payments p
  join public.stripe_charges c on c.payment_id = p.id and c.amount_refunded >= i.amount_paid
  where p.invoice_id = i.id
)
union all
select 'credit_debt', d.id::text, d.credits || ' credits', d.reason, d.owner_type, d.owner_id, d.created_at
from public.credit_debts d
where d.settled_at is null;
comment on view public.stripe_attention is
  'What needs a person: events without a user, plan or organisation, payments past their last attempt, '
  'payments beyond the agreed number, debts.';
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
  select case jsonb_typeof(p_seconds) when 'number' then to_timestamp((p_seconds #>> '{}')::double precision) end;
end;
comment on function private.stripe_time(jsonb) is
  'A time of Stripe''s, in whole seconds since 1970; null stays null.';
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
  'Whose a subscription is: by metadata.organization_id, by the subscription''s or the customer''s id.';
revoke execute on function private.stripe_organization(text) from public;

create or replace function private.stripe_reversed(p_payment_id text)
returns bigint
language sql
stable
set search_path = ''
begin atomic
  select (
    coalesce((select sum(c.amount_refunded) from public.stripe_charges c where c.payment_id = p_payment_id), 0)
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
    when p_event ->> 'type' like 'charge.%' then coalesce(
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
    ),
    (
      select c.email_user_id
      from public.stripe_checkouts c
      where c.subscription_id = p_subscription_id and c.email_user_id is not null
      order by c.created_at desc, c.id desc
      limit 1
    )
  );
end;
comment on function private.stripe_user(text) is
  'Whose a subscription is: by metadata.user_id, by another subscription of the customer, by the e-mail '
  'address at the checkout.';
revoke execute on function private.stripe_user(text) from public;

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
      -- It may be newer than the event, so any event of this second and of later ones has the last word.
      perform private.write_stripe_subscription(
        p_fetched, private.stripe_time(p_event -> 'created'), -1, p_event ->> 'id'
      );
    end if;
    v_change := private.record_stripe_checkout(p_event);
    v_result.outcome := case
      when private.stripe_id(v_object -> 'subscription') is not null
      then private.settle_stripe_subscription(v_subject, p_now)
      else private.settle_purchase(v_object ->> 'id', p_now)
    end;

  elsif v_type like 'charge.%' then
    if private.stripe_id(v_object -> 'payment_intent') is not null
      and private.stripe_id(v_object -> 'invoice') is null -- before basil it names its invoice
      and not private.is_payment_known(v_subject)
    then
      if p_fetched is null then
        return row('needs_fetch', 'unknown_payment', 'invoice_payments', v_subject)::public.stripe_event_result;
      end if;
      insert into public.stripe_payments (id, invoice_id)
      values (v_subject, private.stripe_id(p_fetched #> '{data,0,invoice}'))
      on conflict (id) do nothing;
    end if;
    v_change := case
      when v_type = 'charge.refunded' then private.record_stripe_charge(p_event)
      else private.record_stripe_dispute(p_event)
    end;
    v_result.outcome := private.settle_payment(v_subject, p_now);

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
    when v_result.outcome = 'not_ours' then 'ignored'
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
