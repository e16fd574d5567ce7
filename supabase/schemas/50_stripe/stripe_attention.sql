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
