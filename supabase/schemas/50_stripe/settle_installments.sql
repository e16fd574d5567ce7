create or replace function private.settle_installments(p_subscription_id text, p_now timestamptz)
returns text
language plpgsql
set search_path = ''
set timezone = 'UTC' -- in which the months between payments are counted
as $$
declare
  v_subscription public.stripe_subscriptions;
  v_known public.payment_schedules;
  v_schedule public.payment_schedules;
  v_session public.stripe_checkouts;
  v_package public.credit_topup_packages;
  v_credits integer;
  v_first public.stripe_invoices;
  v_awaited boolean; -- the checkout's invoice, which is the first payment
  v_amount bigint;
  v_count integer;
  v_batch_id uuid;
  v_lock text;
begin
  select * into v_subscription from public.stripe_subscriptions where id = p_subscription_id;
  select * into v_known from public.payment_schedules
  where stripe_subscription_id = p_subscription_id and duplicate_of is null
  for update;
  select * into v_session from public.stripe_checkouts
  where subscription_id = p_subscription_id
  order by state = 'paid' desc, created_at desc, id desc
  limit 1;
  select p.* into v_package
  from private.stripe_metadata(p_subscription_id, 'package_id') with ordinality m (value, rank)
  join public.credit_topup_packages p on p.id = private.uuid_or_null(m.value)
  order by m.rank
  limit 1;

  v_schedule := v_known;
  v_credits := coalesce(
    (select private.positive_or_null(m) from private.stripe_metadata(p_subscription_id, 'credit_value') m limit 1),
    nullif(v_known.credits_granted, 0), nullif(v_package.credit_value, 0)
  );

  -- The payments
  select * into v_first from public.stripe_invoices i
  where i.subscription_id = p_subscription_id and i.status = 'paid' and i.amount_paid > 0
    and i.billing_reason in ('subscription_create', 'subscription_cycle', 'subscription')
  order by i.created_at, i.id
  limit 1;
  v_awaited := coalesce(v_session.state = 'paid', false) and coalesce(v_session.amount_total, 0) > 0
    and v_known.counted_until is null
    and not exists (
      select from public.stripe_invoices i
      where i.subscription_id = p_subscription_id and i.status = 'paid'
        and (i.id = v_session.invoice_id or i.billing_reason = 'subscription_create')
    );
  if v_first.id is null and v_session.state is distinct from 'paid' and v_known.id is null then
    return 'awaiting_payment';
  end if;

  -- The numbers
  v_schedule.total_amount_cents := coalesce(
    (select private.positive_or_null(m) from private.stripe_metadata(p_subscription_id, 'total_amount_cents') m limit 1),
    nullif(v_known.total_amount_cents, 0), nullif(v_package.price_cents, 0)
  );
  v_schedule.installment_amount_cents := coalesce(
    (select private.positive_or_null(m) from private.stripe_metadata(p_subscription_id, 'installment_amount_cents') m limit 1),
    nullif(v_known.installment_amount_cents, 0), v_first.amount_paid, nullif(v_session.amount_total, 0)
  );
  v_schedule.installment_count := coalesce(
    (select private.positive_or_null(m) from private.stripe_metadata(p_subscription_id, 'installment_count') m limit 1),
    (select private.positive_or_null(m) from private.stripe_metadata(p_subscription_id, 'installments') m limit 1),
    nullif(v_known.installment_count, 0),
    ceil(v_schedule.total_amount_cents::numeric / v_schedule.installment_amount_cents)
  );
  if v_schedule.installment_count is null or v_schedule.installment_count > 120
    or v_schedule.installment_amount_cents is null or v_schedule.installment_amount_cents > 2147483647 / 120
    or v_credits is null or v_credits > 100000000 -- the most that a grant takes
  then
    return 'unknown_numbers';
  end if;
  v_schedule.total_amount_cents := coalesce(
    v_schedule.total_amount_cents, v_schedule.installment_count * v_schedule.installment_amount_cents
  );

  update public.stripe_invoices i
  set installment = n.place, is_surplus = n.place > v_schedule.installment_count
  from (
    select c.id, coalesce(v_known.installments_before, 0) + v_awaited::integer
      + row_number() over (order by c.created_at, c.id) as place
    from public.stripe_invoices c
    where c.subscription_id = p_subscription_id and c.status = 'paid' and c.amount_paid > 0
      and c.billing_reason in ('subscription_create', 'subscription_cycle', 'subscription')
      and (v_known.counted_until is null or c.paid_at > v_known.counted_until)
  ) n
  where i.id = n.id and i.installment is distinct from n.place;
  select coalesce(v_known.installments_before, 0) + v_awaited::integer + count(*),
    coalesce(v_known.amount_before_cents, 0) + coalesce(sum(i.amount_paid), 0)
      + case when v_awaited then v_session.amount_total else 0 end
  into v_count, v_amount
  from public.stripe_invoices i
  where i.subscription_id = p_subscription_id and i.installment is not null and not i.is_surplus;

  -- The row
  v_schedule.installments_paid := least(v_count, v_schedule.installment_count);
  v_schedule.amount_paid_cents := v_amount;
  v_schedule.currency := lower(coalesce(
    v_first.currency, v_session.currency, v_known.currency, v_package.currency, 'eur'
  ));
  if v_known.counted_until is null then
    v_schedule.started_at := coalesce(v_first.created_at, v_subscription.created_at, v_session.created_at);
  end if;
  v_schedule.status := case
    when v_schedule.installments_paid >= v_schedule.installment_count then 'completed'
    when v_subscription.status in ('unpaid', 'canceled', 'incomplete_expired') then 'defaulted'
    when exists (
      select from public.stripe_invoices i
      where i.subscription_id = p_subscription_id and i.status not in ('paid', 'void')
        and i.failed_at is not null and i.next_payment_attempt is null
    ) then 'defaulted'
    else 'active'
  end;
  v_schedule.completed_at := case v_schedule.status when 'completed' then coalesce(
    (
      select i.paid_at from public.stripe_invoices i
      where i.subscription_id = p_subscription_id and i.installment = v_schedule.installment_count
    ),
    v_known.completed_at, v_schedule.started_at
  ) end;
  v_schedule.cancelled_at := case v_schedule.status when 'defaulted' then v_subscription.ended_at end;
  v_schedule.next_payment_date := case
    when v_schedule.status = 'completed' or v_subscription.status in ('canceled', 'incomplete_expired') then null
    -- from the first payment's day, so that 31 January, 28 February, 31 March follow one another
    else v_schedule.started_at + make_interval(months => v_schedule.installments_paid)
  end;

  insert into public.payment_schedules as s (
    user_id, stripe_subscription_id, stripe_customer_id, total_amount_cents, currency, installment_count,
    installment_amount_cents, installments_paid, amount_paid_cents, next_payment_date, started_at,
    completed_at, cancelled_at, status, credit_package_id, credits_granted, metadata
  )
  values (
    v_subscription.user_id, p_subscription_id, v_subscription.customer_id, v_schedule.total_amount_cents,
    v_schedule.currency, v_schedule.installment_count, v_schedule.installment_amount_cents,
    v_schedule.installments_paid, v_schedule.amount_paid_cents, v_schedule.next_payment_date,
    v_schedule.started_at, v_schedule.completed_at, v_schedule.cancelled_at, v_schedule.status, v_package.id,
    v_credits, jsonb_strip_nulls(jsonb_build_object('package_slug', coalesce(
      (select m from private.stripe_metadata(p_subscription_id, 'package_slug') m limit 1), v_package.slug
    )))
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
  returning s.* into v_schedule;

  -- The credits. What was counted before the facts begin was granted, or not, by hand.
  if v_schedule.counted_until is null then
    v_batch_id := private.grant_installments(v_schedule, v_session, v_package, p_now);
    if v_batch_id is null then
      return 'credits_lapsed';
    end if;
    perform private.settle_installment_reversals(v_schedule, v_batch_id, p_now);
  end if;

  v_lock := case
    when v_schedule.status = 'defaulted' then 'overdue'
    when v_schedule.status = 'active' and (
      v_subscription.status = 'past_due'
      or exists (
        select from public.stripe_invoices i
        where i.subscription_id = p_subscription_id and i.status not in ('paid', 'void') and i.failed_at is not null
      )
    ) then 'outstanding'
  end;
  perform private.lock_enrollments(v_schedule.id, v_batch_id, v_lock);
  return 'schedule_' || v_schedule.status;
end
$$;
comment on function private.settle_installments(text, timestamptz) is
  'Brings an instalment plan up to date: its schedule, the credits, and the enrolments that a missing '
  'payment locks.';
revoke execute on function private.settle_installments(text, timestamptz) from public;
