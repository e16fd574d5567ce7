create or replace view public.stripe_attention
with (security_invoker = true)
as
select a.kind, a.subject, a.detail, a.stripe_id, a.owner_type, a.owner_id, a.since, a.hint_user_id, a.action
from (
  select 'unmatched_event' as kind, e.id as subject, e.outcome as detail, e.subject as stripe_id,
    null::text as owner_type, null::uuid as owner_id, e.received_at as since,
    case when e.outcome = 'unknown_user' then (
      select c.email_user_id from public.stripe_checkouts c
      where e.subject in (c.subscription_id, c.id) and c.email_user_id is not null
      order by c.created_at desc, c.id desc
      limit 1
    ) end as hint_user_id,
    case e.outcome
      when 'unknown_user' then 'Ask whose it is (hint_user_id has the address that was typed), then assign_stripe_owner.'
      when 'unknown_organization' then 'Find out whose it is, then assign_stripe_owner.'
      when 'unknown_plan' then 'Enter the price in plan_prices, then replay_stripe_event.'
      when 'unknown_tier' then 'Enter the price at its tier, then replay_stripe_event.'
      when 'unknown_package' then 'Compare what was paid with the credits; grant by hand or refund, then dismiss.'
      when 'unknown_numbers' then 'Put the metadata of the subscription right in Stripe: its next event counts.'
      when 'unknown_amount' then 'Look at it in Stripe; grant by hand or refund, then dismiss.'
      when 'credits_lapsed' then 'Grant by hand or refund, then dismiss.'
      else 'Look at it in Stripe; replay_stripe_event once what was missing is there, or dismiss.'
    end as action
  from public.stripe_events e
  where e.status = 'unmatched'
  union all
  select 'payment_given_up' as kind, i.id, i.attempt_count || ' attempts', i.subscription_id,
    case when s.organization_id is not null then 'org' when s.user_id is not null then 'user' end,
    coalesce(s.organization_id, s.user_id), i.failed_at, null as hint_user_id,
    'Collect it, or mark it uncollectible or void in Stripe.' as action
  from public.stripe_invoices i
  join public.stripe_subscriptions s on s.id = i.subscription_id
  where i.status not in ('paid', 'void', 'uncollectible') and i.failed_at is not null
    and i.next_payment_attempt is null
    and s.kind is not null -- else it is another product's
    and s.held -- nobody waits for a first payment: there is nothing to take away
  union all
  select 'surplus_payment' as kind, i.id, i.amount_paid || ' ' || i.currency, i.subscription_id, 'user' as owner_type, s.user_id, i.paid_at,
    null as hint_user_id, 'Refund it in Stripe.' as action
  from public.stripe_invoices i
  join public.stripe_subscriptions s on s.id = i.subscription_id
  where i.is_surplus and not exists (
    select from public.stripe_payments p
    join public.stripe_charges c on c.payment_id = p.id and c.amount_refunded >= i.amount_paid
    where p.invoice_id = i.id
  )
  union all
  select 'odd_payment' as kind, i.id, i.total || ' ' || i.currency, i.subscription_id, 'user' as owner_type, s.user_id, i.paid_at, null as hint_user_id,
    'It is no instalment: too small, or negative. Refund it, or grant by hand, then dismiss.' as action
  from public.stripe_invoices i
  join public.stripe_subscriptions s on s.id = i.subscription_id
  where i.is_odd
  union all
  select 'plan_defaulted' as kind, p.id::text, p.installments_paid || ' of ' || p.installment_count || ' paid',
    p.stripe_subscription_id, 'user' as owner_type, p.user_id, coalesce(p.cancelled_at, p.updated_at), null as hint_user_id,
    'The unpaid credits are withheld. Collect the rest, or dismiss.' as action
  from public.payment_schedules p
  where p.status = 'defaulted' and p.duplicate_of is null
    and not exists ( -- which says it
      select from public.stripe_invoices i
      where i.subscription_id = p.stripe_subscription_id
        and (
          i.status = 'uncollectible' -- somebody has decided
          or (i.status not in ('paid', 'void') and i.failed_at is not null and i.next_payment_attempt is null)
        )
    )
  union all
  select 'two_subscriptions' as kind, s.id, 'beside ' || s.best_id, s.id,
    case s.kind when 'user_subscription' then 'user' else 'org' end, s.owner_id, s.created_at, null as hint_user_id,
    'Both are paid for and the better one counts. Cancel and refund one in Stripe.' as action
  from (
    select h.id, h.kind, coalesce(h.user_id, h.organization_id) as owner_id, h.created_at,
      first_value(h.id) over (
        partition by h.kind, coalesce(h.user_id, h.organization_id)
        order by coalesce(p.tier_level, t.annual_fee_cents, 0) desc,
          (select min(c.price_cents) from public.plan_prices c where c.plan_id = h.plan_id) desc nulls last,
          h.created_at desc, h.id desc
      ) as best_id
    from public.stripe_subscriptions h
    left join public.plans p on p.id = h.plan_id
    left join public.org_platform_tiers t on t.id = h.tier_id
    where h.holds and h.kind in ('user_subscription', 'org_platform_subscription')
      and coalesce(h.user_id, h.organization_id) is not null
  ) s
  where s.best_id <> s.id
  union all
  select 'nothing_paid' as kind, s.id, s.status, s.id, 'user' as owner_type, s.user_id, s.created_at, null as hint_user_id,
    'An instalment plan that costs nothing grants nothing. Grant by hand if it was meant, then dismiss.' as action
  from public.stripe_subscriptions s
  where s.kind = 'credit_installment' and s.status = 'active'
    and not exists (
      select from public.payment_schedules p where p.stripe_subscription_id = s.id and p.duplicate_of is null
    )
    and exists (
      select from public.stripe_invoices i where i.subscription_id = s.id and i.status = 'paid' and i.total = 0
      union all
      select from public.stripe_checkouts c
      where c.subscription_id = s.id and c.state = 'paid' and c.amount_total = 0
    )
  union all
  select 'credit_debt' as kind, d.id::text, d.credits || ' credits', d.reason, d.owner_type, d.owner_id, d.created_at, null as hint_user_id,
    'Settle it with its owner, then dismiss: what they enrol in is held until then.' as action
  from public.credit_debts d
  where d.settled_at is null
) a
where not exists (
  select from public.stripe_dismissals x
  where x.kind = a.kind and x.subject = a.subject and x.detail = a.detail
);
comment on view public.stripe_attention is
  'What needs a person, what to do (action), and whose it might be (hint_user_id): each ends with its cause, or by '
  'dismiss_stripe_event(subject, note).';
revoke all on table public.stripe_attention from public, anon, authenticated, service_role;
grant select on table public.stripe_attention to authenticated, service_role;
