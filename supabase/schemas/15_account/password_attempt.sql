create type public.password_attempt_result as (
  code text,
  retry_after integer,
  email text,
  phone text
);
comment on type public.password_attempt_result is
  'code: ok, or why no password is tried. email or phone: what Auth knows the user by.';

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
  'Before a signed-in user''s password is tried with Auth: 5 tries in 15 minutes, so that a stolen token '
  'does not find it out.';
revoke execute on function public.password_attempt(uuid, uuid, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.password_attempt(uuid, uuid, timestamptz) to service_role;
