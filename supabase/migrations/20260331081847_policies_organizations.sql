-- Policies: Invitations by hashed links, members, seats.
--
-- Why: production's have other names, and let through more than they say; all of these tables' are replaced.
-- Locks: whoever makes or drops a policy as postgres on hosted Supabase takes ACCESS EXCLUSIVE on the tables of
-- auth and storage until commit, here for some milliseconds; where the policies are there already, nothing.
-- Can be run again.

set lock_timeout = '5s';

do $policies$
declare
  v_tables constant text[] := array[
    'org_platform_subscriptions', 'org_platform_tiers', 'organization_invites', 'organization_members',
    'organization_programs', 'organization_sharing_consent', 'organization_terms', 'organizations'
  ];
begin
  if private.policies_are(v_tables, 26) then
    return;
  end if;
  perform private.drop_policies(variadic v_tables);

  create policy "select" on public.org_platform_tiers for select to authenticated
    using ((select private.is_admin()) or is_active);
  create policy "insert" on public.org_platform_tiers for insert to authenticated
    with check ((select private.is_admin()));
  create policy "update" on public.org_platform_tiers for update to authenticated using ((select private.is_admin()));
  create policy "delete" on public.org_platform_tiers for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.organizations for select to authenticated
    using ((select private.is_admin()) or id = (select private.get_user_organization_id((select auth.uid()))));
  create policy "insert" on public.organizations for insert to authenticated with check ((select private.is_admin()));
  create policy "update" on public.organizations for update to authenticated
    using ((select private.is_admin()) or private.has_org_role((select auth.uid()), id, 'org_admin'));
  create policy "delete" on public.organizations for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.organization_invites for select to authenticated
    using (
      (select private.is_admin())
      or private.is_org_admin_or_manager((select auth.uid()), organization_id)
      or lower(email) = (select private.verified_email())
    );
  create policy "delete" on public.organization_invites for delete to authenticated
    using (private.may_invite((select auth.uid()), organization_id, role));

  create policy "select" on public.org_platform_subscriptions for select to authenticated
    using ((select private.is_admin()) or private.is_org_admin_or_manager((select auth.uid()), organization_id));

  create policy "select" on public.organization_members for select to authenticated
    using (
      (select private.is_admin())
      or user_id = (select auth.uid())
      or (
        organization_id = (select private.get_user_organization_id((select auth.uid())))
        -- who has left is for those who run the organization
        and (is_active or private.is_org_admin_or_manager((select auth.uid()), organization_id))
      )
    );
  create policy "insert" on public.organization_members for insert to authenticated
    with check ((select private.is_admin()));
  create policy "update" on public.organization_members for update to authenticated
    using (private.may_change_member((select auth.uid()), organization_id, role));
  create policy "delete" on public.organization_members for delete to authenticated
    using ((select private.is_admin()));

  create policy "select" on public.organization_programs for select to authenticated
    using ((select private.is_admin()) or private.is_org_admin_or_manager((select auth.uid()), organization_id));
  create policy "insert" on public.organization_programs for insert to authenticated
    with check ((select private.is_admin()));
  create policy "update" on public.organization_programs for update to authenticated using ((select private.is_admin()));
  create policy "delete" on public.organization_programs for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.organization_sharing_consent for select to authenticated
    using (
      user_id = (select auth.uid())
      or (
        private.is_org_admin_or_manager((select auth.uid()), organization_id)
        and exists (
          select from public.organization_members m
          where m.organization_id = organization_sharing_consent.organization_id
            and m.user_id = organization_sharing_consent.user_id
            and m.is_active
        )
      )
    );
  create policy "insert" on public.organization_sharing_consent for insert to authenticated
    with check (user_id = (select auth.uid()) and private.has_been_member(organization_id));
  create policy "update" on public.organization_sharing_consent for update to authenticated
    using (user_id = (select auth.uid()))
    with check (user_id = (select auth.uid()) and private.has_been_member(organization_id));

  create policy "select" on public.organization_terms for select to authenticated
    using (organization_id = (select private.get_user_organization_id((select auth.uid()))));
  create policy "insert" on public.organization_terms for insert to authenticated
    with check (private.has_org_role((select auth.uid()), organization_id, 'org_admin'));
  create policy "update" on public.organization_terms for update to authenticated
    using (private.has_org_role((select auth.uid()), organization_id, 'org_admin'));
  create policy "delete" on public.organization_terms for delete to authenticated
    using (private.has_org_role((select auth.uid()), organization_id, 'org_admin'));
end
$policies$;
