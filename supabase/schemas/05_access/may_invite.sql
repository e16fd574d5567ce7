create or replace function private.may_invite(
  p_user_id uuid, p_organization_id uuid, p_role public.org_role default 'org_member'
)
returns boolean
language sql
stable
security definer -- a policy asks, for users who cannot read every member and organisation
set search_path = ''
as $$
  select private.has_role(p_user_id, 'admin')
    or private.has_org_role(p_user_id, p_organization_id, 'org_admin')
    or (
      p_role <> 'org_admin'
      and private.has_org_role(p_user_id, p_organization_id, 'org_manager')
      and exists (
        select from public.organizations o
        where o.id = p_organization_id and o.settings -> 'allowMemberInvites' = 'true'
      )
    );
$$;
comment on function private.may_invite(uuid, uuid, public.org_role) is
  'Whether the user may send and take back invitations to this role: platform admins, the organisation''s '
  'admins, and its managers where it allows them, for roles below admin.';
revoke execute on function private.may_invite(uuid, uuid, public.org_role) from public;
grant execute on function private.may_invite(uuid, uuid, public.org_role) to authenticated, service_role;
