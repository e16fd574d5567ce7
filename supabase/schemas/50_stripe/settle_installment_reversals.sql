create or replace function private.settle_installment_reversals(
  p_schedule public.payment_schedules, p_batch_id uuid, p_now timestamptz
)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_payments text[];
  v_reversed numeric;
begin
  select array_agg(p.id), sum(r.amount)
  into v_payments, v_reversed
  from public.stripe_invoices i
  join public.stripe_payments p on p.invoice_id = i.id
  cross join lateral (
    select case when i.installment is not null and not i.is_surplus
      then least(private.stripe_reversed(p.id), i.amount_paid) else 0 end as amount
  ) r
  where i.subscription_id = p_schedule.stripe_subscription_id
    and (
      exists (select from public.stripe_charges c where c.payment_id = p.id)
      or exists (select from public.stripe_disputes d where d.payment_id = p.id)
    );
  if v_payments is not null then
    perform private.reverse_credits(
      p_batch_id,
      round(p_schedule.credits_granted * least(v_reversed / least(
        p_schedule.total_amount_cents, p_schedule.installment_count::bigint * p_schedule.installment_amount_cents
      ), 1))::integer,
      'stripe:' || p_schedule.stripe_subscription_id, p_now
    );
    perform private.settle_stripe_events(v_payments);
  end if;
end
$$;
comment on function private.settle_installment_reversals(public.payment_schedules, uuid, timestamptz) is
  'Reverses the credits of an instalment plan by the share that the payments given back have in its price.';
revoke execute on function private.settle_installment_reversals(public.payment_schedules, uuid, timestamptz)
  from public;
