create or replace function private.get_user_organization_id(_user_id uuid)
returns uuid
language sql
stable
security definer
set search_path = ''
as $$
  select m.organization_id
  from public.organization_members m
  where m.user_id = _user_id and m.is_active;
$$;
comment on function private.get_user_organization_id(uuid) is
  'The organisation of the user''s active membership (there is at most one), else null.';
revoke execute on function private.get_user_organization_id(uuid) from public;
grant execute on function private.get_user_organization_id(uuid) to authenticated, service_role;

create or replace function public.get_user_organization_id(_user_id uuid)
returns uuid
language plpgsql
stable
set search_path = ''
as $$
begin
  if not private.may_ask_about(_user_id) then
    return null;
  end if;
  return private.get_user_organization_id(_user_id);
end
$$;
comment on function public.get_user_organization_id(uuid) is
  'Policy helper: private.get_user_organization_id, of the caller alone: null of others, but for admins and the server.';
revoke execute on function public.get_user_organization_id(uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.get_user_organization_id(uuid) to anon, authenticated, service_role;
