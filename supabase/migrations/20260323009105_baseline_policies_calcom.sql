-- Baseline: who may do what with what Cal.com books, and its deliveries.
-- One policy an operation and role says what production's several policies add up to; the grants name
-- just what a policy allows.
-- The caller and the role admin are looked up once a statement, hence the sub-selects.
--
-- Production has its own policies already: there the file is marked as applied and never runs.
-- Locks: access exclusive, briefly, on each table. Can be run again: each policy is dropped and made anew.

-- public.calcom_event_type_mappings
revoke all on table public.calcom_event_type_mappings from public, anon, authenticated;
grant all on table public.calcom_event_type_mappings to service_role;
grant select, insert, update, delete on table public.calcom_event_type_mappings to authenticated;

drop policy if exists "calcom_event_type_mappings: select" on public.calcom_event_type_mappings;
create policy "calcom_event_type_mappings: select" on public.calcom_event_type_mappings
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "calcom_event_type_mappings: insert" on public.calcom_event_type_mappings;
create policy "calcom_event_type_mappings: insert" on public.calcom_event_type_mappings
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "calcom_event_type_mappings: update" on public.calcom_event_type_mappings;
create policy "calcom_event_type_mappings: update" on public.calcom_event_type_mappings
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "calcom_event_type_mappings: delete" on public.calcom_event_type_mappings;
create policy "calcom_event_type_mappings: delete" on public.calcom_event_type_mappings
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.instructor_calcom_event_types
revoke all on table public.instructor_calcom_event_types from public, anon, authenticated;
grant all on table public.instructor_calcom_event_types to service_role;
grant select, insert, update, delete on table public.instructor_calcom_event_types to authenticated;

drop policy if exists "instructor_calcom_event_types: select" on public.instructor_calcom_event_types;
create policy "instructor_calcom_event_types: select" on public.instructor_calcom_event_types
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or instructor_id = (select auth.uid())
    or public.client_can_view_staff_profile((select auth.uid()), instructor_id)
  );

drop policy if exists "instructor_calcom_event_types: insert" on public.instructor_calcom_event_types;
create policy "instructor_calcom_event_types: insert" on public.instructor_calcom_event_types
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "instructor_calcom_event_types: update" on public.instructor_calcom_event_types;
create policy "instructor_calcom_event_types: update" on public.instructor_calcom_event_types
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "instructor_calcom_event_types: delete" on public.instructor_calcom_event_types;
create policy "instructor_calcom_event_types: delete" on public.instructor_calcom_event_types
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.calcom_webhook_logs: written by the service role only.
revoke all on table public.calcom_webhook_logs from public, anon, authenticated;
grant all on table public.calcom_webhook_logs to service_role;
grant select on table public.calcom_webhook_logs to authenticated;

drop policy if exists "calcom_webhook_logs: select" on public.calcom_webhook_logs;
create policy "calcom_webhook_logs: select" on public.calcom_webhook_logs
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));
