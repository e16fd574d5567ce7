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
