create or replace function private.may_change_member(
  p_user_id uuid, p_organization_id uuid, p_role public.org_role
)
returns boolean
language sql
stable
set search_path = ''
as $$
  select private.has_role(p_user_id, 'admin')
    or private.has_org_role(p_user_id, p_organization_id, 'org_admin')
    or (
      p_role <> 'org_admin' and private.has_org_role(p_user_id, p_organization_id, 'org_manager')
    );
$$;
comment on function private.may_change_member(uuid, uuid, public.org_role) is
  'Whether the user may change or remove a member of this role: platform admins, the organisation''s '
  'admins, and its managers below admin.';
revoke execute on function private.may_change_member(uuid, uuid, public.org_role) from public;
grant execute on function private.may_change_member(uuid, uuid, public.org_role)
  to authenticated, service_role;
