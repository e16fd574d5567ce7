create or replace function private.end_sessions(p_user_id uuid, p_except uuid default null)
returns integer
language sql
set search_path = ''
as $$
  with ended as (
    delete from auth.sessions s
    where s.user_id = p_user_id and s.id is distinct from p_except
    returning s.id
  )
  select count(*)::integer from ended;
$$;
comment on function private.end_sessions(uuid, uuid) is
  'Signs a user out everywhere but in one session, as Auth does: its refresh tokens go with a session. An '
  'access token lives on until it expires.';
revoke execute on function private.end_sessions(uuid, uuid) from public;
