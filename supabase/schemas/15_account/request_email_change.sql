create type public.email_change_request_result as (
  code text,
  retry_after integer,
  expires_at timestamptz
);
comment on type public.email_change_request_result is
  'code: ok, or why nothing was asked for. retry_after: seconds, with rate_limited and '
  'verification_under_way.';

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
  'Asks for a change of address: one open request a user, the link to the new address, a notice to the old '
  'one. Wants the password (which the function checked with Auth) or a sign-in within 10 minutes; 3 an '
  'hour, 10 a day. p_link: what the token is appended to.';
revoke execute on function public.request_email_change(uuid, uuid, text, boolean, text, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.request_email_change(uuid, uuid, text, boolean, text, timestamptz)
  to service_role;
