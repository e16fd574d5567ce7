-- Policies: Bookings of Cal.com as facts, and the sessions that follow from them.
--
-- Why: production's have other names, and let through more than they say; all of these tables' are replaced.
-- Locks: whoever makes or drops a policy as postgres on hosted Supabase takes ACCESS EXCLUSIVE on the tables of
-- auth and storage until commit, here for some milliseconds; where the policies are there already, nothing.
-- Can be run again.

set lock_timeout = '5s';

do $policies$
declare
  v_tables constant text[] := array[
    'calcom_bookings', 'calcom_event_type_mappings', 'calcom_lineages', 'calcom_reviews',
    'calcom_webhook_logs', 'instructor_calcom_event_types'
  ];
begin
  if private.policies_are(v_tables, 9) then
    return;
  end if;
  perform private.drop_policies(variadic v_tables);

  create policy "select" on public.calcom_lineages for select to authenticated using ((select private.is_admin()));

  create policy "select" on public.calcom_bookings for select to authenticated using ((select private.is_admin()));

  create policy "all" on public.calcom_event_type_mappings for all to authenticated using ((select private.is_admin()));

  create policy "select" on public.calcom_reviews for select to authenticated using ((select private.is_admin()));

  create policy "select" on public.calcom_webhook_logs for select to authenticated using ((select private.is_admin()));

  create policy "select" on public.instructor_calcom_event_types for select to authenticated
    using (
      (select private.is_admin())
      or instructor_id = (select auth.uid())
      or private.client_can_view_staff_profile((select auth.uid()), instructor_id)
    );
  create policy "insert" on public.instructor_calcom_event_types for insert to authenticated
    with check ((select private.is_admin()));
  create policy "update" on public.instructor_calcom_event_types for update to authenticated
    using ((select private.is_admin()));
  create policy "delete" on public.instructor_calcom_event_types for delete to authenticated
    using ((select private.is_admin()));
end
$policies$;
