create or replace function private.expire_credits(p_now timestamptz)
returns integer
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_expired integer;
  v_empty integer;
begin
  with lapsed as materialized (
    select b.id, b.owner_type, b.owner_id, b.remaining_amount, b.is_expired
    from public.credit_batches b
    where b.remaining_amount > 0 and b.expires_at <= p_now
      and b.id not in (select private.batches_awaiting_rollover(p_now))
    order by b.id
    for update
  ),
  entered as (
    insert into public.credit_ledger (
      batch_id, owner_type, owner_id, entry_type, amount, balance_after, cause, idempotency_key, created_at
    )
    select l.id, l.owner_type, l.owner_id, 'expiry', -l.remaining_amount, 0, 'expiry',
      -- a refund may bring a lapsed batch back to life, and it expires again
      'expiry:' || l.id || ':' || (select max(e.id) from public.credit_ledger e where e.batch_id = l.id),
      p_now
    from lapsed l
  )
  select count(*) into v_expired from lapsed l where not l.is_expired;

  -- Those with nothing left get no entry.
  update public.credit_batches
  set is_expired = true
  where not is_expired and expires_at <= p_now and remaining_amount = 0;
  get diagnostics v_empty = row_count;
  return v_expired + v_empty;
end
$$;
comment on function private.expire_credits(timestamptz) is
  'Expires the batches past their time, with an entry for what was left. Returns how many were marked.';
revoke execute on function private.expire_credits(timestamptz) from public;
