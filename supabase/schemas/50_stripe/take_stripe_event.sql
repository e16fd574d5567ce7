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
