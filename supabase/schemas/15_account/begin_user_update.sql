create type public.user_update_start as (
  code text,
  old_email text
);
comment on type public.user_update_start is
  'code: ok (call Auth, then record), or why not. old_email: the present address; empty when there is none.';

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
  'Whether an admin may now give a user this address or a password, and the present address. Goes into the '
  'audit log.';
revoke execute on function public.begin_user_update(uuid, uuid, uuid, text, boolean, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.begin_user_update(uuid, uuid, uuid, text, boolean, timestamptz)
  to service_role;
