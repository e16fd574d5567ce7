create or replace function private.is_group_leader(p_group_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select exists (
    select from public.group_memberships m
    where m.group_id = p_group_id
      and m.user_id = (select auth.uid())
      and m.role = 'leader'
      and m.status = 'active'
  )
$$;
comment on function private.is_group_leader(uuid) is
  'Whether the caller is an active leader of the group.';
revoke execute on function private.is_group_leader(uuid) from public;
grant execute on function private.is_group_leader(uuid) to authenticated, service_role;
