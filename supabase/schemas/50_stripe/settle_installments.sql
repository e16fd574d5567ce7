create or replace function private.settle_installments(p_subscription_id text, p_now timestamptz)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_subscription public.stripe_subscriptions;
  v_known public.payment_schedules;
  v_schedule public.payment_schedules;
  v_session public.stripe_checkouts;
  v_package public.credit_topup_packages;
  v_first public.stripe_invoices;
  v_awaited bigint := 0; -- the checkout's invoice, which is the first payment
  v_batch_id uuid;
begin
  select * into v_subscription from public.stripe_subscriptions where id = p_subscription_id;
  select * into v_known from public.payment_schedules
  where stripe_subscription_id = p_subscription_id and duplicate_of is null
  for update;
  if v_known.id is not null and v_known.counts_from is null then
    v_known := private.take_over_schedule(v_known);
  end if;
  select * into v_session from public.stripe_checkouts
  where subscription_id = p_subscription_id
  order by state = 'paid' desc, created_at desc, id desc
  limit 1;
  select p.* into v_package
  from private.stripe_metadata(p_subscription_id, 'package_id') with ordinality m (value, rank)
  join public.credit_topup_packages p on p.id = private.uuid_or_null(m.value)
  order by m.rank
  limit 1;
  select * into v_first from public.stripe_invoices i
  where i.subscription_id = p_subscription_id and i.status = 'paid' and i.net > 0
    and coalesce(i.regular, i.net) > 0
  order by i.created_at, i.id
  limit 1;

  v_schedule := v_known;
  v_schedule.stripe_subscription_id := p_subscription_id;
  v_schedule.installments_before := coalesce(v_known.installments_before, 0);
  v_schedule.amount_before_cents := coalesce(v_known.amount_before_cents, 0);
  v_schedule := private.installment_numbers(
    v_schedule, v_package, coalesce(v_first.net, nullif(v_session.amount_total, 0))
  );
  if v_known.id is null and v_first.id is null and coalesce(v_session.amount_total, 0) = 0 then
    return 'awaiting_payment'; -- a trial, a coupon of 100 %: nothing is paid for yet
  elsif v_schedule.installment_count is null or v_schedule.installment_count > 120
    or v_schedule.installment_amount_cents is null or v_schedule.installment_amount_cents > 2147483647 / 120
    or v_schedule.credits_granted is null or v_schedule.credits_granted > 100000000 -- the most that a grant takes
  then
    return 'unknown_numbers';
  end if;
  if v_session.state = 'paid' and v_session.amount_total > 0 and v_known.counted_until is null
    and v_session.amount_subtotal >= v_schedule.installment_amount_cents - 1
    and not exists (
      select from public.stripe_invoices i
      where i.subscription_id = p_subscription_id and i.status = 'paid'
        and (i.id = v_session.invoice_id or i.billing_reason = 'subscription_create')
    )
  then
    v_awaited := v_session.amount_total;
  end if;
  v_schedule := private.count_installments(v_schedule, v_awaited);
  if v_known.id is null and v_schedule.installments_paid = 0 then
    return case when v_first.id is null then 'awaiting_payment' else 'unknown_amount' end;
  elsif v_known.id is null and not private.is_borne_out(
    'user', v_schedule.credits_granted,
    least(v_schedule.total_amount_cents, v_schedule.installment_count::bigint * v_schedule.installment_amount_cents),
    v_package.credit_value
  ) then
    return 'unknown_package';
  end if;

  v_schedule.currency := lower(coalesce(
    v_first.currency, v_session.currency, v_known.currency, v_package.currency, 'eur'
  ));
  if v_known.counted_until is null then
    v_schedule.started_at := coalesce(v_first.created_at, v_subscription.created_at, v_session.created_at);
  end if;
  v_schedule := private.write_schedule(
    private.installment_status(v_schedule, v_subscription), v_subscription, v_package
  );
  v_batch_id := private.grant_installments(v_schedule, v_session, v_package, p_now);
  if v_batch_id is null and v_schedule.counted_until is null then
    return 'credits_lapsed';
  end if;
  perform private.back_installments(v_schedule, v_batch_id, v_awaited, p_now);
  perform private.lock_enrollments(v_schedule.id);
  return 'schedule_' || v_schedule.status;
end
$$;
comment on function private.settle_installments(text, timestamptz) is
  'Brings an instalment plan up to date: its schedule, the credits and what of them is paid for, and the enrolments '
  'that a missing payment locks.';
revoke execute on function private.settle_installments(text, timestamptz) from public;
