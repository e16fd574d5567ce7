create type public.email_change_claim as (
  code text,
  retry_after integer,
  request_id uuid,
  claim_id uuid,
  user_id uuid,
  old_email text,
  new_email text
);
comment on type public.email_change_claim is
  'code: ok (call Auth, then record), changed (Auth has done it: record), or why the link is refused.';

create or replace function public.claim_email_change(p_token text, p_now timestamptz default now())
returns public.email_change_claim
language plpgsql
security definer -- the caller is not signed in
set search_path = ''
as $$
declare
  v_request public.email_change_requests;
  v_claim public.email_change_claim;
  v_email text;
begin
  -- What is stored, given as a token, is hashed like anything else and matches nothing.
  select r.* into v_request
  from public.email_change_requests r
  where r.verification_token = encode(sha256(convert_to(p_token, 'UTF8')), 'hex')
  for update;

  select u.email into v_email from auth.users u where u.id = v_request.user_id;
  if not found then -- no such request, or nobody any more whose it is
    v_claim.code := 'invalid_token';
  elsif v_request.verified_at is not null then
    v_claim.code := 'already_verified';
  elsif private.is_claimed(v_request.claimed_at, p_now) then
    v_claim.code := 'verification_under_way';
    v_claim.retry_after := 60;
  elsif private.is_disabled(v_request.user_id, p_now) then
    v_claim.code := 'account_disabled';
  elsif v_email = lower(v_request.new_email) and v_request.claim_id is not null then
    v_claim.code := 'changed'; -- a use of this link got as far as Auth; time does not undo that
  elsif v_request.expires_at <= p_now then
    v_claim.code := 'token_expired';
  elsif lower(coalesce(v_email, '')) <> lower(v_request.old_email) then
    v_claim.code := 'address_changed';
  elsif private.is_address_taken(v_request.new_email, v_request.user_id) then
    v_claim.code := 'email_in_use';
  else
    v_claim.code := 'ok';
  end if;

  if v_claim.code in ('ok', 'changed') then
    v_claim.claim_id := gen_random_uuid();
    update public.email_change_requests r
    set claim_id = v_claim.claim_id, claimed_at = p_now
    where r.id = v_request.id;
    v_claim.request_id := v_request.id;
    v_claim.user_id := v_request.user_id;
    v_claim.old_email := v_request.old_email;
    v_claim.new_email := lower(v_request.new_email);
  end if;
  return v_claim;
end
$$;
comment on function public.claim_email_change(text, timestamptz) is
  'Takes a link of a change of address into use, for a minute: whoever comes second is refused. Changes '
  'nothing else.';
revoke execute on function public.claim_email_change(text, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.claim_email_change(text, timestamptz) to service_role;
