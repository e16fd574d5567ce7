create or replace function private.back_installments(
  p_schedule public.payment_schedules, p_batch_id uuid, p_awaited bigint, p_now timestamptz
)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_price constant numeric := least(
    p_schedule.total_amount_cents, p_schedule.installment_count::bigint * p_schedule.installment_amount_cents
  );
  v_paid numeric;
  v_back numeric;
begin
  select coalesce(sum(i.net), 0) + p_schedule.amount_before_cents + p_awaited,
    coalesce(sum(i.net * least(r.amount, i.total) / nullif(i.total, 0)), 0)
  into v_paid, v_back
  from public.stripe_invoices i
  cross join lateral (
    select coalesce(sum(private.stripe_reversed(p.id)), 0) as amount
    from public.stripe_payments p where p.invoice_id = i.id
  ) r
  where i.subscription_id = p_schedule.stripe_subscription_id and i.installment is not null and not i.is_surplus;

  perform private.reverse_credits(
    p_batch_id,
    case when private.schedule_standing(p_schedule) is null then t.returned else greatest(t.returned, t.unpaid) end,
    case p_schedule.status when 'defaulted' then greatest(t.returned, t.unpaid) else t.returned end,
    'stripe:' || p_schedule.stripe_subscription_id, p_now
  )
  from (
    select round(b.original_amount * least(v_back, v_price) / v_price)::integer as returned,
      b.original_amount
        - floor(b.original_amount * least(greatest(v_paid - v_back, 0), v_price) / v_price)::integer as unpaid
    from public.credit_batches b where b.id = p_batch_id
  ) t;
  perform private.settle_stripe_events(array(
    select p.id from public.stripe_payments p
    join public.stripe_invoices i on i.id = p.invoice_id
    where i.subscription_id = p_schedule.stripe_subscription_id
  ));
end
$$;
comment on function private.back_installments(public.payment_schedules, uuid, bigint, timestamptz) is
  'Withholds what of an instalment plan''s credits is not paid for: what was given back of its payments and, while it '
  'is not in good standing, what they have yet to pay. Once it is broken, what is spent beyond is a debt.';
revoke execute on function private.back_installments(public.payment_schedules, uuid, bigint, timestamptz)
  from public;
