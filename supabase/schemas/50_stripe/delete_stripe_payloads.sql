create or replace function private.delete_stripe_payloads(p_now timestamptz default now())
returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_deleted integer;
begin
  -- What nobody could place is past placing then, and waits no more.
  update public.stripe_events
  set payload = null, status = case status when 'unmatched' then 'dismissed' else status end
  where payload is not null and received_at < p_now - interval '90 days';
  get diagnostics v_deleted = row_count;
  return v_deleted;
end
$$;
comment on function private.delete_stripe_payloads(timestamptz) is
  'Deletes payloads older than 90 days, which hold personal data; the rows stay, and what waited is dismissed. '
  'Returns how many.';
revoke execute on function private.delete_stripe_payloads(timestamptz) from public;
