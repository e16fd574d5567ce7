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
