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
grant execute on function private.get_user_organization_id(uuid) to anon, authenticated, service_role;

create or replace function public.get_user_organization_id(_user_id uuid)
returns uuid
language sql
stable
set search_path = ''
as $$ select private.get_user_organization_id($1) $$;
comment on function public.get_user_organization_id(uuid) is
  'Policy helper: private.get_user_organization_id, with the caller''s rights.';
revoke execute on function public.get_user_organization_id(uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.get_user_organization_id(uuid) to anon, authenticated, service_role;
