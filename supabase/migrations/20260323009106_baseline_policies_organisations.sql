-- Baseline: who may do what with organisations, their members and their platform subscription.
-- One policy an operation and role says what production's several policies add up to; the grants name
-- just what a policy allows.
-- The caller and the role admin are looked up once a statement, hence the sub-selects.
--
-- Production has its own policies already: there the file is marked as applied and never runs.
-- Locks: access exclusive, briefly, on each table. Can be run again: each policy is dropped and made anew.

-- public.organizations
revoke all on table public.organizations from public, anon, authenticated;
grant all on table public.organizations to service_role;
grant select, insert, update, delete on table public.organizations to authenticated;

drop policy if exists "organizations: select" on public.organizations;
create policy "organizations: select" on public.organizations
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or id = (select public.get_user_organization_id((select auth.uid())))
  );

drop policy if exists "organizations: insert" on public.organizations;
create policy "organizations: insert" on public.organizations
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "organizations: update" on public.organizations;
create policy "organizations: update" on public.organizations
  for update to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or public.has_org_role((select auth.uid()), id, 'org_admin')
  )
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or public.has_org_role((select auth.uid()), id, 'org_admin')
  );

drop policy if exists "organizations: delete" on public.organizations;
create policy "organizations: delete" on public.organizations
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.organization_members: a manager may promote anyone to org_admin.
revoke all on table public.organization_members from public, anon, authenticated;
grant all on table public.organization_members to service_role;
grant select, insert, update, delete on table public.organization_members to authenticated;

drop policy if exists "organization_members: select" on public.organization_members;
create policy "organization_members: select" on public.organization_members
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or user_id = (select auth.uid())
    or organization_id = (select public.get_user_organization_id((select auth.uid())))
  );

drop policy if exists "organization_members: insert" on public.organization_members;
create policy "organization_members: insert" on public.organization_members
  for insert to authenticated
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or public.is_org_admin_or_manager((select auth.uid()), organization_id)
  );

drop policy if exists "organization_members: update" on public.organization_members;
create policy "organization_members: update" on public.organization_members
  for update to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or public.is_org_admin_or_manager((select auth.uid()), organization_id)
  )
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or public.is_org_admin_or_manager((select auth.uid()), organization_id)
  );

drop policy if exists "organization_members: delete" on public.organization_members;
create policy "organization_members: delete" on public.organization_members
  for delete to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or public.is_org_admin_or_manager((select auth.uid()), organization_id)
  );

-- public.organization_invites: without production's select policy for the invited address: it reads
-- auth.users, which authenticated may not, so that every select by a signed-in user failed.
revoke all on table public.organization_invites from public, anon, authenticated;
grant all on table public.organization_invites to service_role;
grant select, insert, update, delete on table public.organization_invites to authenticated;

drop policy if exists "organization_invites: select" on public.organization_invites;
create policy "organization_invites: select" on public.organization_invites
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or public.is_org_admin_or_manager((select auth.uid()), organization_id)
  );

drop policy if exists "organization_invites: insert" on public.organization_invites;
create policy "organization_invites: insert" on public.organization_invites
  for insert to authenticated
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or public.is_org_admin_or_manager((select auth.uid()), organization_id)
  );

drop policy if exists "organization_invites: update" on public.organization_invites;
create policy "organization_invites: update" on public.organization_invites
  for update to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or public.is_org_admin_or_manager((select auth.uid()), organization_id)
  )
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or public.is_org_admin_or_manager((select auth.uid()), organization_id)
  );

drop policy if exists "organization_invites: delete" on public.organization_invites;
create policy "organization_invites: delete" on public.organization_invites
  for delete to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or public.is_org_admin_or_manager((select auth.uid()), organization_id)
  );

-- public.organization_sharing_consent: the consent is the member's alone: not even a platform admin
-- reads it.
revoke all on table public.organization_sharing_consent from public, anon, authenticated;
grant all on table public.organization_sharing_consent to service_role;
grant select, insert, update, delete on table public.organization_sharing_consent to authenticated;

drop policy if exists "organization_sharing_consent: select" on public.organization_sharing_consent;
create policy "organization_sharing_consent: select" on public.organization_sharing_consent
  for select to authenticated
  using (
    user_id = (select auth.uid())
    or exists (
      select from public.organization_members m
      where m.organization_id = organization_sharing_consent.organization_id
        and m.user_id = (select auth.uid())
        and m.role in ('org_admin', 'org_manager')
    )
  );

