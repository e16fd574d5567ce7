create or replace function private.has_org_role(_user_id uuid, _organization_id uuid, _role public.org_role)
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
      and m.role = _role
      and m.is_active
  );
$$;
comment on function private.has_org_role(uuid, uuid, public.org_role) is
  'Whether the user has an active membership of the organisation with this role.';
revoke execute on function private.has_org_role(uuid, uuid, public.org_role) from public;
grant execute on function private.has_org_role(uuid, uuid, public.org_role)
  to authenticated, service_role;

create or replace function public.has_org_role(_user_id uuid, _org_id uuid, _role public.org_role)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  if not private.may_ask_about(_user_id) then
    return false;
  end if;
  return private.has_org_role(_user_id, _org_id, _role);
end
$$;
comment on function public.has_org_role(uuid, uuid, public.org_role) is
  'Policy helper: private.has_org_role, of the caller alone: false of others, but for admins and the server.';
revoke execute on function public.has_org_role(uuid, uuid, public.org_role)
  from public, anon, authenticated, service_role;
grant execute on function public.has_org_role(uuid, uuid, public.org_role)
  to anon, authenticated, service_role;
