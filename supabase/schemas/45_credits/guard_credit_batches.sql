create or replace function private.guard_credit_batches()
returns trigger
language plpgsql
security definer -- whoever may change a batch need not be allowed to read the ledger
set search_path = ''
-- The plan is made at the first call of a session, maybe for a single row, and a nested loop over the
-- changed batches would take hours for all of them.
set enable_nestloop = off
set enable_hashjoin = on
as $$
declare
  v_has_changed boolean;
  v_has_moved boolean;
begin
  select
    bool_or(
      (n.original_amount, n.owner_type, n.owner_id) is distinct from (o.original_amount, o.owner_type, o.owner_id)
    ),
    bool_or(n.remaining_amount <> o.remaining_amount and n.remaining_amount is distinct from (
      select l.balance_after from public.credit_ledger l where l.batch_id = n.id order by l.id desc limit 1
    ))
  into v_has_changed, v_has_moved
  from old_batches o
  join new_batches n on n.id = o.id;
  if v_has_changed then
    raise exception 'the amount and the owner of a credit batch never change' using errcode = '23514';
  end if;
  if v_has_moved then
    raise exception 'credits move by credit_ledger only' using errcode = '23514';
  end if;
  return null;
end
$$;
comment on function private.guard_credit_batches() is
  'Trigger: refuses a change of a batch that its ledger does not know of.';
revoke execute on function private.guard_credit_batches() from public;
