-- Policies: Notifications and the outbox of mails.
--
-- Why: production's have other names, and let through more than they say; all of these tables' are replaced.
-- Locks: whoever makes or drops a policy as postgres on hosted Supabase takes ACCESS EXCLUSIVE on the tables of
-- auth and storage until commit, here for some milliseconds; where the policies are there already, nothing.
-- Can be run again.

set lock_timeout = '5s';

do $policies$
declare
  v_tables constant text[] := array[
    'email_queue', 'email_templates', 'notification_categories', 'notification_preferences',
    'notification_types', 'notifications', 'user_notification_preferences'
  ];
begin
  if private.policies_are(v_tables, 19) then
    return;
  end if;
  perform private.drop_policies(variadic v_tables);

  create policy "select" on public.notification_categories for select to authenticated
    using ((select private.is_admin()) or is_active);
  create policy "insert" on public.notification_categories for insert to authenticated
    with check ((select private.is_admin()));
  create policy "update" on public.notification_categories for update to authenticated
    using ((select private.is_admin()));
  create policy "delete" on public.notification_categories for delete to authenticated
    using ((select private.is_admin()));

  create policy "select" on public.notification_types for select to authenticated
    using ((select private.is_admin()) or is_active);
  create policy "insert" on public.notification_types for insert to authenticated
    with check ((select private.is_admin()));
  create policy "update" on public.notification_types for update to authenticated using ((select private.is_admin()));
  create policy "delete" on public.notification_types for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.notifications for select to authenticated
    using ((select private.is_admin()) or user_id = (select auth.uid()));
  create policy "update" on public.notifications for update to authenticated
    using ((select private.is_admin()) or user_id = (select auth.uid()));
  create policy "delete" on public.notifications for delete to authenticated
    using ((select private.is_admin()) or user_id = (select auth.uid()));

  create policy "select" on public.email_queue for select to authenticated using ((select private.is_admin()));
  create policy "update" on public.email_queue for update to authenticated using ((select private.is_admin()));
  create policy "delete" on public.email_queue for delete to authenticated using ((select private.is_admin()));

  create policy "all" on public.email_templates for all to authenticated using ((select private.is_admin()));

  create policy "select" on public.notification_preferences for select to authenticated
    using ((select private.is_admin()) or user_id = (select auth.uid()));
  create policy "insert" on public.notification_preferences for insert to authenticated
    with check (user_id = (select auth.uid()));
  create policy "update" on public.notification_preferences for update to authenticated
    using (user_id = (select auth.uid()));

  create policy "all" on public.user_notification_preferences for all to authenticated
    using (user_id = (select auth.uid()));
end
$policies$;
