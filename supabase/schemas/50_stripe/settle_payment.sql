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
