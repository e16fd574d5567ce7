create or replace function private.batches_awaiting_rollover(p_now timestamptz, p_owner_id uuid default null)
returns setof uuid
language plpgsql -- which plans for all owners and for one
stable
set search_path = ''
as $$
begin
  return query
  select b.id
  from public.credit_batches b
  where b.owner_type = 'org' and b.source_type = 'subscription'
    and b.original_amount > 1 and b.remaining_amount > 0
    and b.expires_at <= p_now and b.expires_at + interval '1 month' > p_now
    and (p_owner_id is null or b.owner_id = p_owner_id)
    -- counted, since "not exists" becomes a join, and a join of each with each right after a rollover
    and (
      select count(*) from public.credit_ledger l where l.batch_id = b.id and l.entry_type = 'rollover_out'
    ) = 0;
end
$$;
comment on function private.batches_awaiting_rollover(timestamptz, uuid) is
  'Lapsed allowances of organisations, or of one, that are still to be carried over, so that they must not '
  'expire yet.';
revoke execute on function private.batches_awaiting_rollover(timestamptz, uuid) from public;
