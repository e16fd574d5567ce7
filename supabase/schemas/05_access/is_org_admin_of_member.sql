create or replace function private.is_org_admin_of_member(p_user_id uuid)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select exists (
    select from public.organization_members caller
    join public.organization_members member on member.organization_id = caller.organization_id
    join public.organization_sharing_consent consent
      on consent.organization_id = member.organization_id and consent.user_id = member.user_id
    where caller.user_id = (select auth.uid())
      and caller.role = 'org_admin'
      and caller.is_active
      and member.user_id = p_user_id
      and member.is_active
      and consent.share_progress
  )
$$;
comment on function private.is_org_admin_of_member(uuid) is
  'Whether the caller is an admin of the organization whose active member the user is, and the member shares '
  'their progress with it. An admin''s own enrollments are theirs anyway.';
revoke execute on function private.is_org_admin_of_member(uuid) from public;
grant execute on function private.is_org_admin_of_member(uuid) to authenticated, service_role;
