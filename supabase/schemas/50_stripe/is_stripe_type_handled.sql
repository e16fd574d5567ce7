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