drop policy if exists "organization_sharing_consent: insert" on public.organization_sharing_consent;
create policy "organization_sharing_consent: insert" on public.organization_sharing_consent
  for insert to authenticated
  with check (user_id = (select auth.uid()));

drop policy if exists "organization_sharing_consent: update" on public.organization_sharing_consent;
create policy "organization_sharing_consent: update" on public.organization_sharing_consent
  for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));

drop policy if exists "organization_sharing_consent: delete" on public.organization_sharing_consent;
create policy "organization_sharing_consent: delete" on public.organization_sharing_consent
  for delete to authenticated
  using (user_id = (select auth.uid()));

-- public.organization_programs
revoke all on table public.organization_programs from public, anon, authenticated;
grant all on table public.organization_programs to service_role;
grant select, insert, update, delete on table public.organization_programs to authenticated;

drop policy if exists "organization_programs: select" on public.organization_programs;
create policy "organization_programs: select" on public.organization_programs
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or public.is_org_admin_or_manager((select auth.uid()), organization_id)
  );

drop policy if exists "organization_programs: insert" on public.organization_programs;
create policy "organization_programs: insert" on public.organization_programs
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "organization_programs: update" on public.organization_programs;
create policy "organization_programs: update" on public.organization_programs
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "organization_programs: delete" on public.organization_programs;
create policy "organization_programs: delete" on public.organization_programs
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.organization_terms: the organisation's own affair: platform admins have no part in it.
revoke all on table public.organization_terms from public, anon, authenticated;
grant all on table public.organization_terms to service_role;
grant select, insert, update, delete on table public.organization_terms to authenticated;

drop policy if exists "organization_terms: select" on public.organization_terms;
create policy "organization_terms: select" on public.organization_terms
  for select to authenticated
  using (organization_id = (select public.get_user_organization_id((select auth.uid()))));

drop policy if exists "organization_terms: insert" on public.organization_terms;
create policy "organization_terms: insert" on public.organization_terms
  for insert to authenticated
  with check (public.has_org_role((select auth.uid()), organization_id, 'org_admin'));

drop policy if exists "organization_terms: update" on public.organization_terms;
create policy "organization_terms: update" on public.organization_terms
  for update to authenticated
  using (public.has_org_role((select auth.uid()), organization_id, 'org_admin'))
  with check (public.has_org_role((select auth.uid()), organization_id, 'org_admin'));

drop policy if exists "organization_terms: delete" on public.organization_terms;
create policy "organization_terms: delete" on public.organization_terms
  for delete to authenticated
  using (public.has_org_role((select auth.uid()), organization_id, 'org_admin'));

-- public.org_platform_tiers
revoke all on table public.org_platform_tiers from public, anon, authenticated;
grant all on table public.org_platform_tiers to service_role;
grant select, insert, update, delete on table public.org_platform_tiers to authenticated;

drop policy if exists "org_platform_tiers: select" on public.org_platform_tiers;
create policy "org_platform_tiers: select" on public.org_platform_tiers
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or is_active);

drop policy if exists "org_platform_tiers: insert" on public.org_platform_tiers;
create policy "org_platform_tiers: insert" on public.org_platform_tiers
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "org_platform_tiers: update" on public.org_platform_tiers;
create policy "org_platform_tiers: update" on public.org_platform_tiers
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "org_platform_tiers: delete" on public.org_platform_tiers;
create policy "org_platform_tiers: delete" on public.org_platform_tiers
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.org_platform_subscriptions
revoke all on table public.org_platform_subscriptions from public, anon, authenticated;
grant all on table public.org_platform_subscriptions to service_role;
grant select, insert, update, delete on table public.org_platform_subscriptions to authenticated;

drop policy if exists "org_platform_subscriptions: select" on public.org_platform_subscriptions;
create policy "org_platform_subscriptions: select" on public.org_platform_subscriptions
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or public.is_org_admin_or_manager((select auth.uid()), organization_id)
  );

drop policy if exists "org_platform_subscriptions: insert" on public.org_platform_subscriptions;
create policy "org_platform_subscriptions: insert" on public.org_platform_subscriptions
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "org_platform_subscriptions: update" on public.org_platform_subscriptions;
create policy "org_platform_subscriptions: update" on public.org_platform_subscriptions
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "org_platform_subscriptions: delete" on public.org_platform_subscriptions;
create policy "org_platform_subscriptions: delete" on public.org_platform_subscriptions
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));
