create or replace function private.has_been_member(p_organization_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select exists (
    select from public.organization_members m
    where m.user_id = (select auth.uid()) and m.organization_id = p_organization_id
  )
$$;
comment on function private.has_been_member(uuid) is
  'Whether the caller is, or was, a member of the organization.';
revoke execute on function private.has_been_member(uuid) from public;
grant execute on function private.has_been_member(uuid) to authenticated, service_role;
