create or replace function public.check_credit_ledger()
returns table (subject_id uuid, violation text)
language sql
stable
set search_path = ''
as $$
  with entries as (
    select l.*, lag(l.balance_after, 1, 0) over (partition by l.batch_id order by l.id) as balance_before
    from public.credit_ledger l
  ),
  accounts as (
    select e.batch_id, sum(e.amount) as balance,
      bool_and(e.balance_after = e.balance_before + e.amount) as is_chain
    from entries e
    group by e.batch_id
  ),
  drawn as (
    select l.spend_id, l.batch_id,
      sum(-l.amount) filter (where l.entry_type = 'spend') as spent,
      coalesce(sum(l.amount) filter (where l.entry_type = 'refund'), 0) as refunded
    from public.credit_ledger l
    where l.spend_id is not null
    group by l.spend_id, l.batch_id
  ),
  from_batches as (
    select d.spend_id, sum(d.spent) as spent from drawn d group by d.spend_id
  ),
  logged as (
    select c.spend_id, c.batch_id, sum(c.quantity) as kept
    from public.credit_consumption_log c
    where c.spend_id is not null and c.batch_id is not null
    group by c.spend_id, c.batch_id
  ),
  from_allowance as (
    select c.spend_id,
      sum(c.quantity) filter (where c.quantity > 0) as spent,
      sum(c.quantity) as kept
    from public.credit_consumption_log c
    where c.spend_id is not null and c.source_type = 'plan'
    group by c.spend_id
  )
  select b.id, 'batch without an entry'
  from public.credit_batches b left join accounts a on a.batch_id = b.id where a.batch_id is null
  union all
  select b.id, 'entries do not sum to the remaining amount'
  from public.credit_batches b join accounts a on a.batch_id = b.id where a.balance <> b.remaining_amount
  union all
  select b.id, 'remaining amount below zero or above the original'
  from public.credit_batches b where b.remaining_amount not between 0 and b.original_amount
  union all
  select a.batch_id, 'balances after do not follow from one another' from accounts a where not a.is_chain
  union all
  select s.id, 'spend does not equal what it drew'
  from public.credit_spends s
  left join from_batches f on f.spend_id = s.id
  where s.amount <> s.from_plan + coalesce(f.spent, 0)
  union all
  select s.id, 'plan allowance of the spend is not what the log says'
  from public.credit_spends s
  left join from_allowance f on f.spend_id = s.id
  where s.from_plan <> coalesce(f.spent, 0) or coalesce(f.kept, 0) < 0
  union all
  select coalesce(d.spend_id, l.spend_id), 'consumption log does not say what the ledger says'
  from drawn d
  full join logged l on l.spend_id = d.spend_id and l.batch_id = d.batch_id
  where d.spent - d.refunded is distinct from l.kept
  union all
  select d.spend_id, 'more refunded to a batch than was drawn from it'
  from drawn d where d.refunded > coalesce(d.spent, 0)
  union all
  select b.subject_id, b.violation from private.check_backing() b;
$$;
comment on function public.check_credit_ledger() is
  'Each violation of the ledger''s rules; nothing on a sound ledger. Reads all of it: for the operator.';
revoke execute on function public.check_credit_ledger() from public, anon, authenticated, service_role;
grant execute on function public.check_credit_ledger() to service_role;
