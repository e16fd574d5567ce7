-- A change of address, the confirming: by whoever reads the new mailbox.
--
-- Why: one link could be used twice at once, or after the address had changed meanwhile.
-- verify-email-change spans two systems, so it claims the request, calls Auth, and records what Auth then
-- says: claim_email_change() → Auth → record_auth_email(). A claim that breaks off lapses after a minute,
-- and the same link then finishes what was begun.
-- Locks: none on tables. Can be run again.

set lock_timeout = '10s';

select private.drop_public_functions('claim_email_change', 'release_email_change', 'record_auth_email');

drop type if exists public.email_change_claim;
create type public.email_change_claim as (
  code text, retry_after integer, request_id uuid, claim_id uuid, user_id uuid, old_email text, new_email text
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
  'Takes a link of a change of address into use, for a minute: whoever comes second is refused. Changes nothing else.';
revoke execute on function public.claim_email_change(text, timestamptz) from public, anon, authenticated;
grant execute on function public.claim_email_change(text, timestamptz) to service_role;

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
revoke execute on function public.release_email_change(uuid, uuid) from public, anon, authenticated;
grant execute on function public.release_email_change(uuid, uuid) to service_role;

create or replace function public.record_auth_email(
  p_user_id uuid,
  p_actor_id uuid,
  p_old_email text,
  p_request_id uuid default null,
  p_claim_id uuid default null,
  p_now timestamptz default now()
)
returns text
language plpgsql
security definer -- nobody may write these columns
set search_path = ''
as $$
declare
  v_session_id uuid;
  v_new_email text;
  v_template_key text := case when p_actor_id = p_user_id then 'email_changed' else 'email_changed_by_admin' end;
begin
  if p_request_id is not null then
    update public.email_change_requests r
    set verified_at = p_now
    where r.id = p_request_id and r.claim_id = p_claim_id and r.verified_at is null
    returning r.session_id into v_session_id;
    if not found then
      return 'already_verified';
    end if;
  else -- an address that an admin has set ends what the user asked for
    delete from public.email_change_requests r where r.user_id = p_user_id and r.verified_at is null;
  end if;

  perform private.sync_profile(p_user_id, p_old_email, p_now);
  perform private.end_sessions(p_user_id, v_session_id);

  select p.email into v_new_email from public.profiles p where p.id = p_user_id;
  perform private.audit(
    p_actor_id, 'email_changed', p_user_id, 'done',
    jsonb_build_object('old_email', p_old_email, 'new_email', v_new_email)
  );
  perform private.mail_user_at(
    p_user_id, address.email, v_template_key,
    jsonb_build_object('old_email', p_old_email, 'new_email', v_new_email)
  )
  from unnest(array[p_old_email, v_new_email]) as address (email)
  -- who has confirmed the new address need not be told there
  where p_request_id is null or address.email = p_old_email;
  return 'ok';
end
$$;
comment on function public.record_auth_email(uuid, uuid, text, uuid, uuid, timestamptz) is
  'After Auth has changed an address: the profile, the end of the other sessions, the audit log, the notices and, where it was confirmed by a link, the request. ok, or already_verified and nothing done.';
revoke execute on function public.record_auth_email(uuid, uuid, text, uuid, uuid, timestamptz)
  from public, anon, authenticated;
grant execute on function public.record_auth_email(uuid, uuid, text, uuid, uuid, timestamptz)
  to service_role;

-- What is said --------------------------------------------------------------------------------------

insert into public.email_templates (template_key, name, subject, html_content, description)
values
  (
    'email_changed', 'E-mail address changed', 'Your e-mail address was changed',
    '<p>Hello {{user_name}},</p><p>The e-mail address of your account was changed from {{old_email}} to {{new_email}}.</p><p>If it was not you, write to our support at once.</p>',
    'To the former address, once the new one is confirmed.'
  ),
  (
    'email_changed_by_admin', 'E-mail address changed by an administrator', 'Your e-mail address was changed',
    '<p>Hello {{user_name}},</p><p>An administrator changed the e-mail address of your account from {{old_email}} to {{new_email}}.</p>',
    'To both addresses, when an administrator changes one.'
  )
on conflict (template_key) do nothing;
