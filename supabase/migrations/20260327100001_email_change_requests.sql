-- A change of address, the asking: by its owner, who says who it is once more.
--
-- Why: the browser wrote the request with a token of its own choice, so anybody could confirm any
-- address; the stored hash was a token itself; several links stayed open.
-- Now request_email_change() makes the token and only the mail knows it. A link sent before still works
-- until it expires, an hour from now at the most.
-- Locks: access exclusive on email_change_requests, briefly: it is small.
-- Can be run again; production's policies on this table and its view are replaced.

set lock_timeout = '10s';

alter table public.email_change_requests
  add column if not exists session_id uuid,
  add column if not exists claim_id uuid,
  add column if not exists claimed_at timestamptz;
comment on table public.email_change_requests is
  'Changes of address that were asked for. One open request a user; verified ones stay.';
comment on column public.email_change_requests.verification_token is 'SHA-256 of the token in the link, in hex.';
comment on column public.email_change_requests.token_hash is 'The same; the former web app wrote both.';
comment on column public.email_change_requests.session_id is
  'Where it was asked for: the session that goes on when the others end.';
comment on column public.email_change_requests.claim_id is 'The use of the link that is under way since claimed_at.';

-- The oldest links had the token itself stored. Hashed, it still matches, and is no token any more.
update public.email_change_requests
set verification_token = encode(sha256(convert_to(verification_token, 'UTF8')), 'hex')
where verification_token !~ '^[0-9a-f]{64}$';

-- Browsers chose the expiry too.
update public.email_change_requests
set expires_at = now() + interval '1 hour'
where verified_at is null and expires_at > now() + interval '1 hour';

delete from public.email_change_requests r
where r.verified_at is null
  and exists (
    select from public.email_change_requests newer
    where newer.user_id = r.user_id
      and newer.verified_at is null
      and (coalesce(newer.created_at, '-infinity'), newer.id) > (coalesce(r.created_at, '-infinity'), r.id)
  );
create unique index if not exists email_change_requests_open_key
  on public.email_change_requests (user_id) where verified_at is null;
create index if not exists email_change_requests_user_id_idx on public.email_change_requests (user_id);

-- Who may read --------------------------------------------------------------------------------------

do $$
begin
  perform private.drop_policies('email_change_requests');
end
$$;

revoke all on table public.email_change_requests from public, anon, authenticated;
grant select (id, user_id, old_email, new_email, expires_at, created_at, verified_at)
  on table public.email_change_requests to authenticated;
grant delete on table public.email_change_requests to authenticated;

create policy "email_change_requests: select" on public.email_change_requests
  for select to authenticated
  using (user_id = (select auth.uid()));

-- The owner takes a request back, unless it is just being confirmed.
create policy "email_change_requests: delete" on public.email_change_requests
  for delete to authenticated
  using (user_id = (select auth.uid()) and verified_at is null and claim_id is null);

drop view if exists public.email_change_requests_safe;
create view public.email_change_requests_safe
with (security_invoker = true) as
select r.id, r.user_id, r.old_email, r.new_email, r.expires_at, r.created_at, r.verified_at
from public.email_change_requests r
where r.verified_at is null and r.expires_at > now();
comment on view public.email_change_requests_safe is 'The caller''s open change of address, without the token.';
revoke all on table public.email_change_requests_safe from public, anon, authenticated;
grant select on table public.email_change_requests_safe to authenticated;

-- Results -------------------------------------------------------------------------------------------

select private.drop_public_functions('request_email_change', 'is_email_in_use');

drop type if exists public.email_change_request_result;
create type public.email_change_request_result as (code text, retry_after integer, expires_at timestamptz);
comment on type public.email_change_request_result is
  'code: ok, or why nothing was asked for. retry_after: seconds, with rate_limited and verification_under_way.';

-- Rules ---------------------------------------------------------------------------------------------

create or replace function private.is_address_taken(p_email text, p_except uuid)
returns boolean
language sql
stable
set search_path = ''
as $$
  select exists (
    select from auth.users u
    where u.email = lower(p_email) and not u.is_sso_user and u.id <> p_except
  ) or exists (
    select from public.profiles p where lower(p.email) = lower(p_email) and p.id <> p_except
  );
$$;
comment on function private.is_address_taken(text, uuid) is
  'Whether somebody other than this user has the address.';
revoke execute on function private.is_address_taken(text, uuid) from public, anon, authenticated;

create or replace function public.is_email_in_use(p_email text, p_except uuid)
returns boolean
language sql
stable
security definer -- service_role may not read auth.users
set search_path = ''
as $$
  select private.is_address_taken(p_email, p_except);
$$;
comment on function public.is_email_in_use(text, uuid) is
  'private.is_address_taken, for the functions: Auth does not say so of a race that it lost.';
revoke execute on function public.is_email_in_use(text, uuid) from public, anon, authenticated;
grant execute on function public.is_email_in_use(text, uuid) to service_role;

