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
