-- Who may change the members of an organisation, and see their consent.
--
-- Why: a manager could make anybody an admin, himself included; an admin or manager could make any user
-- of the platform a member, without asking; the last admin could lock everybody out; an organisation's
-- admin could re-open it after the platform had closed it; and a former admin went on reading consents.
-- Membership begins with an accepted invitation: only platform admins and the service role insert.
-- Locks: ACCESS EXCLUSIVE, briefly, on organization_members and organization_sharing_consent for their
-- policies; SHARE ROW EXCLUSIVE on organizations and organization_members for triggers.
-- Replaces whatever policies production has on the first two. Can be run again.

set lock_timeout = '10s';

do $$
begin
  perform private.drop_policies('organization_members', 'organization_sharing_consent');
end
$$;

-- organization_members ------------------------------------------------------------------------------

create index if not exists organization_members_organization_id_idx
  on public.organization_members (organization_id);
create index if not exists organization_members_invited_by_idx
  on public.organization_members (invited_by) where invited_by is not null;
create index if not exists organization_members_sponsored_plan_id_idx
  on public.organization_members (sponsored_plan_id) where sponsored_plan_id is not null;

create or replace function private.may_change_member(
  p_user_id uuid, p_organization_id uuid, p_role public.org_role
)
returns boolean
language sql
stable
set search_path = ''
begin atomic
  select private.has_role(p_user_id, 'admin')
    or private.has_org_role(p_user_id, p_organization_id, 'org_admin')
    or (
      p_role <> 'org_admin' and private.has_org_role(p_user_id, p_organization_id, 'org_manager')
    );
end;
comment on function private.may_change_member(uuid, uuid, public.org_role) is
  'Whether the user may change or remove a member of this role: platform admins, the organisation''s admins, and its managers below admin.';
revoke execute on function private.may_change_member(uuid, uuid, public.org_role) from public, anon;
grant execute on function private.may_change_member(uuid, uuid, public.org_role)
  to authenticated, service_role;

revoke all on table public.organization_members from public, anon, authenticated;
grant all on table public.organization_members to service_role;
grant select, insert, update, delete on table public.organization_members to authenticated;

create policy "organization_members: select" on public.organization_members
  for select to authenticated
  using (
    (select private.has_role((select auth.uid()), 'admin'))
    or user_id = (select auth.uid())
    or organization_id = (select private.get_user_organization_id((select auth.uid())))
  );

create policy "organization_members: insert" on public.organization_members
  for insert to authenticated
  with check ((select private.has_role((select auth.uid()), 'admin')));

-- A manager neither touches an admin (using) nor makes one (with check).
create policy "organization_members: update" on public.organization_members
  for update to authenticated
  using (private.may_change_member((select auth.uid()), organization_id, role))
  with check (private.may_change_member((select auth.uid()), organization_id, role));

create policy "organization_members: delete" on public.organization_members
  for delete to authenticated
  using (private.may_change_member((select auth.uid()), organization_id, role));

create or replace trigger guard_columns
  before update on public.organization_members
  for each row execute function private.guard_columns(
    'user_id', 'organization_id', 'invited_by', 'invited_at', 'joined_at'
  );

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
revoke execute on function private.has_an_org_admin(uuid) from public, anon;
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

create or replace trigger keep_an_admin_on_update
  after update on public.organization_members
  for each row
  when (
    old.role = 'org_admin' and old.is_active and (new.role <> 'org_admin' or not new.is_active)
  )
  execute function private.keep_an_org_admin();
create or replace trigger keep_an_admin_on_delete
  after delete on public.organization_members
  for each row
  when (old.role = 'org_admin' and old.is_active)
  execute function private.keep_an_org_admin();

-- organizations -------------------------------------------------------------------------------------

create or replace trigger guard_columns
  before update on public.organizations
  for each row execute function private.guard_columns('is_active');

-- organization_sharing_consent ----------------------------------------------------------------------

revoke all on table public.organization_sharing_consent from public, anon, authenticated;
grant all on table public.organization_sharing_consent to service_role;
grant select, insert, update, delete on table public.organization_sharing_consent to authenticated;

create policy "organization_sharing_consent: select" on public.organization_sharing_consent
  for select to authenticated
  using (
    user_id = (select auth.uid())
    or private.is_org_admin_or_manager((select auth.uid()), organization_id)
  );

create policy "organization_sharing_consent: insert" on public.organization_sharing_consent
  for insert to authenticated
  with check (user_id = (select auth.uid()));

create policy "organization_sharing_consent: update" on public.organization_sharing_consent
  for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));

create policy "organization_sharing_consent: delete" on public.organization_sharing_consent
  for delete to authenticated
  using (user_id = (select auth.uid()));
