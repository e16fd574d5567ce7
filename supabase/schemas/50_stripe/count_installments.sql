create or replace function private.is_installment(p_invoice public.stripe_invoices, p_schedule public.payment_schedules)
returns boolean
language sql
immutable
set search_path = ''
as $$
  select p_invoice.status = 'paid' and p_invoice.net > 0
    -- whole, before discounts, but for a unit of rounding; what is a proration does not count
    and least(coalesce(p_invoice.regular, p_invoice.subtotal), p_invoice.subtotal)
      >= p_schedule.installment_amount_cents - 1
    and (
      p_schedule.counted_until is null
      or p_invoice.paid_at > p_schedule.counted_until
      or p_invoice.created_at >= p_schedule.counts_from
      -- the former function counted the checkout, whose invoice this is not, and nothing since
      or (p_schedule.installments_before <= 1 and p_invoice.billing_reason <> 'subscription_create')
    );
$$;
comment on function private.is_installment(public.stripe_invoices, public.payment_schedules) is
  'Whether an invoice is a payment of an instalment plan: by its amount, however it was settled and why it was made.';
revoke execute on function private.is_installment(public.stripe_invoices, public.payment_schedules) from public;

create or replace function private.count_installments(p_schedule public.payment_schedules, p_awaited bigint)
returns public.payment_schedules
language plpgsql
set search_path = ''
as $$
declare
  v_schedule public.payment_schedules := p_schedule;
  v_count bigint;
  v_amount bigint;
begin
  update public.stripe_invoices i
  set installment = n.place, is_surplus = coalesce(n.place > p_schedule.installment_count, false), is_odd = n.is_odd
  from (
    select c.id,
      case when w.counts then p_schedule.installments_before + (p_awaited > 0)::integer
        + row_number() over (partition by w.counts order by c.created_at, c.id) end as place,
      not w.counts and c.status = 'paid' and c.total <> 0
        and coalesce(c.paid_at > p_schedule.counted_until, true) as is_odd
    from public.stripe_invoices c
    cross join lateral (select coalesce(private.is_installment(c, p_schedule), false) as counts) w
    where c.subscription_id = p_schedule.stripe_subscription_id
  ) n
  where i.id = n.id
    and (i.installment, i.is_surplus, i.is_odd)
      is distinct from (n.place, coalesce(n.place > p_schedule.installment_count, false), n.is_odd);

  select p_schedule.installments_before + (p_awaited > 0)::integer + count(*),
    p_schedule.amount_before_cents + p_awaited + coalesce(sum(i.net), 0)
  into v_count, v_amount
  from public.stripe_invoices i
  where i.subscription_id = p_schedule.stripe_subscription_id and i.installment is not null and not i.is_surplus;
  v_schedule.installments_paid := least(v_count, p_schedule.installment_count);
  v_schedule.amount_paid_cents := least(v_amount, 2147483647);
  return v_schedule;
end
$$;
comment on function private.count_installments(public.payment_schedules, bigint) is
  'Numbers the payments of an instalment plan, and counts them with those before the facts and the one of the '
  'checkout (p_awaited) whose invoice is yet to come.';
revoke execute on function private.count_installments(public.payment_schedules, bigint) from public;

create or replace function private.take_over_schedule(p_known public.payment_schedules)
returns public.payment_schedules
language sql
volatile
set search_path = ''
set timezone = 'UTC' -- in which the months between payments are counted
as $$
  update public.payment_schedules s
  set counted_until = coalesce(s.counted_until, now()),
    counts_from = coalesce(
      s.next_payment_date, s.started_at + make_interval(months => s.installments_paid)
    ) - interval '3 days',
    installments_before = s.installments_paid,
    -- the function before this one often did not know the amounts
    amount_before_cents = greatest(
      s.amount_paid_cents, least(s.installments_paid::bigint * s.installment_amount_cents, 2147483647)::integer
    )
  where s.id = p_known.id
  returning s.*;
$$;
comment on function private.take_over_schedule(public.payment_schedules) is
  'Takes an instalment plan over from the function before this one: what it has counted counts, and the payment it '
  'waits for is the first that is counted here.';
revoke execute on function private.take_over_schedule(public.payment_schedules) from public;
