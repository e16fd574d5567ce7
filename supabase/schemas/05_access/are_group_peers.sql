create or replace function private.are_group_peers(_user_id uuid, _other_user_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select _user_id <> _other_user_id and exists (
    select from public.group_memberships m
    join public.group_memberships other on other.group_id = m.group_id
    where m.user_id = _user_id
      and m.status = 'active'
      and other.user_id = _other_user_id
      and other.status = 'active'
  );
$$;
comment on function private.are_group_peers(uuid, uuid) is
  'Whether two different users are both active in some peer group.';
revoke execute on function private.are_group_peers(uuid, uuid) from public;
grant execute on function private.are_group_peers(uuid, uuid) to authenticated, service_role;

create or replace function public.are_group_peers(user_a uuid, user_b uuid)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  if not private.may_ask_about(user_a) then
    return false;
  end if;
  return private.are_group_peers(user_a, user_b);
end
$$;
comment on function public.are_group_peers(uuid, uuid) is
  'Policy helper: private.are_group_peers, of the caller alone: false of others, but for admins and the server.';
revoke execute on function public.are_group_peers(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.are_group_peers(uuid, uuid) to anon, authenticated, service_role;
