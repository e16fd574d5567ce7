create or replace function private.check_backing()
returns table (subject_id uuid, violation text)
language sql
stable
set search_path = ''
as $$
  with moved as (
    select l.batch_id,
      -coalesce(sum(l.amount) filter (where l.entry_type in ('spend', 'refund')), 0) as spent,
      -coalesce(sum(l.amount) filter (where l.entry_type in ('reversal', 'restoration')), 0) as taken,
      -coalesce(sum(l.amount) filter (where l.entry_type in ('debt_payment', 'debt_return')), 0) as collected
    from public.credit_ledger l
    group by l.batch_id
  ),
  accounts as (
    select b.*, m.spent, m.taken, m.collected as collected_entries
    from public.credit_batches b
    join moved m on m.batch_id = b.id
  ),
  debts as (
    select d.batch_id, sum(d.credits + d.paid) as credits
    from public.credit_debts d
    group by d.batch_id
  ),
  owed as (
    select d.owner_type, d.owner_id, sum(d.credits) filter (where d.settled_at is null) as credits, sum(d.paid) as paid
    from public.credit_debts d
    group by d.owner_type, d.owner_id
  ),
  collected as (
    select b.owner_type, b.owner_id, sum(b.collected) as credits
    from public.credit_batches b
    where b.collected > 0
    group by b.owner_type, b.owner_id
  )
  select a.id, 'more is left than is paid for'
  from accounts a
  where a.withheld > 0 and a.remaining_amount > greatest(a.original_amount - a.withheld - a.spent, 0)
  union all
  select a.id, 'spent beyond what is paid for, and no debt'
  from accounts a
  left join debts d on d.batch_id = a.id
  where a.owed > 0 and coalesce(d.credits, 0) < a.owed - (a.original_amount - a.spent)
  union all
  select a.id, 'collected or reversed is not what the ledger says'
  from accounts a where (a.collected, a.reversed) <> (a.collected_entries, a.taken)
  union all
  select o.owner_id, 'debts are paid with other credits than were collected'
  from owed o
  full join collected c on (c.owner_type, c.owner_id) = (o.owner_type, o.owner_id)
  where coalesce(o.paid, 0) <> coalesce(c.credits, 0)
  union all
  select a.id, 'credits are left while their owner owes some'
  from accounts a
  join owed o on (o.owner_type, o.owner_id) = (a.owner_type, a.owner_id) and o.credits > 0
  where a.remaining_amount > 0 and a.feature_key is null and a.expires_at > now()
  union all
  select b.id, 'more can be spent than a broken instalment plan has paid for'
  from public.payment_schedules s
  join public.credit_batches b on b.owner_type = 'user' and b.owner_id = s.user_id
    and b.backed_by = 'stripe:' || s.stripe_subscription_id
  where s.status = 'defaulted' and s.duplicate_of is null
    and b.original_amount - b.withheld > b.original_amount::numeric * s.amount_paid_cents / nullif(least(
      s.total_amount_cents, s.installment_count::bigint * s.installment_amount_cents
    ), 0)
  union all
  select e.id, 'enrolment with the spend of somebody else'
  from public.client_enrollments e
  join public.credit_spends s on s.id = e.spend_id
  where s.owner_type = 'user' and s.owner_id is distinct from e.client_user_id
  union all
  select l.enrollment_id, 'locked by the instalment plan of somebody else'
  from public.enrollment_payment_locks l
  join public.payment_schedules s on s.id = l.schedule_id
  join public.client_enrollments e on e.id = l.enrollment_id
  where e.client_user_id is distinct from s.user_id;
$$;
comment on function private.check_backing() is
  'Each violation of the rules about what is paid for (docs/money.md); nothing where all hold.';
revoke execute on function private.check_backing() from public;
grant execute on function private.check_backing() to service_role;
