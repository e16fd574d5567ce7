-- Baseline: who may do what with plans, features, tracks and add-ons.
-- One policy an operation and role says what production's several policies add up to; the grants name
-- just what a policy allows.
-- The caller and the role admin are looked up once a statement, hence the sub-selects.
--
-- Production has its own policies already: there the file is marked as applied and never runs.
-- Locks: access exclusive, briefly, on each table. Can be run again: each policy is dropped and made anew.

-- public.plans
revoke all on table public.plans from public, anon, authenticated;
grant all on table public.plans to service_role;
grant select, insert, update, delete on table public.plans to authenticated;

drop policy if exists "plans: select" on public.plans;
create policy "plans: select" on public.plans
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or is_active);

drop policy if exists "plans: insert" on public.plans;
create policy "plans: insert" on public.plans
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "plans: update" on public.plans;
create policy "plans: update" on public.plans
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "plans: delete" on public.plans;
create policy "plans: delete" on public.plans
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.plan_prices
revoke all on table public.plan_prices from public, anon, authenticated;
grant all on table public.plan_prices to service_role;
grant select, insert, update, delete on table public.plan_prices to authenticated;

drop policy if exists "plan_prices: select" on public.plan_prices;
create policy "plan_prices: select" on public.plan_prices
  for select to authenticated
  using (true);

drop policy if exists "plan_prices: insert" on public.plan_prices;
create policy "plan_prices: insert" on public.plan_prices
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "plan_prices: update" on public.plan_prices;
create policy "plan_prices: update" on public.plan_prices
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "plan_prices: delete" on public.plan_prices;
create policy "plan_prices: delete" on public.plan_prices
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.feature_categories
revoke all on table public.feature_categories from public, anon, authenticated;
grant all on table public.feature_categories to service_role;
grant select, insert, update, delete on table public.feature_categories to authenticated;

drop policy if exists "feature_categories: select" on public.feature_categories;
create policy "feature_categories: select" on public.feature_categories
  for select to authenticated
  using (true);

drop policy if exists "feature_categories: insert" on public.feature_categories;
create policy "feature_categories: insert" on public.feature_categories
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "feature_categories: update" on public.feature_categories;
create policy "feature_categories: update" on public.feature_categories
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "feature_categories: delete" on public.feature_categories;
create policy "feature_categories: delete" on public.feature_categories
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.features
revoke all on table public.features from public, anon, authenticated;
grant all on table public.features to service_role;
grant select, insert, update, delete on table public.features to authenticated;

drop policy if exists "features: select" on public.features;
create policy "features: select" on public.features
  for select to authenticated
  using (true);

drop policy if exists "features: insert" on public.features;
create policy "features: insert" on public.features
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "features: update" on public.features;
create policy "features: update" on public.features
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "features: delete" on public.features;
create policy "features: delete" on public.features
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.plan_features
revoke all on table public.plan_features from public, anon, authenticated;
grant all on table public.plan_features to service_role;
grant select, insert, update, delete on table public.plan_features to authenticated;

drop policy if exists "plan_features: select" on public.plan_features;
create policy "plan_features: select" on public.plan_features
  for select to authenticated
  using (true);

drop policy if exists "plan_features: insert" on public.plan_features;
create policy "plan_features: insert" on public.plan_features
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "plan_features: update" on public.plan_features;
create policy "plan_features: update" on public.plan_features
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "plan_features: delete" on public.plan_features;
create policy "plan_features: delete" on public.plan_features
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.program_plans
revoke all on table public.program_plans from public, anon, authenticated;
grant all on table public.program_plans to service_role;
grant select, insert, update, delete on table public.program_plans to authenticated;

drop policy if exists "program_plans: select" on public.program_plans;
create policy "program_plans: select" on public.program_plans
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or is_active);

drop policy if exists "program_plans: insert" on public.program_plans;
create policy "program_plans: insert" on public.program_plans
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "program_plans: update" on public.program_plans;
create policy "program_plans: update" on public.program_plans
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "program_plans: delete" on public.program_plans;
create policy "program_plans: delete" on public.program_plans
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.program_plan_features
revoke all on table public.program_plan_features from public, anon, authenticated;
grant all on table public.program_plan_features to service_role;
grant select, insert, update, delete on table public.program_plan_features to authenticated;

drop policy if exists "program_plan_features: select" on public.program_plan_features;
create policy "program_plan_features: select" on public.program_plan_features
  for select to authenticated
  using (true);

drop policy if exists "program_plan_features: insert" on public.program_plan_features;
create policy "program_plan_features: insert" on public.program_plan_features
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "program_plan_features: update" on public.program_plan_features;
create policy "program_plan_features: update" on public.program_plan_features
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "program_plan_features: delete" on public.program_plan_features;
create policy "program_plan_features: delete" on public.program_plan_features
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.tracks
revoke all on table public.tracks from public, anon, authenticated;
grant all on table public.tracks to service_role;
grant select, insert, update, delete on table public.tracks to authenticated;

drop policy if exists "tracks: select" on public.tracks;
create policy "tracks: select" on public.tracks
  for select to authenticated
  using (true);

