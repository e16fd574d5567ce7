create or replace function private.settle_debts(p_owner_type text, p_owner_id uuid, p_now timestamptz)
returns bigint
language plpgsql
set search_path = ''
as $$
declare
  v_kept bigint; -- paid for debts that a person has ended since
begin
  with spent as (
    select b.id, greatest(b.owed - b.original_amount - coalesce(sum(l.amount), 0), 0) as debt, b.backed_by
    from public.credit_batches b
    left join public.credit_ledger l on l.batch_id = b.id and l.entry_type in ('spend', 'refund')
    where b.owner_type = p_owner_type and b.owner_id = p_owner_id and b.withheld > 0
    group by b.id
  ),
  due as (
    select s.id, s.backed_by, greatest(s.debt - coalesce((
        select sum(d.credits + d.paid) from public.credit_debts d
        where d.batch_id = s.id and d.settled_at is not null and d.credits > 0
      ), 0), 0)::integer as debt
    from spent s
  ),
  gone as (
    delete from public.credit_debts d
    where d.owner_type = p_owner_type and d.owner_id = p_owner_id and (d.settled_at is null or d.credits = 0)
      and not exists (select from due where due.id = d.batch_id and due.debt > 0)
  )
  insert into public.credit_debts as d (owner_type, owner_id, batch_id, credits, reason, created_at)
  select p_owner_type, p_owner_id, due.id, due.debt, coalesce(due.backed_by, 'unpaid'), p_now
  from due where due.debt > 0
  on conflict (batch_id) where settled_at is null or credits = 0 do update
  set credits = excluded.credits, paid = 0, settled_at = null
  where d.credits + d.paid <> excluded.credits;

  select coalesce(sum(d.paid), 0) into v_kept
  from public.credit_debts d
  where d.owner_type = p_owner_type and d.owner_id = p_owner_id and d.settled_at is not null and d.credits > 0;
  return v_kept + (
    select coalesce(sum(d.credits + d.paid), 0) from public.credit_debts d
    where d.owner_type = p_owner_type and d.owner_id = p_owner_id and (d.settled_at is null or d.credits = 0)
  );
end
$$;
comment on function private.settle_debts(text, uuid, timestamptz) is
  'Makes the debts of an owner what was spent of their batches beyond what is paid for, but for what a person has '
  'ended. Returns how many credits are to pay them.';
revoke execute on function private.settle_debts(text, uuid, timestamptz) from public;
