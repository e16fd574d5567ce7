create or replace function private.reverse_credits(
  p_batch_id uuid, p_withheld integer, p_owed integer, p_backed_by text, p_now timestamptz
)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_batch public.credit_batches;
  v_withheld integer;
begin
  select * into v_batch from public.credit_batches where id = p_batch_id;
  perform private.lock_credit_batches(v_batch.owner_type, v_batch.owner_id);
  v_withheld := least(greatest(p_withheld, p_owed), v_batch.original_amount);
  update public.credit_batches
  set withheld = v_withheld, owed = least(p_owed, v_withheld), backed_by = p_backed_by
  where id = p_batch_id
    and (withheld, owed, backed_by) is distinct from (v_withheld, least(p_owed, v_withheld), p_backed_by);
  if v_withheld > 0 or v_batch.withheld > 0 then
    perform private.settle_backing(v_batch.owner_type, v_batch.owner_id, p_now);
  end if;
end
$$;
comment on function private.reverse_credits(uuid, integer, integer, text, timestamptz) is
  'Withholds so many credits of a batch in all, for they are not paid for: takes what is left or gives back. p_owed of '
  'them are a debt where they were spent.';
revoke execute on function private.reverse_credits(uuid, integer, integer, text, timestamptz) from public;
