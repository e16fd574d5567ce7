create or replace function private.installment_numbers(
  p_schedule public.payment_schedules, p_package public.credit_topup_packages, p_first bigint
)
returns public.payment_schedules
language plpgsql
stable
set search_path = ''
as $$
declare
  v_id constant text := p_schedule.stripe_subscription_id;
  v_schedule public.payment_schedules := p_schedule;
begin
  v_schedule.credits_granted := coalesce(
    (select private.positive_or_null(m) from private.stripe_metadata(v_id, 'credit_value') m limit 1),
    nullif(p_schedule.credits_granted, 0), nullif(p_package.credit_value, 0)
  );
  v_schedule.total_amount_cents := coalesce(
    (select private.positive_or_null(m) from private.stripe_metadata(v_id, 'total_amount_cents') m limit 1),
    nullif(p_schedule.total_amount_cents, 0), nullif(p_package.price_cents, 0)
  );
  v_schedule.installment_amount_cents := coalesce(
    (select private.positive_or_null(m) from private.stripe_metadata(v_id, 'installment_amount_cents') m limit 1),
    nullif(p_schedule.installment_amount_cents, 0), p_first
  );
  v_schedule.installment_count := coalesce(
    (select private.positive_or_null(m) from private.stripe_metadata(v_id, 'installment_count') m limit 1),
    (select private.positive_or_null(m) from private.stripe_metadata(v_id, 'installments') m limit 1),
    nullif(p_schedule.installment_count, 0),
    ceil(v_schedule.total_amount_cents::numeric / v_schedule.installment_amount_cents)
  );
  if v_schedule.installment_amount_cents <= 2147483647 / 120 and v_schedule.installment_count <= 120 then
    v_schedule.total_amount_cents := coalesce(
      v_schedule.total_amount_cents, v_schedule.installment_count * v_schedule.installment_amount_cents
    );
  end if;
  return v_schedule;
end
$$;
comment on function private.installment_numbers(public.payment_schedules, public.credit_topup_packages, bigint) is
  'The credits, price, number and amount of payments that an instalment plan agrees on: by the metadata of its '
  'subscription, else as they are known, else by its package and its first payment.';
revoke execute on function private.installment_numbers(public.payment_schedules, public.credit_topup_packages, bigint)
  from public;

create or replace function private.installment_status(
  p_schedule public.payment_schedules, p_subscription public.stripe_subscriptions
)
returns public.payment_schedules
language plpgsql
stable
set search_path = ''
set timezone = 'UTC' -- in which the months between payments are counted
as $$
declare
  v_schedule public.payment_schedules := p_schedule;
begin
  v_schedule.status := case
    when p_schedule.installments_paid >= p_schedule.installment_count then 'completed'
    when p_subscription.status in ('unpaid', 'canceled', 'incomplete_expired', 'paused') then 'defaulted'
    when exists (
      select from public.stripe_invoices i
      where i.subscription_id = p_subscription.id
        and (
          i.status = 'uncollectible'
          or (i.status not in ('paid', 'void') and i.failed_at is not null and i.next_payment_attempt is null)
        )
    ) then 'defaulted'
    else 'active'
  end;
  v_schedule.completed_at := case v_schedule.status when 'completed' then coalesce(
    (
      select i.paid_at from public.stripe_invoices i
      where i.subscription_id = p_subscription.id and i.installment = p_schedule.installment_count
    ),
    p_schedule.completed_at, p_schedule.started_at
  ) end;
  v_schedule.cancelled_at := case v_schedule.status when 'defaulted' then p_subscription.ended_at end;
  v_schedule.next_payment_date := case
    when v_schedule.status = 'completed' or p_subscription.status in ('canceled', 'incomplete_expired') then null
    -- from the first payment's day, so that 31 January, 28 February, 31 March follow one another
    else p_schedule.started_at + make_interval(months => p_schedule.installments_paid)
  end;
  return v_schedule;
end
$$;
comment on function private.installment_status(public.payment_schedules, public.stripe_subscriptions) is
  'How far an instalment plan is: active, completed or defaulted, and the dates that go with it.';
revoke execute on function private.installment_status(public.payment_schedules, public.stripe_subscriptions)
  from public;
