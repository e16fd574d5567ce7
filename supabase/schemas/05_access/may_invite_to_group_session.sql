create or replace function private.may_invite_to_group_session(
  p_session_id uuid, p_group_id uuid, p_user_id uuid
)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select exists (
    select from public.group_sessions s
    where s.id = p_session_id
      and s.group_id = p_group_id
      and s.booked_by = (select auth.uid())
      and private.is_group_member((select auth.uid()), s.group_id)
      and private.is_group_member(p_user_id, s.group_id)
  )
$$;
comment on function private.may_invite_to_group_session(uuid, uuid, uuid) is
  'Whether the caller made the session, in that group, and both the caller and the one invited are active '
  'members of it.';
revoke execute on function private.may_invite_to_group_session(uuid, uuid, uuid) from public;
grant execute on function private.may_invite_to_group_session(uuid, uuid, uuid) to authenticated, service_role;