drop policy if exists "tracks: insert" on public.tracks;
create policy "tracks: insert" on public.tracks
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "tracks: update" on public.tracks;
create policy "tracks: update" on public.tracks
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "tracks: delete" on public.tracks;
create policy "tracks: delete" on public.tracks
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.track_features
revoke all on table public.track_features from public, anon, authenticated;
grant all on table public.track_features to service_role;
grant select, insert, update, delete on table public.track_features to authenticated;

drop policy if exists "track_features: select" on public.track_features;
create policy "track_features: select" on public.track_features
  for select to authenticated
  using (true);

drop policy if exists "track_features: insert" on public.track_features;
create policy "track_features: insert" on public.track_features
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "track_features: update" on public.track_features;
create policy "track_features: update" on public.track_features
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "track_features: delete" on public.track_features;
create policy "track_features: delete" on public.track_features
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.user_tracks
revoke all on table public.user_tracks from public, anon, authenticated;
grant all on table public.user_tracks to service_role;
grant select, insert, update, delete on table public.user_tracks to authenticated;

drop policy if exists "user_tracks: select" on public.user_tracks;
create policy "user_tracks: select" on public.user_tracks
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "user_tracks: insert" on public.user_tracks;
create policy "user_tracks: insert" on public.user_tracks
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "user_tracks: update" on public.user_tracks;
create policy "user_tracks: update" on public.user_tracks
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()))
  with check ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "user_tracks: delete" on public.user_tracks;
create policy "user_tracks: delete" on public.user_tracks
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

-- public.add_ons
revoke all on table public.add_ons from public, anon, authenticated;
grant all on table public.add_ons to service_role;
grant select, insert, update, delete on table public.add_ons to authenticated;

drop policy if exists "add_ons: select" on public.add_ons;
create policy "add_ons: select" on public.add_ons
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or is_active);

drop policy if exists "add_ons: insert" on public.add_ons;
create policy "add_ons: insert" on public.add_ons
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "add_ons: update" on public.add_ons;
create policy "add_ons: update" on public.add_ons
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "add_ons: delete" on public.add_ons;
create policy "add_ons: delete" on public.add_ons
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.add_on_features
revoke all on table public.add_on_features from public, anon, authenticated;
grant all on table public.add_on_features to service_role;
grant select, insert, update, delete on table public.add_on_features to authenticated;

drop policy if exists "add_on_features: select" on public.add_on_features;
create policy "add_on_features: select" on public.add_on_features
  for select to authenticated
  using (true);

drop policy if exists "add_on_features: insert" on public.add_on_features;
create policy "add_on_features: insert" on public.add_on_features
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "add_on_features: update" on public.add_on_features;
create policy "add_on_features: update" on public.add_on_features
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "add_on_features: delete" on public.add_on_features;
create policy "add_on_features: delete" on public.add_on_features
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.user_add_ons
revoke all on table public.user_add_ons from public, anon, authenticated;
grant all on table public.user_add_ons to service_role;
grant select, insert, update, delete on table public.user_add_ons to authenticated;

drop policy if exists "user_add_ons: select" on public.user_add_ons;
create policy "user_add_ons: select" on public.user_add_ons
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "user_add_ons: insert" on public.user_add_ons;
create policy "user_add_ons: insert" on public.user_add_ons
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "user_add_ons: update" on public.user_add_ons;
create policy "user_add_ons: update" on public.user_add_ons
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "user_add_ons: delete" on public.user_add_ons;
create policy "user_add_ons: delete" on public.user_add_ons
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.add_on_consumption_log
revoke all on table public.add_on_consumption_log from public, anon, authenticated;
grant all on table public.add_on_consumption_log to service_role;
grant select, insert, update, delete on table public.add_on_consumption_log to authenticated;

drop policy if exists "add_on_consumption_log: select" on public.add_on_consumption_log;
create policy "add_on_consumption_log: select" on public.add_on_consumption_log
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "add_on_consumption_log: insert" on public.add_on_consumption_log;
create policy "add_on_consumption_log: insert" on public.add_on_consumption_log
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "add_on_consumption_log: update" on public.add_on_consumption_log;
create policy "add_on_consumption_log: update" on public.add_on_consumption_log
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "add_on_consumption_log: delete" on public.add_on_consumption_log;
create policy "add_on_consumption_log: delete" on public.add_on_consumption_log
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.usage_tracking: owners may write their own usage: it is no proof of what was used.
revoke all on table public.usage_tracking from public, anon, authenticated;
grant all on table public.usage_tracking to service_role;
grant select, insert, update on table public.usage_tracking to authenticated;

drop policy if exists "usage_tracking: select" on public.usage_tracking;
create policy "usage_tracking: select" on public.usage_tracking
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "usage_tracking: insert" on public.usage_tracking;
create policy "usage_tracking: insert" on public.usage_tracking
  for insert to authenticated
  with check (user_id = (select auth.uid()));

drop policy if exists "usage_tracking: update" on public.usage_tracking;
create policy "usage_tracking: update" on public.usage_tracking
  for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));
