create or replace function private.caller_refusal(p_user_id uuid, p_session_id uuid, p_now timestamptz)
returns text
language sql
stable
set search_path = ''
as $$
  select case
    when private.is_disabled(p_user_id, p_now)
      or not exists (select from auth.users u where u.id = p_user_id)
      then 'account_disabled'
    when not exists (
      select from auth.sessions s where s.id = p_session_id and s.user_id = p_user_id
    ) then 'unauthorized'
  end;
$$;
comment on function private.caller_refusal(uuid, uuid, timestamptz) is
  'Why a user with a valid token is refused all the same: disabled or deleted, or signed out meanwhile. '
  'Null: not refused.';
revoke execute on function private.caller_refusal(uuid, uuid, timestamptz) from public;

create or replace function private.admin_refusal(p_user_id uuid, p_session_id uuid, p_now timestamptz)
returns text
language sql
stable
set search_path = ''
as $$
  select coalesce(
    private.caller_refusal(p_user_id, p_session_id, p_now),
    case when not private.has_role(p_user_id, 'admin') then 'forbidden' end
  );
$$;
comment on function private.admin_refusal(uuid, uuid, timestamptz) is
  'Why a user with a valid token may not act as an admin. Null: may.';
revoke execute on function private.admin_refusal(uuid, uuid, timestamptz) from public;
