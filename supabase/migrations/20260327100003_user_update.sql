-- A new address or password, given by an admin to anybody or, with the present password, by its owner.
--
-- Why: anybody could give himself any address, confirmed, and a password without the old one; who is not
-- an admin learnt from the answer whom an id belongs to; nothing was recorded.
-- Auth keeps passwords, so the function asks it; here is who may, how often, and what is recorded.
-- Locks: none on tables. Can be run again.

set lock_timeout = '10s';

select private.drop_public_functions('password_attempt', 'begin_user_update', 'record_auth_password');

drop type if exists public.password_attempt_result;
create type public.password_attempt_result as (code text, retry_after integer, email text, phone text);
comment on type public.password_attempt_result is
  'code: ok, or why no password is tried. email or phone: what Auth knows the user by.';

drop type if exists public.user_update_start;
create type public.user_update_start as (code text, old_email text);
comment on type public.user_update_start is
  'code: ok (call Auth, then record), or why not. old_email: the present address; empty when there is none.';

create or replace function public.password_attempt(
  p_user_id uuid, p_session_id uuid, p_now timestamptz default now()
)
returns public.password_attempt_result
language plpgsql
security definer -- the attempts are nobody's to write
set search_path = ''
as $$
declare
  v_result public.password_attempt_result;
begin
  v_result.code := private.caller_refusal(p_user_id, p_session_id, p_now);
  if v_result.code is not null then
    return v_result;
  end if;
  v_result.retry_after := private.take_attempt('password', p_user_id, '{5}', '{"15 minutes"}', p_now);
  if v_result.retry_after is not null then
    v_result.code := 'rate_limited';
    return v_result;
  end if;
  select 'ok', nullif(u.email, ''), nullif(u.phone, '')
  into v_result.code, v_result.email, v_result.phone
  from auth.users u
  where u.id = p_user_id;
  return v_result;
end
$$;
comment on function public.password_attempt(uuid, uuid, timestamptz) is
  'Before a signed-in user''s password is tried with Auth: 5 tries in 15 minutes, so that a stolen token does not find it out.';
revoke execute on function public.password_attempt(uuid, uuid, timestamptz)
  from public, anon, authenticated;
grant execute on function public.password_attempt(uuid, uuid, timestamptz) to service_role;

create or replace function public.begin_user_update(
  p_actor_id uuid,
  p_session_id uuid,
  p_user_id uuid,
  p_new_email text default null,
  p_new_password boolean default false,
  p_now timestamptz default now()
)
returns public.user_update_start
language plpgsql
security definer -- looks into auth.users and writes the audit log
set search_path = ''
as $$
declare
  v_result public.user_update_start;
begin
  -- Before anything is looked up: who is no admin does not learn whether the user exists.
  v_result.code := private.admin_refusal(p_actor_id, p_session_id, p_now);
  if v_result.code is not null then
    return v_result;
  end if;

  select coalesce(u.email, '') into v_result.old_email
  from auth.users u
  where u.id = p_user_id and u.deleted_at is null;
  if not found then
    v_result.code := 'not_found';
  elsif p_new_email is not null and private.is_address_taken(p_new_email, p_user_id) then
    v_result.code := 'email_in_use';
  else
    v_result.code := 'ok';
    perform private.audit(
      p_actor_id, 'user_update', p_user_id, 'asked',
      jsonb_build_object('email', p_new_email is not null, 'password', p_new_password)
    );
  end if;
  return v_result;
end
$$;
comment on function public.begin_user_update(uuid, uuid, uuid, text, boolean, timestamptz) is
  'Whether an admin may now give a user this address or a password, and the present address. Goes into the audit log.';
revoke execute on function public.begin_user_update(uuid, uuid, uuid, text, boolean, timestamptz)
  from public, anon, authenticated;
grant execute on function public.begin_user_update(uuid, uuid, uuid, text, boolean, timestamptz)
  to service_role;

create or replace function public.record_auth_password(p_user_id uuid, p_actor_id uuid)
returns void
language plpgsql
security definer -- writes the audit log
set search_path = ''
as $$
begin
  perform private.end_sessions(p_user_id);
  perform private.audit(p_actor_id, 'password_changed', p_user_id, 'done');
  perform private.mail_user_at(
    p_user_id, p.email,
    case when p_actor_id = p_user_id then 'password_changed' else 'password_changed_by_admin' end
  )
  from public.profiles p
  where p.id = p_user_id;
end
$$;
comment on function public.record_auth_password(uuid, uuid) is
  'After Auth has changed a password: the end of every session, the audit log and the notice.';
revoke execute on function public.record_auth_password(uuid, uuid) from public, anon, authenticated;
grant execute on function public.record_auth_password(uuid, uuid) to service_role;

insert into public.email_templates (template_key, name, subject, html_content, description)
values
  (
    'password_changed', 'Password changed', 'Your password was changed',
    '<p>Hello {{user_name}},</p><p>The password of your account was changed and every device signed out.</p><p>If it was not you, write to our support at once.</p>',
    'After a user has changed the own password.'
  ),
  (
    'password_changed_by_admin', 'Password changed by an administrator', 'Your password was changed',
    '<p>Hello {{user_name}},</p><p>An administrator changed the password of your account and signed every device out.</p>',
    'After an administrator has set a password.'
  )
on conflict (template_key) do nothing;
