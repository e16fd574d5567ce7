create or replace function private.may_add_group_session(p_group_id uuid, p_parent_session_id uuid)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select exists (
    select from public.groups g
    where g.id = p_group_id
      and g.status not in ('completed', 'archived')
      and private.is_group_member((select auth.uid()), g.id)
  )
  and (
    p_parent_session_id is null
    or exists (
      select from public.group_sessions s
      where s.id = p_parent_session_id
        and s.group_id = p_group_id
        and s.booked_by = (select auth.uid())
    )
  )
$$;
comment on function private.may_add_group_session(uuid, uuid) is
  'Whether the caller is an active member of the group, which has not ended, and the series to go on with, if '
  'any, is the caller''s own in the same group.';
revoke execute on function private.may_add_group_session(uuid, uuid) from public;
grant execute on function private.may_add_group_session(uuid, uuid) to authenticated, service_role;
