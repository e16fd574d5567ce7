create or replace function private.is_same_organization(_user_id uuid, _other_user_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select from public.organization_members m
    join public.organization_members other on other.organization_id = m.organization_id
    where m.user_id = _user_id
      and m.is_active
      and other.user_id = _other_user_id
      and other.is_active
  );
$$;
comment on function private.is_same_organization(uuid, uuid) is
  'Whether both users have an active membership of one organisation.';
revoke execute on function private.is_same_organization(uuid, uuid) from public;
grant execute on function private.is_same_organization(uuid, uuid) to authenticated, service_role;

create or replace function public.is_same_organization(_user_id_1 uuid, _user_id_2 uuid)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  if not private.may_ask_about(_user_id_1) then
    return false;
  end if;
  return private.is_same_organization(_user_id_1, _user_id_2);
end
$$;
comment on function public.is_same_organization(uuid, uuid) is
  'Policy helper: private.is_same_organization, of the caller alone: false of others, but for admins and the server.';
revoke execute on function public.is_same_organization(uuid, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.is_same_organization(uuid, uuid) to anon, authenticated, service_role;
