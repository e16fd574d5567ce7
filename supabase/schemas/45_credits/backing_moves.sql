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
