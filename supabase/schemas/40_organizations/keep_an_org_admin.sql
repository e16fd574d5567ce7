create or replace function private.has_an_org_admin(p_organization_id uuid)
returns boolean
language plpgsql
security definer -- counts members whom the caller may no longer see; locks the organisation
set search_path = ''
as $$
begin
  -- Two admins who remove one another at once: the second waits here and then sees that none is left.
  perform from public.organizations o where o.id = p_organization_id for no key update;
  return exists (
    select from public.organization_members m
    where m.organization_id = p_organization_id and m.role = 'org_admin' and m.is_active
  );
end
$$;
comment on function private.has_an_org_admin(uuid) is
  'Whether the organisation has an active admin. Locks it until the transaction ends.';
revoke execute on function private.has_an_org_admin(uuid) from public;
grant execute on function private.has_an_org_admin(uuid) to authenticated, service_role;

-- Security invoker on purpose, as private.guard_columns: current_user tells a request from the service
-- role and from the deletion of a user, which must not hang on this.
create or replace function private.keep_an_org_admin()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
begin
  if current_user in ('anon', 'authenticated')
    and not private.has_role(auth.uid(), 'admin')
    and not private.has_an_org_admin(old.organization_id)
  then
    raise exception 'an organisation keeps at least one active admin' using errcode = 'check_violation';
  end if;
  return null;
end
$$;
comment on function private.keep_an_org_admin() is
  'Trigger: nobody but a platform admin takes the last active admin from an organisation.';
revoke execute on function private.keep_an_org_admin() from public;
