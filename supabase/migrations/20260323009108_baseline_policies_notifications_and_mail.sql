-- Baseline: who may do what with notifications, mail and the change of address.
-- One policy an operation and role says what production's several policies add up to; the grants name
-- just what a policy allows.
-- The caller and the role admin are looked up once a statement, hence the sub-selects.
--
-- Production has its own policies already: there the file is marked as applied and never runs.
-- Locks: access exclusive, briefly, on each table. Can be run again: each policy is dropped and made anew.

-- public.notification_categories
revoke all on table public.notification_categories from public, anon, authenticated;
grant all on table public.notification_categories to service_role;
grant select, insert, update, delete on table public.notification_categories to authenticated;

drop policy if exists "notification_categories: select" on public.notification_categories;
create policy "notification_categories: select" on public.notification_categories
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or is_active);

drop policy if exists "notification_categories: insert" on public.notification_categories;
create policy "notification_categories: insert" on public.notification_categories
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "notification_categories: update" on public.notification_categories;
create policy "notification_categories: update" on public.notification_categories
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "notification_categories: delete" on public.notification_categories;
create policy "notification_categories: delete" on public.notification_categories
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.notification_types
revoke all on table public.notification_types from public, anon, authenticated;
grant all on table public.notification_types to service_role;
grant select, insert, update, delete on table public.notification_types to authenticated;

drop policy if exists "notification_types: select" on public.notification_types;
create policy "notification_types: select" on public.notification_types
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or is_active);

drop policy if exists "notification_types: insert" on public.notification_types;
create policy "notification_types: insert" on public.notification_types
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "notification_types: update" on public.notification_types;
create policy "notification_types: update" on public.notification_types
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "notification_types: delete" on public.notification_types;
create policy "notification_types: delete" on public.notification_types
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.notifications
revoke all on table public.notifications from public, anon, authenticated;
grant all on table public.notifications to service_role;
grant select, insert, update, delete on table public.notifications to authenticated;

drop policy if exists "notifications: select" on public.notifications;
create policy "notifications: select" on public.notifications
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "notifications: insert" on public.notifications;
create policy "notifications: insert" on public.notifications
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "notifications: update" on public.notifications;
create policy "notifications: update" on public.notifications
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()))
  with check ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "notifications: delete" on public.notifications;
create policy "notifications: delete" on public.notifications
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

-- public.notification_preferences
revoke all on table public.notification_preferences from public, anon, authenticated;
grant all on table public.notification_preferences to service_role;
grant select, insert, update, delete on table public.notification_preferences to authenticated;

drop policy if exists "notification_preferences: select" on public.notification_preferences;
create policy "notification_preferences: select" on public.notification_preferences
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "notification_preferences: insert" on public.notification_preferences;
create policy "notification_preferences: insert" on public.notification_preferences
  for insert to authenticated
  with check (user_id = (select auth.uid()));

drop policy if exists "notification_preferences: update" on public.notification_preferences;
create policy "notification_preferences: update" on public.notification_preferences
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()))
  with check ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "notification_preferences: delete" on public.notification_preferences;
create policy "notification_preferences: delete" on public.notification_preferences
  for delete to authenticated
  using (user_id = (select auth.uid()));

-- public.user_notification_preferences
revoke all on table public.user_notification_preferences from public, anon, authenticated;
grant all on table public.user_notification_preferences to service_role;
grant select, insert, update, delete on table public.user_notification_preferences to authenticated;

drop policy if exists "user_notification_preferences: select" on public.user_notification_preferences;
create policy "user_notification_preferences: select" on public.user_notification_preferences
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "user_notification_preferences: insert" on public.user_notification_preferences;
create policy "user_notification_preferences: insert" on public.user_notification_preferences
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "user_notification_preferences: update" on public.user_notification_preferences;
create policy "user_notification_preferences: update" on public.user_notification_preferences
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()))
  with check ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "user_notification_preferences: delete" on public.user_notification_preferences;
create policy "user_notification_preferences: delete" on public.user_notification_preferences
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

-- public.email_change_requests: nobody but the service role reads or changes a request.
revoke all on table public.email_change_requests from public, anon, authenticated;
grant all on table public.email_change_requests to service_role;
grant insert, delete on table public.email_change_requests to authenticated;

drop policy if exists "email_change_requests: insert" on public.email_change_requests;
create policy "email_change_requests: insert" on public.email_change_requests
  for insert to authenticated
  with check (user_id = (select auth.uid()));

drop policy if exists "email_change_requests: delete" on public.email_change_requests;
create policy "email_change_requests: delete" on public.email_change_requests
  for delete to authenticated
  using (user_id = (select auth.uid()));

-- public.email_queue: filled by definer functions and the service role only.
revoke all on table public.email_queue from public, anon, authenticated;
grant all on table public.email_queue to service_role;
grant select, update, delete on table public.email_queue to authenticated;

drop policy if exists "email_queue: select" on public.email_queue;
create policy "email_queue: select" on public.email_queue
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "email_queue: update" on public.email_queue;
create policy "email_queue: update" on public.email_queue
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "email_queue: delete" on public.email_queue;
create policy "email_queue: delete" on public.email_queue
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.email_templates
revoke all on table public.email_templates from public, anon, authenticated;
grant all on table public.email_templates to service_role;
grant select, insert, update, delete on table public.email_templates to authenticated;

drop policy if exists "email_templates: select" on public.email_templates;
create policy "email_templates: select" on public.email_templates
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "email_templates: insert" on public.email_templates;
create policy "email_templates: insert" on public.email_templates
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "email_templates: update" on public.email_templates;
create policy "email_templates: update" on public.email_templates
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "email_templates: delete" on public.email_templates;
create policy "email_templates: delete" on public.email_templates
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.system_settings
revoke all on table public.system_settings from public, anon, authenticated;
grant all on table public.system_settings to service_role;
grant select, insert, update, delete on table public.system_settings to authenticated;

drop policy if exists "system_settings: select" on public.system_settings;
create policy "system_settings: select" on public.system_settings
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "system_settings: insert" on public.system_settings;
create policy "system_settings: insert" on public.system_settings
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "system_settings: update" on public.system_settings;
create policy "system_settings: update" on public.system_settings
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "system_settings: delete" on public.system_settings;
create policy "system_settings: delete" on public.system_settings
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));
