-- The inbox: one call takes an event in, settles what it touches and remembers it, or does none of it.
--
-- Why: production answered 200 over database errors, so that Stripe never sent the event again, and kept no
-- event ids, so that a redelivery took effect again.
-- Locks: none on tables that exist. Replaces no function of production's. Can be run again.

set lock_timeout = '10s';

do $$
begin
  perform private.drop_public_functions('apply_stripe_event', 'replay_stripe_event');
  if to_regtype('public.stripe_event_result') is null then
    create type public.stripe_event_result as (
      status text, -- applied | duplicate | stale | ignored | unmatched | needs_fetch | refused
      outcome text,
      fetch_type text, -- subscription | invoice_payments
      fetch_id text
    );
  end if;
end
$$;
comment on type public.stripe_event_result is
  'What became of an event. needs_fetch: nothing, until the caller gets the named object from Stripe and calls again.';

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
revoke execute on function private.is_unmatched(text) from public, anon, authenticated;

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
revoke execute on function private.take_stripe_event(jsonb, jsonb, timestamptz) from public, anon, authenticated;

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
revoke execute on function private.is_stripe_type_handled(text) from public, anon, authenticated;

create function public.apply_stripe_event(
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
  'Takes in a verified event: its row in the inbox and its effect are one transaction. p_fetched is what an earlier answer asked for, and counts as the newest state.';
revoke execute on function public.apply_stripe_event(jsonb, jsonb, timestamptz) from public, anon, authenticated;
grant execute on function public.apply_stripe_event(jsonb, jsonb, timestamptz) to service_role;

create function public.replay_stripe_event(p_id text, p_now timestamptz default now())
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
  'Applies a kept event again, for an operator who has added what was missing: a price, a user. What had its effect has it no second time. refused: there is no such event, or its payload is deleted.';
revoke execute on function public.replay_stripe_event(text, timestamptz) from public, anon, authenticated;
grant execute on function public.replay_stripe_event(text, timestamptz) to service_role;

-- What needs a person -------------------------------------------------------------------------------

drop view if exists public.stripe_attention;
create view public.stripe_attention
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
  'What needs a person: events without a user, plan or organisation, payments past their last attempt, payments beyond the agreed number, debts.';
revoke all on table public.stripe_attention from public, anon, authenticated, service_role;
grant select on table public.stripe_attention to authenticated, service_role;

-- Payloads ------------------------------------------------------------------------------------------

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
revoke execute on function private.delete_stripe_payloads(timestamptz) from public, anon, authenticated;

select private.schedule_job('stripe-payload-deletion', '40 3 * * *', 'select private.delete_stripe_payloads()');
