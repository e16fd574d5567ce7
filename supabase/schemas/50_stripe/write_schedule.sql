create or replace function private.write_schedule(
  p_schedule public.payment_schedules,
  p_subscription public.stripe_subscriptions,
  p_package public.credit_topup_packages
)
returns public.payment_schedules
language sql
volatile
set search_path = ''
as $$
  insert into public.payment_schedules as s (
    user_id, stripe_subscription_id, stripe_customer_id, total_amount_cents, currency, installment_count,
    installment_amount_cents, installments_paid, amount_paid_cents, next_payment_date, started_at,
    completed_at, cancelled_at, status, credit_package_id, credits_granted, metadata, counts_from
  )
  values (
    p_subscription.user_id, p_subscription.id, p_subscription.customer_id, p_schedule.total_amount_cents,
    p_schedule.currency, p_schedule.installment_count, p_schedule.installment_amount_cents,
    p_schedule.installments_paid, p_schedule.amount_paid_cents, p_schedule.next_payment_date,
    p_schedule.started_at, p_schedule.completed_at, p_schedule.cancelled_at, p_schedule.status, p_package.id,
    p_schedule.credits_granted, jsonb_strip_nulls(jsonb_build_object('package_slug', coalesce(
      (select m from private.stripe_metadata(p_subscription.id, 'package_slug') m limit 1), p_package.slug
    ))), to_timestamp(0)
  )
  on conflict (stripe_subscription_id) where duplicate_of is null do update
  set stripe_customer_id = coalesce(excluded.stripe_customer_id, s.stripe_customer_id),
    total_amount_cents = excluded.total_amount_cents, currency = excluded.currency,
    installment_count = excluded.installment_count,
    installment_amount_cents = excluded.installment_amount_cents,
    installments_paid = excluded.installments_paid, amount_paid_cents = excluded.amount_paid_cents,
    next_payment_date = excluded.next_payment_date, started_at = excluded.started_at,
    completed_at = excluded.completed_at, cancelled_at = excluded.cancelled_at, status = excluded.status,
    credit_package_id = coalesce(excluded.credit_package_id, s.credit_package_id),
    credits_granted = excluded.credits_granted, metadata = coalesce(s.metadata, '{}') || excluded.metadata
  returning s.*;
$$;
comment on function private.write_schedule(public.payment_schedules, public.stripe_subscriptions, public.credit_topup_packages)
is 'Makes an instalment plan''s row, or brings it up to date.';
revoke execute on function private.write_schedule(public.payment_schedules, public.stripe_subscriptions, public.credit_topup_packages)
  from public;
