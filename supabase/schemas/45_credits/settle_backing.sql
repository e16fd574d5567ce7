create or replace function private.lock_credit_batches(p_owner_type text, p_owner_id uuid)
returns void
language plpgsql
set search_path = ''
as $$
begin
  perform private.lock_credit_owner(p_owner_type, p_owner_id);
  -- In the order of id, as everything that locks batches does, so that none waits for another.
  perform from public.credit_batches b
  where b.owner_type = p_owner_type and b.owner_id = p_owner_id
    and (b.remaining_amount > 0 or b.withheld > 0 or b.reversed > 0 or b.collected > 0)
  order by b.id
  for update;
end
$$;
comment on function private.lock_credit_batches(text, uuid) is
  'Locks an owner and all batches of theirs that a change of backing may touch.';
revoke execute on function private.lock_credit_batches(text, uuid) from public;

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

create or replace function private.backing_moves(
  p_owner_type text, p_owner_id uuid, p_due bigint, p_now timestamptz
)
returns setof private.backing_move
language sql
stable
set search_path = ''
as $$
  with accounts as (
    select b.id, b.remaining_amount, b.collected, b.reversed, b.expires_at, b.feature_key, b.idempotency_key,
      b.withheld, b.original_amount + coalesce(sum(l.amount), 0) as unspent
    from public.credit_batches b
    left join public.credit_ledger l on l.batch_id = b.id and b.withheld > 0 and l.entry_type in ('spend', 'refund')
    where b.owner_type = p_owner_type and b.owner_id = p_owner_id
      and (b.remaining_amount > 0 or b.withheld > 0 or b.reversed > 0 or b.collected > 0)
    group by b.id
  ),
  backed as (
    -- Spent credits cannot be taken. What has expired need not be: it is neither left nor was it used.
    select a.*, least(least(a.withheld, a.unspent) - a.reversed, a.remaining_amount + a.collected) as move
    from accounts a
  ),
  pools as (
    select b.*,
      case
        when b.feature_key is null and b.expires_at > p_now then b.remaining_amount + b.collected - b.move
        else least(b.collected, b.remaining_amount + b.collected - b.move)
      end as pool
    from backed b
  ),
  shares as (
    select p.*, greatest(least(p.pool, p_due - coalesce(sum(p.pool) over (
        order by p.expires_at, p.idempotency_key, p.id rows between unbounded preceding and 1 preceding
      ), 0)), 0) as share
    from pools p
  )
  select (s.id, greatest(s.collected - s.share, 0), s.move, greatest(s.share - s.collected, 0))::private.backing_move
  from shares s
  where s.move <> 0 or s.share <> s.collected;
$$;
comment on function private.backing_moves(text, uuid, bigint, timestamptz) is
  'What has to move in an owner''s batches so that nothing unpaid is left, and p_due credits pay their debts: those '
  'that lapse first, as in a spend. Credits of one feature alone pay none.';
revoke execute on function private.backing_moves(text, uuid, bigint, timestamptz) from public;

create or replace function private.settle_backing(p_owner_type text, p_owner_id uuid, p_now timestamptz)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_due bigint;
  v_moves private.backing_move[];
  v_step integer;
begin
  perform private.lock_credit_batches(p_owner_type, p_owner_id);
  v_due := private.settle_debts(p_owner_type, p_owner_id, p_now);
  v_moves := array(select m from private.backing_moves(p_owner_type, p_owner_id, v_due, p_now) m);

  foreach v_step in array array[1, 2, 3] loop -- one entry a batch and statement
    insert into public.credit_ledger (
      batch_id, owner_type, owner_id, entry_type, amount, balance_after, cause, idempotency_key, created_at
    )
    select b.id, b.owner_type, b.owner_id, a.entry_type, a.amount, b.remaining_amount + a.amount,
      coalesce(b.backed_by, 'debt'),
      -- one for each state of the account
      'backing:' || b.id || ':' || (select max(l.id) from public.credit_ledger l where l.batch_id = b.id),
      p_now
    from unnest(v_moves) m
    join public.credit_batches b on b.id = m.batch_id
    cross join lateral (
      select case v_step when 1 then m.back when 2 then -m.taken else -m.paid end as amount,
        case
          when v_step = 1 then 'debt_return'
          when v_step = 3 then 'debt_payment'
          when m.taken > 0 then 'reversal'
          else 'restoration'
        end as entry_type
    ) a
    where a.amount <> 0
    order by b.id;
  end loop;

  -- What was collected pays the debts, those of the batch that lapses first before the others.
  with debts as (
    select d.id, d.credits + d.paid as total, coalesce(sum(d.credits + d.paid) over (
        order by b.expires_at, b.idempotency_key, b.id rows between unbounded preceding and 1 preceding
      ), 0) as before
    from public.credit_debts d
    join public.credit_batches b on b.id = d.batch_id
    where d.owner_type = p_owner_type and d.owner_id = p_owner_id and (d.settled_at is null or d.credits = 0)
  ),
  collected as (
    select coalesce((
        select sum(b.collected) from public.credit_batches b
        where b.owner_type = p_owner_type and b.owner_id = p_owner_id and b.collected > 0
      ), 0)
      - coalesce((
        select sum(d.paid) from public.credit_debts d
        where d.owner_type = p_owner_type and d.owner_id = p_owner_id and d.settled_at is not null and d.credits > 0
      ), 0) as credits
  ),
  shares as (
    select d.id, d.total, greatest(least(d.total, c.credits - d.before), 0)::integer as paid
    from debts d cross join collected c
  )
  update public.credit_debts d
  set paid = s.paid, credits = s.total - s.paid,
    settled_at = case when s.paid = s.total then coalesce(d.settled_at, p_now) end
  from shares s
  where d.id = s.id and (d.paid, d.settled_at is null) is distinct from (s.paid, s.paid < s.total);
end
$$;
comment on function private.settle_backing(text, uuid, timestamptz) is
  'Makes an owner''s credits follow what is paid for: takes what is not or gives it back, keeps the spent part as a '
  'debt, and pays debts with what else there is.';
revoke execute on function private.settle_backing(text, uuid, timestamptz) from public;
