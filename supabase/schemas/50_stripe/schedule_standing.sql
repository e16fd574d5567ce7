create or replace function private.schedule_standing(p_schedule public.payment_schedules)
returns text
language sql
stable
set search_path = ''
as $$
  select case
    when p_schedule.status = 'defaulted' then 'overdue'
    when p_schedule.status = 'active' and (
      exists (
        select from public.stripe_subscriptions s
        where s.id = p_schedule.stripe_subscription_id and s.status = 'past_due'
      )
      or exists (
        select from public.stripe_invoices i
        where i.subscription_id = p_schedule.stripe_subscription_id and i.status not in ('paid', 'void')
          and i.failed_at is not null
      )
    ) then 'outstanding'
  end;
$$;
comment on function private.schedule_standing(public.payment_schedules) is
  'What is wrong with an instalment plan: overdue, it is broken; outstanding, a payment is missing; null: it is in good '
  'standing.';
revoke execute on function private.schedule_standing(public.payment_schedules) from public;

create or replace function private.schedule_lock(p_schedule public.payment_schedules)
returns text
language sql
stable
set search_path = ''
as $$
  select case
    -- what a person has put an end to locks nothing
    when exists (
      select from public.credit_batches b
      join public.credit_debts d on d.batch_id = b.id
      where b.owner_type = 'user' and b.owner_id = p_schedule.user_id
        and b.backed_by = 'stripe:' || p_schedule.stripe_subscription_id
      having bool_or(d.credits > 0 and d.settled_at is not null) and bool_and(d.settled_at is not null)
    ) then null
    else private.schedule_standing(p_schedule)
  end;
$$;
comment on function private.schedule_lock(public.payment_schedules) is
  'The payment_status to which an instalment plan''s standing holds what its credits paid for; null: none.';
revoke execute on function private.schedule_lock(public.payment_schedules) from public;
