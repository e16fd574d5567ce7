create or replace function private.expire_credits(
  p_now timestamptz, p_from uuid default null, p_to uuid default null, out result jsonb, out set_aside jsonb
)
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
      and (p_from is null or b.owner_id between p_from and p_to)
      and b.id not in (select w.batch_id from private.batches_awaiting_rollover(p_now, p_from, p_to) w)
    order by b.id
    for update
  ),
  known as materialized (
    select l.*, e.id as last_entry, e.balance_after
    from lapsed l
    left join lateral (
      select c.id, c.balance_after from public.credit_ledger c where c.batch_id = l.id order by c.id desc limit 1
    ) e on true
  ),
  entered as (
    insert into public.credit_ledger (
      batch_id, owner_type, owner_id, entry_type, amount, balance_after, cause, idempotency_key, created_at
    )
    select k.id, k.owner_type, k.owner_id, 'expiry', -k.remaining_amount, 0, 'expiry',
      -- a refund may bring a lapsed batch back to life, and it expires again
      'expiry:' || k.id || ':' || k.last_entry, p_now
    from known k
    where k.balance_after = k.remaining_amount
    order by k.id
  )
  select
    count(*) filter (where k.balance_after = k.remaining_amount and not k.is_expired),
    coalesce(jsonb_agg(
      private.set_aside('expire', k.owner_type, k.owner_id, case
        when k.last_entry is null then 'batch without an entry: ' else 'entries do not sum to the remaining amount: '
      end || k.id)
    ) filter (where k.balance_after is distinct from k.remaining_amount), '[]')
  into v_expired, set_aside
  from known k;

  -- Those with nothing left get no entry.
  update public.credit_batches
  set is_expired = true
  where not is_expired and expires_at <= p_now and remaining_amount = 0
    and (p_from is null or owner_id between p_from and p_to);
  get diagnostics v_empty = row_count;
  result := jsonb_build_object('success', true, 'expiredCount', v_expired + v_empty);
end
$$;
comment on function private.expire_credits(timestamptz, uuid, uuid) is
  'Expires the batches past their time, of all owners or of those from one id to another, with an entry for what '
  'was left. How many were marked, and those set aside because their ledger says something else.';
revoke execute on function private.expire_credits(timestamptz, uuid, uuid) from public;
