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
grant execute on function private.is_group_member(uuid, uuid) to anon, authenticated, service_role;

create or replace function public.is_group_member(_user_id uuid, _group_id uuid)
returns boolean
language sql
stable
set search_path = ''
as $$ select private.is_group_member($1, $2) $$;
comment on function public.is_group_member(uuid, uuid) is
  'Policy helper: private.is_group_member, with the caller''s rights.';
revoke execute on function public.is_group_member(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.is_group_member(uuid, uuid) to anon, authenticated, service_role;
