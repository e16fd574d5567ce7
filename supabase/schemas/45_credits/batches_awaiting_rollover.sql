create or replace function private.batches_awaiting_rollover(
  p_now timestamptz, p_from uuid default null, p_to uuid default null
)
returns table (batch_id uuid, credits integer)
language plpgsql -- which plans for all owners and for some
stable
set search_path = ''
as $$
begin
  return query
  select b.id, r.credits
  from public.credit_batches b
  cross join lateral (
    select private.month_start(b.granted_at) as starts_at,
      private.month_start(b.granted_at) + interval '1 month' as ends_at
  ) m
  -- granted within the month, it was held from that day
  cross join lateral (
    select b.original_amount::bigint * ((m.ends_at at time zone 'UTC')::date - (b.granted_at at time zone 'UTC')::date)
      / ((m.ends_at at time zone 'UTC')::date - (m.starts_at at time zone 'UTC')::date) as held
  ) h
  cross join lateral (
    select least(b.remaining_amount - (b.original_amount - h.held), h.held / 2)::integer as credits
  ) r
  where b.owner_type = 'org' and b.source_type = 'subscription'
    and b.original_amount > 1 and b.remaining_amount > 0
    and b.expires_at <= p_now and b.expires_at + interval '1 month' > p_now
    and (p_from is null or b.owner_id between p_from and p_to)
    and r.credits > 0
    -- counted, since "not exists" becomes a join, and a join of each with each right after a rollover
    and (
      select count(*) from public.credit_ledger l where l.batch_id = b.id and l.entry_type = 'rollover_out'
    ) = 0;
end
$$;
comment on function private.batches_awaiting_rollover(timestamptz, uuid, uuid) is
  'Lapsed allowances of organisations, or of those from one id to another, that are still to be carried over, so '
  'that they must not expire yet, and how much of each: what is unused of the days that it was held, at most half.';
revoke execute on function private.batches_awaiting_rollover(timestamptz, uuid, uuid) from public;
