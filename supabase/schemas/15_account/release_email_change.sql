create or replace function public.release_email_change(p_request_id uuid, p_claim_id uuid)
returns void
language sql
security definer -- nobody may write requests
set search_path = ''
as $$
  update public.email_change_requests r
  set claim_id = null, claimed_at = null
  where r.id = p_request_id and r.claim_id = p_claim_id and r.verified_at is null;
$$;
comment on function public.release_email_change(uuid, uuid) is
  'Gives a claimed link back after Auth refused the change.';
revoke execute on function public.release_email_change(uuid, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.release_email_change(uuid, uuid) to service_role;
