create or replace function private.purchase_batch(
  p_owner_type text, p_owner_id uuid, p_purchase_id uuid, p_session_id text
)
returns uuid
language sql
stable
set search_path = ''
begin atomic
  select b.id
  from public.credit_batches b
  where b.owner_type = p_owner_type and b.owner_id = p_owner_id and b.source_type = 'purchase'
    and b.source_reference_id in (p_purchase_id::text, p_session_id)
  order by b.created_at, b.id
  limit 1;
end;
comment on function private.purchase_batch(text, uuid, uuid, text) is
  'The credits of a purchase, whoever granted them: the browser on its return, or an event.';
revoke execute on function private.purchase_batch(text, uuid, uuid, text) from public;