create or replace function private.is_claimed(p_claimed_at timestamptz, p_now timestamptz)
returns boolean
language sql
immutable
set search_path = ''
begin atomic
  -- longer than the function waits for Auth
  select coalesce(p_claimed_at > p_now - interval '1 minute', false);
end;
comment on function private.is_claimed(timestamptz, timestamptz) is
  'Whether a use of the link that began then may still be under way.';
revoke execute on function private.is_claimed(timestamptz, timestamptz) from public, anon, authenticated;

-- Asking --------------------------------------------------------------------------------------------

create or replace function public.request_email_change(
  p_user_id uuid,
  p_session_id uuid,
  p_new_email text,
  p_password_given boolean,
  p_link text,
  p_now timestamptz default now()
)
returns public.email_change_request_result
language plpgsql
security definer -- nobody may write requests
set search_path = ''
as $$
declare
  v_new_email text := lower(btrim(p_new_email));
  v_code text := private.caller_refusal(p_user_id, p_session_id, p_now);
  v_wait integer;
  v_old_email text;
  v_claimed_at timestamptz;
  v_token text;
  v_expires_at timestamptz := p_now + interval '1 hour';
begin
  if v_code is null and not p_password_given and not exists (
    select from auth.sessions s
    where s.id = p_session_id and s.created_at > p_now - interval '10 minutes'
  ) then
    v_code := 'reauthentication_required';
  end if;
  if v_code is not null then
    return row(v_code, null, null)::public.email_change_request_result;
  end if;

  -- Counted whatever comes of it: an address in use is something one could otherwise search for.
  -- It also lets in one request of a user at a time.
  v_wait := private.take_attempt(
    'request_email_change', p_user_id, '{3, 10}', '{"1 hour", "1 day"}', p_now
  );
  if v_wait is not null then
    return row('rate_limited', v_wait, null)::public.email_change_request_result;
  end if;

  select coalesce(u.email, '') into v_old_email from auth.users u where u.id = p_user_id;
  if lower(v_old_email) = v_new_email then
    return row('same_email', null, null)::public.email_change_request_result;
  end if;
  if private.is_address_taken(v_new_email, p_user_id) then
    return row('email_in_use', null, null)::public.email_change_request_result;
  end if;

  select r.claimed_at into v_claimed_at
  from public.email_change_requests r
  where r.user_id = p_user_id and r.verified_at is null
  for update;
  if private.is_claimed(v_claimed_at, p_now) then
    return row('verification_under_way', 60, null)::public.email_change_request_result;
  end if;
  delete from public.email_change_requests r where r.user_id = p_user_id and r.verified_at is null;

  -- 32 bytes: a version 4 UUID has 122 random bits, so three of them fill a SHA-256.
  v_token := rtrim(translate(encode(sha256(
    uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
  ), 'base64'), '+/', '-_'), '=');
  insert into public.email_change_requests (
    user_id, session_id, old_email, new_email, verification_token, expires_at, created_at
  )
  values (
    p_user_id, p_session_id, v_old_email, v_new_email,
    encode(sha256(convert_to(v_token, 'UTF8')), 'hex'), v_expires_at, p_now
  );

  perform private.mail_user_at(
    p_user_id, v_new_email, 'email_change_confirm', jsonb_build_object('new_email', v_new_email),
    jsonb_build_object('link', p_link || v_token)
  );
  perform private.mail_user_at(
    p_user_id, v_old_email, 'email_change_notice', jsonb_build_object('new_email', v_new_email)
  );
  return row('ok', null, v_expires_at)::public.email_change_request_result;
end
$$;
comment on function public.request_email_change(uuid, uuid, text, boolean, text, timestamptz) is
  'Asks for a change of address: one open request a user, the link to the new address, a notice to the old one. Wants the password (which the function checked with Auth) or a sign-in within 10 minutes; 3 an hour, 10 a day. p_link: what the token is appended to.';
revoke execute on function public.request_email_change(uuid, uuid, text, boolean, text, timestamptz)
  from public, anon, authenticated;
-- Only for the function: a user could say neither truthfully that the password was right nor where a link leads.
grant execute on function public.request_email_change(uuid, uuid, text, boolean, text, timestamptz)
  to service_role;

-- What is said --------------------------------------------------------------------------------------

insert into public.email_templates (template_key, name, subject, html_content, description)
values
  (
    'email_change_confirm', 'Confirm a new e-mail address', 'Confirm your new e-mail address',
    '<p>Hello {{user_name}},</p><p>To use {{new_email}} for InnoTrue Hub from now on, follow this link within an hour:</p><p><a href="{{link}}">Confirm the address</a></p><p>If you did not ask for this, do nothing.</p>',
    'To the new address, with the link that confirms it.'
  ),
  (
    'email_change_notice', 'A new e-mail address was asked for', 'A change of your e-mail address was asked for',
    '<p>Hello {{user_name}},</p><p>Somebody signed in to your account asked to change its e-mail address to {{new_email}}. Nothing changes until that address is confirmed.</p><p>If it was not you, change your password now.</p>',
    'To the present address, when a change is asked for.'
  )
on conflict (template_key) do nothing;
