-- Credit maintenance over a million owners: what expires is written once, and new batches are opened in
-- the order of the ledger's indexes.
--
-- Why: a lapsed batch was written twice, once by its ledger entry and once to be marked as expired: a
-- seventh of a run in which everything expires, as on the first of a month. Now the entry marks its batch
-- as well. And a million opening entries in random order went back and forth in three indexes that are
-- larger than the cache: a fifth of a rollover of so many.
-- Locks: none at migration. Replaces functions of 20260325100000 and 20260325100003; what they do stays the
-- same. Can be run again.

set lock_timeout = '10s';

create or replace function private.open_credit_batches()
returns trigger
language plpgsql
security definer -- whoever may grant a batch need not be allowed to write the ledger
set search_path = ''
as $$
begin
  insert into public.credit_ledger (
    batch_id, owner_type, owner_id, entry_type, amount, balance_after, cause, idempotency_key, created_at
  )
  select b.id, b.owner_type, b.owner_id,
    case b.source_type when 'rollover' then 'rollover_in' else 'grant' end,
    b.remaining_amount, b.remaining_amount,
    coalesce(b.idempotency_key, b.source_type || coalesce(':' || b.source_reference_id, '')),
    'open:' || b.id, b.granted_at
  from new_batches b
  order by b.id;
  return null;
end
$$;
comment on function private.open_credit_batches() is
  'Trigger: the first entry of each new batch, whoever made it.';

create or replace function private.post_credit_entries()
returns trigger
language plpgsql
security definer -- whoever may grant a batch need not be allowed to write the ledger
set search_path = ''
as $$
begin
  if exists (select from new_entries e group by e.batch_id having count(*) > 1) then
    raise exception 'one entry a batch and statement' using errcode = '23514';
  end if;

  update public.credit_batches b
  set remaining_amount = b.remaining_amount + e.amount,
    is_expired = b.is_expired or e.entry_type = 'expiry'
  from new_entries e
  where e.batch_id = b.id and e.entry_type not in ('opening_balance', 'grant', 'rollover_in');

  if exists (
    select from new_entries e
    join public.credit_batches b on b.id = e.batch_id
    where (b.remaining_amount, b.owner_type, b.owner_id)
      is distinct from (e.balance_after, e.owner_type, e.owner_id)
  ) then
    raise exception 'a ledger entry does not fit its batch' using errcode = '23514';
  end if;
  return null;
end
$$;
comment on function private.post_credit_entries() is
  'Trigger: carries new ledger entries over to their batches, marks those that expire, and refuses entries that do not add up.';

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
