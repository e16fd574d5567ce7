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
