create or replace function private.has_role(_user_id uuid, _role public.app_role)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select from public.user_roles r
    where r.user_id = _user_id and r.role = _role
  );
$$;
comment on function private.has_role(uuid, public.app_role) is 'Whether the user holds the platform role.';
revoke execute on function private.has_role(uuid, public.app_role) from public;
grant execute on function private.has_role(uuid, public.app_role) to authenticated, service_role;

create or replace function public.has_role(_user_id uuid, _role public.app_role)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  if not private.may_ask_about(_user_id) then
    return false;
  end if;
  return private.has_role(_user_id, _role);
end
$$;
comment on function public.has_role(uuid, public.app_role) is
  'Policy helper: private.has_role, of the caller alone: false of others, but for admins and the server.';
revoke execute on function public.has_role(uuid, public.app_role)
  from public, anon, authenticated, service_role;
grant execute on function public.has_role(uuid, public.app_role) to anon, authenticated, service_role;
