-- What Stripe has told us, kept by business object: the tables, and where each API version puts a field.
--
-- Why: events come more than once and in any order, so none of them may change a plan, a schedule or a
-- balance by itself. An event is written down as a fact about its object, where the newer or the final
-- state wins, and what the application reads is computed from the facts (the migrations that follow).
-- The same facts give the same rows, whichever came first.
-- Locks: none on tables that exist. Can be run again.

set lock_timeout = '10s';

-- Tables --------------------------------------------------------------------------------------------

create table if not exists public.stripe_events (
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
);
comment on table public.stripe_events is
  'Every event received, once. The row and the event''s effect are one transaction. Payloads go after 90 days.';
comment on column public.stripe_events.subject is
  'What the event is about: a subscription, a one-time checkout session, or a payment.';
comment on column public.stripe_events.status is
  'stale lost to a newer state; duplicate told nothing new; ignored is not handled or not ours; unmatched needs a person or a later event.';
create index if not exists stripe_events_object_idx on public.stripe_events (object_id, created);
create index if not exists stripe_events_unmatched_idx on public.stripe_events (subject) where status = 'unmatched';
create index if not exists stripe_events_payload_idx on public.stripe_events (received_at) where payload is not null;

create table if not exists public.stripe_subscriptions (
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
);
comment on table public.stripe_subscriptions is
  'The newest state known of each subscription, and whose it is. Without a status, only its invoices or its checkout are known.';
comment on column public.stripe_subscriptions.as_of is
  'When the state was; as_of_rank orders within the second: -1 fetched for a checkout, 0 created, 1 updated, 2 deleted, 3 fetched to decide between updates.';
comment on column public.stripe_subscriptions.was_live is 'Whether any snapshot, stale ones too, said that it is paid for.';
comment on column public.stripe_subscriptions.holds is 'Whether it entitles now; held: whether it ever did.';
create index if not exists stripe_subscriptions_customer_idx on public.stripe_subscriptions (customer_id);
create index if not exists stripe_subscriptions_user_idx on public.stripe_subscriptions (user_id);
create index if not exists stripe_subscriptions_organization_idx on public.stripe_subscriptions (organization_id);
create index if not exists stripe_subscriptions_plan_idx on public.stripe_subscriptions (plan_id);

create table if not exists public.stripe_invoices (
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
);
comment on table public.stripe_invoices is
  'Invoices of subscriptions: one row, so one payment, an invoice. Paid and void are final.';
comment on column public.stripe_invoices.metadata is 'The subscription''s, as the invoice carries it.';
comment on column public.stripe_invoices.installment is
  'Which payment of an instalment plan it is; is_surplus: beyond the agreed number.';
create index if not exists stripe_invoices_subscription_idx on public.stripe_invoices (subscription_id, created_at);

create table if not exists public.stripe_checkouts (
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
);
comment on table public.stripe_checkouts is
  'Checkout sessions. A session that needs no payment is paid; one that an asynchronous method has yet to pay is open.';
comment on column public.stripe_checkouts.email_user_id is 'Who has the e-mail address that was typed at the checkout.';
create index if not exists stripe_checkouts_subscription_idx on public.stripe_checkouts (subscription_id);
create index if not exists stripe_checkouts_payment_idx on public.stripe_checkouts (payment_intent_id);
create index if not exists stripe_checkouts_customer_idx on public.stripe_checkouts (customer_id);
create index if not exists stripe_checkouts_email_user_idx on public.stripe_checkouts (email_user_id);

create table if not exists public.stripe_payments (
  id text primary key,
  invoice_id text
);
comment on table public.stripe_payments is
  'Which invoice a payment intent (or a charge without one) paid; null: none, as Stripe said when it was asked.';
create index if not exists stripe_payments_invoice_idx on public.stripe_payments (invoice_id);

create table if not exists public.stripe_charges (
  id text primary key,
  payment_id text not null,
  amount bigint not null,
  amount_refunded bigint not null
);
comment on table public.stripe_charges is 'How much of each charge was refunded, cumulative: it only grows.';
create index if not exists stripe_charges_payment_idx on public.stripe_charges (payment_id);

