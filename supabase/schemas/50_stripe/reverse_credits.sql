create or replace function private.reverse_credits(
  p_batch_id uuid, p_target integer, p_reason text, p_now timestamptz
)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_batch public.credit_batches;
  v_spent integer;
  v_taken integer;
  v_settled integer;
  v_debt integer;
  v_move integer; -- out of the batch; negative: back into it
begin
  select * into v_batch from public.credit_batches where id = p_batch_id;
  perform private.lock_credit_owner(v_batch.owner_type, v_batch.owner_id);
  select * into v_batch from public.credit_batches where id = p_batch_id for update;

  select
    coalesce(-sum(l.amount) filter (where l.entry_type in ('spend', 'refund')), 0),
    coalesce(-sum(l.amount) filter (where l.entry_type in ('reversal', 'restoration')), 0)
  into v_spent, v_taken
  from public.credit_ledger l where l.batch_id = p_batch_id;

  -- Spent credits cannot be taken. What has expired need not be: it is neither left nor was it used.
  v_debt := greatest(least(p_target, v_batch.original_amount) - (v_batch.original_amount - v_spent), 0);
  v_move := least(least(p_target, v_batch.original_amount) - v_debt - v_taken, v_batch.remaining_amount);
  if v_move <> 0 then
    insert into public.credit_ledger (
      batch_id, owner_type, owner_id, entry_type, amount, balance_after, cause, idempotency_key, created_at
    )
    values (
      p_batch_id, v_batch.owner_type, v_batch.owner_id,
      case when v_move > 0 then 'reversal' else 'restoration' end, -v_move, v_batch.remaining_amount - v_move,
      p_reason,
      -- one for each state of the account
      'stripe:' || p_batch_id || ':' || (select max(l.id) from public.credit_ledger l where l.batch_id = p_batch_id),
      p_now
    );
  end if;

  select coalesce(sum(d.credits), 0) into v_settled
  from public.credit_debts d where d.batch_id = p_batch_id and d.settled_at is not null;
  if v_debt > v_settled then
    insert into public.credit_debts as d (owner_type, owner_id, batch_id, credits, reason, created_at)
    values (v_batch.owner_type, v_batch.owner_id, p_batch_id, v_debt - v_settled, p_reason, p_now)
    on conflict (batch_id) where settled_at is null do update
    set credits = excluded.credits where d.credits <> excluded.credits;
  else
    delete from public.credit_debts where batch_id = p_batch_id and settled_at is null;
  end if;
end
$$;
comment on function private.reverse_credits(uuid, integer, text, timestamptz) is
  'Makes p_target credits of a batch reversed in all: takes what is left or gives back, and keeps the spent '
  'part as a debt.';
revoke execute on function private.reverse_credits(uuid, integer, text, timestamptz) from public;
