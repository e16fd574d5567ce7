create or replace function private.is_org_admin_or_manager(_user_id uuid, _organization_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select from public.organization_members m
    where m.user_id = _user_id
      and m.organization_id = _organization_id
      and m.role in ('org_admin', 'org_manager')
      and m.is_active
  );
$$;
comment on function private.is_org_admin_or_manager(uuid, uuid) is
  'Whether the user is an active org_admin or org_manager of the organisation.';
revoke execute on function private.is_org_admin_or_manager(uuid, uuid) from public;
grant execute on function private.is_org_admin_or_manager(uuid, uuid) to authenticated, service_role;

create or replace function public.is_org_admin_or_manager(_user_id uuid, _org_id uuid)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  if not private.may_ask_about(_user_id) then
    return false;
  end if;
  return private.is_org_admin_or_manager(_user_id, _org_id);
end
$$;
comment on function public.is_org_admin_or_manager(uuid, uuid) is
  'Policy helper: private.is_org_admin_or_manager, of the caller alone: false of others, but for admins and the server.';
revoke execute on function public.is_org_admin_or_manager(uuid, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.is_org_admin_or_manager(uuid, uuid) to anon, authenticated, service_role;
