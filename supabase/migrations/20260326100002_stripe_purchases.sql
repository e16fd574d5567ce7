-- Credits that are bought at once: one grant a checkout session, whoever comes first.
--
-- Why: a purchase whose browser never came back was never granted, and one that came back twice could be
-- granted twice.
-- Rules: the session's latest state counts. The grant has the key purchase:<session>; what the browser
-- granted on its return is found by the purchase or the session, and not granted again.
-- Locks: ACCESS EXCLUSIVE on the two purchase tables while columns and unique keys are added. Second and
-- later rows of one session keep their data, under duplicate_of. Can be run again.

set lock_timeout = '10s';

-- One row a session ---------------------------------------------------------------------------------

alter table public.user_credit_purchases
  -- squawk-ignore adding-foreign-key-constraint -- the column is new: no row has a value to look up
  add column if not exists duplicate_of uuid references public.user_credit_purchases (id) on delete set null;
alter table public.org_credit_purchases
  -- squawk-ignore adding-foreign-key-constraint -- the column is new: no row has a value to look up
  add column if not exists duplicate_of uuid references public.org_credit_purchases (id) on delete set null;
comment on column public.user_credit_purchases.duplicate_of is
  'The row that stands for the same checkout session, whose id this one had, too.';
comment on column public.org_credit_purchases.duplicate_of is
  'The row that stands for the same checkout session, whose id this one had, too.';

do $$
begin
  if to_regclass('public.user_credit_purchases_session_key') is null then
    update public.user_credit_purchases p
    set duplicate_of = ranked.kept_id, stripe_checkout_session_id = null,
      notes = concat_ws(' ', p.notes, 'Checkout session ' || p.stripe_checkout_session_id)
    from (
      select id,
        first_value(id) over (
          partition by stripe_checkout_session_id order by status = 'completed' desc, created_at, id
        ) as kept_id
      from public.user_credit_purchases
      where stripe_checkout_session_id is not null
    ) ranked
    where ranked.id = p.id and p.id <> ranked.kept_id;
    create unique index user_credit_purchases_session_key
      on public.user_credit_purchases (stripe_checkout_session_id);
  end if;

  if to_regclass('public.org_credit_purchases_session_key') is null then
    update public.org_credit_purchases p
    set duplicate_of = ranked.kept_id, stripe_checkout_session_id = null,
      notes = concat_ws(' ', p.notes, 'Checkout session ' || p.stripe_checkout_session_id)
    from (
      select id,
        first_value(id) over (
          partition by stripe_checkout_session_id order by status = 'completed' desc, created_at, id
        ) as kept_id
      from public.org_credit_purchases
      where stripe_checkout_session_id is not null
    ) ranked
    where ranked.id = p.id and p.id <> ranked.kept_id;
    create unique index org_credit_purchases_session_key
      on public.org_credit_purchases (stripe_checkout_session_id);
  end if;
end
$$;
create index if not exists user_credit_purchases_duplicate_idx on public.user_credit_purchases (duplicate_of)
  where duplicate_of is not null;
create index if not exists org_credit_purchases_duplicate_idx on public.org_credit_purchases (duplicate_of)
  where duplicate_of is not null;
create index if not exists user_credit_purchases_payment_intent_idx
  on public.user_credit_purchases (stripe_payment_intent_id) where stripe_payment_intent_id is not null;
create index if not exists org_credit_purchases_payment_intent_idx
  on public.org_credit_purchases (stripe_payment_intent_id) where stripe_payment_intent_id is not null;
create index if not exists credit_batches_source_reference_idx
  on public.credit_batches (source_reference_id) where source_type = 'purchase';

-- Facts ---------------------------------------------------------------------------------------------

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
  'Keeps what an event says of a checkout session: open, expired, failed, paid, of which a later one is never undone.';

-- The purchase --------------------------------------------------------------------------------------

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
    v_batch_id := public.grant_credit_batch(
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
  'Brings a purchase of credits up to date with its checkout session: the row, and the credits, once, whoever came first.';

revoke execute on function private.record_stripe_checkout(jsonb),
  private.purchase_batch(text, uuid, uuid, text), private.settle_purchase(text, timestamptz)
  from public, anon, authenticated;
