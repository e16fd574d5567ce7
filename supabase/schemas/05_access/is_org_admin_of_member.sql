create or replace function private.is_org_admin_of_member(p_user_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select exists (
    select from public.organization_members caller
    join public.organization_members member on member.organization_id = caller.organization_id
    where caller.user_id = (select auth.uid())
      and caller.role = 'org_admin'
      and caller.is_active
      and member.user_id = p_user_id
  )
$$;
comment on function private.is_org_admin_of_member(uuid) is
  'Whether the caller is an admin of the organization that the user is, or was, a member of.';
revoke execute on function private.is_org_admin_of_member(uuid) from public;
grant execute on function private.is_org_admin_of_member(uuid) to authenticated, service_role;
