create or replace function private.is_group_member(_user_id uuid, _group_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select from public.group_memberships m
    where m.user_id = _user_id and m.group_id = _group_id and m.status = 'active'
  );
$$;
comment on function private.is_group_member(uuid, uuid) is
  'Whether the user has an active membership of the peer group.';
revoke execute on function private.is_group_member(uuid, uuid) from public;
grant execute on function private.is_group_member(uuid, uuid) to authenticated, service_role;

create or replace function public.is_group_member(_user_id uuid, _group_id uuid)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  if not private.may_ask_about(_user_id) then
    return false;
  end if;
  return private.is_group_member(_user_id, _group_id);
end
$$;
comment on function public.is_group_member(uuid, uuid) is
  'Policy helper: private.is_group_member, of the caller alone: false of others, but for admins and the server.';
revoke execute on function public.is_group_member(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.is_group_member(uuid, uuid) to anon, authenticated, service_role;
