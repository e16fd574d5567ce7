-- Policies: Plans, features and what is used of them.
--
-- Why: production's have other names, and let through more than they say; all of these tables' are replaced.
-- Locks: whoever makes or drops a policy as postgres on hosted Supabase takes ACCESS EXCLUSIVE on the tables of
-- auth and storage until commit, here for some milliseconds; where the policies are there already, nothing.
-- Can be run again.

set lock_timeout = '5s';

do $policies$
declare
  v_tables constant text[] := array[
    'add_on_consumption_log', 'add_on_features', 'add_ons', 'feature_categories',
    'features', 'plan_features', 'plan_prices', 'plans',
    'program_plan_features', 'program_plans', 'track_features', 'tracks',
    'usage_tracking', 'user_add_ons', 'user_tracks'
  ];
begin
  if private.policies_are(v_tables, 47) then
    return;
  end if;
  perform private.drop_policies(variadic v_tables);

  create policy "select" on public.plans for select to authenticated using ((select private.is_admin()) or is_active);
  create policy "insert" on public.plans for insert to authenticated with check ((select private.is_admin()));
  create policy "update" on public.plans for update to authenticated using ((select private.is_admin()));
  create policy "delete" on public.plans for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.add_ons for select to authenticated using ((select private.is_admin()) or is_active);
  create policy "insert" on public.add_ons for insert to authenticated with check ((select private.is_admin()));
  create policy "update" on public.add_ons for update to authenticated using ((select private.is_admin()));
  create policy "delete" on public.add_ons for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.user_add_ons for select to authenticated
    using ((select private.is_admin()) or user_id = (select auth.uid()));
  create policy "insert" on public.user_add_ons for insert to authenticated
    with check ((select private.is_admin()) and (granted_by is null or granted_by = (select auth.uid())));
  create policy "update" on public.user_add_ons for update to authenticated using ((select private.is_admin()));
  create policy "delete" on public.user_add_ons for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.feature_categories for select to authenticated using (true);
  create policy "insert" on public.feature_categories for insert to authenticated
    with check ((select private.is_admin()));
  create policy "update" on public.feature_categories for update to authenticated using ((select private.is_admin()));
  create policy "delete" on public.feature_categories for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.features for select to authenticated using (true);
  create policy "insert" on public.features for insert to authenticated with check ((select private.is_admin()));
  create policy "update" on public.features for update to authenticated using ((select private.is_admin()));
  create policy "delete" on public.features for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.program_plans for select to authenticated
    using ((select private.is_admin()) or is_active);
  create policy "insert" on public.program_plans for insert to authenticated with check ((select private.is_admin()));
  create policy "update" on public.program_plans for update to authenticated using ((select private.is_admin()));
  create policy "delete" on public.program_plans for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.tracks for select to authenticated using (true);
  create policy "insert" on public.tracks for insert to authenticated with check ((select private.is_admin()));
  create policy "update" on public.tracks for update to authenticated using ((select private.is_admin()));
  create policy "delete" on public.tracks for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.add_on_consumption_log for select to authenticated
    using ((select private.is_admin()) or user_id = (select auth.uid()));

  create policy "select" on public.add_on_features for select to authenticated using (true);
  create policy "insert" on public.add_on_features for insert to authenticated with check ((select private.is_admin()));
  create policy "delete" on public.add_on_features for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.plan_features for select to authenticated using (true);
  create policy "insert" on public.plan_features for insert to authenticated with check ((select private.is_admin()));
  create policy "update" on public.plan_features for update to authenticated using ((select private.is_admin()));

  create policy "select" on public.plan_prices for select to authenticated using (true);
  create policy "insert" on public.plan_prices for insert to authenticated with check ((select private.is_admin()));
  create policy "update" on public.plan_prices for update to authenticated using ((select private.is_admin()));
  create policy "delete" on public.plan_prices for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.program_plan_features for select to authenticated using (true);
  create policy "insert" on public.program_plan_features for insert to authenticated
    with check ((select private.is_admin()));
  create policy "update" on public.program_plan_features for update to authenticated using ((select private.is_admin()));

  create policy "select" on public.track_features for select to authenticated using (true);
  create policy "insert" on public.track_features for insert to authenticated with check ((select private.is_admin()));
  create policy "update" on public.track_features for update to authenticated using ((select private.is_admin()));

  create policy "select" on public.usage_tracking for select to authenticated
    using ((select private.is_admin()) or user_id = (select auth.uid()));

  create policy "all" on public.user_tracks for all to authenticated
    using ((select private.is_admin()) or user_id = (select auth.uid()));
end
$policies$;