create table if not exists public.stripe_disputes (
  id text primary key,
  payment_id text not null,
  amount bigint not null,
  state text not null check (state in ('open', 'won', 'lost'))
);
comment on table public.stripe_disputes is
  'Disputes. Won and lost are final. An inquiry counts as a dispute: Stripe sends no event of ours when it becomes one.';
create index if not exists stripe_disputes_payment_idx on public.stripe_disputes (payment_id);

create table if not exists public.stripe_deleted_customers (
  id text primary key,
  deleted_at timestamptz not null
);
comment on table public.stripe_deleted_customers is 'Customers who exist no more: nobody can be billed under these ids.';

do $$
declare
  v_table text;
begin
  foreach v_table in array array[
    'stripe_events', 'stripe_subscriptions', 'stripe_invoices', 'stripe_checkouts', 'stripe_payments',
    'stripe_charges', 'stripe_disputes', 'stripe_deleted_customers'
  ] loop
    execute format('alter table public.%I enable row level security', v_table);
    execute format('revoke all on table public.%I from public, anon, authenticated, service_role', v_table);
    execute format('grant select on table public.%I to authenticated, service_role', v_table);
    execute format('drop policy if exists %I on public.%I', v_table || ': select', v_table);
    execute format(
      'create policy %I on public.%I for select to authenticated
       using ((select public.has_role((select auth.uid()), ''admin'')))',
      v_table || ': select', v_table
    );
  end loop;
end
$$;

-- Values --------------------------------------------------------------------------------------------

create or replace function private.stripe_time(p_seconds jsonb)
returns timestamptz
language sql
immutable
set search_path = ''
begin atomic
  select case jsonb_typeof(p_seconds) when 'number' then to_timestamp((p_seconds #>> '{}')::double precision) end;
end;
comment on function private.stripe_time(jsonb) is 'A time of Stripe''s, in whole seconds since 1970; null stays null.';

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
comment on function private.stripe_id(jsonb) is 'The id behind a reference, which may be expanded to the object.';

create or replace function private.uuid_or_null(p_text text)
returns uuid
language sql
immutable
set search_path = ''
begin atomic
  select case
    when p_text ~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' then p_text::uuid
  end;
end;
comment on function private.uuid_or_null(text) is 'The uuid that a text is, or null: metadata may hold anything.';

create or replace function private.positive_or_null(p_text text)
returns integer
language sql
immutable
set search_path = ''
begin atomic
  select case when p_text ~ '^[0-9]{1,9}$' then nullif(p_text::integer, 0) end;
end;
comment on function private.positive_or_null(text) is 'The positive whole number that a text is, or null.';

create or replace function private.time_or_null(p_text text)
returns timestamptz
language plpgsql
stable
set search_path = ''
set timezone = 'UTC'
as $$
begin
  return case when p_text ~ '^\d{4}-\d{2}-\d{2}' then p_text::timestamptz end;
exception
  when data_exception then
    return null;
end
$$;
comment on function private.time_or_null(text) is 'The ISO 8601 time that a text is, or null.';

-- Fields, by API version ----------------------------------------------------------------------------
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
comment on function private.stripe_period_start(jsonb) is 'When the latest period of a subscription''s items began.';

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
comment on function private.stripe_period_end(jsonb) is 'When the latest period of a subscription''s items ends.';

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

revoke execute on function private.stripe_time(jsonb), private.stripe_id(jsonb), private.uuid_or_null(text),
  private.positive_or_null(text), private.time_or_null(text), private.stripe_invoice_subscription(jsonb),
  private.stripe_invoice_metadata(jsonb), private.stripe_invoice_payments(jsonb),
  private.stripe_period_start(jsonb), private.stripe_period_end(jsonb), private.stripe_price_ids(jsonb),
  private.stripe_subject(jsonb)
  from public, anon, authenticated;

-- The lock ------------------------------------------------------------------------------------------

create or replace function private.lock_stripe()
returns void
language sql
volatile
set search_path = ''
begin atomic
  select pg_advisory_xact_lock(hashtextextended('stripe', 0));
end;
comment on function private.lock_stripe() is
  'Makes events follow one another, all of them. An invoice, its charge, its subscription and its customer find one another only by looking, so a lock an object would have to be several; an event takes milliseconds.';
revoke execute on function private.lock_stripe() from public, anon, authenticated;
