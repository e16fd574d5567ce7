-- Baseline: who may do what with the people: profiles, roles, clients, staff.
-- One policy an operation and role says what production's several policies add up to; the grants name
-- just what a policy allows.
-- The caller and the role admin are looked up once a statement, hence the sub-selects.
--
-- Production has its own policies already: there the file is marked as applied and never runs.
-- Locks: access exclusive, briefly, on each table. Can be run again: each policy is dropped and made anew.

-- public.profiles: 20260324100002_access_rules.sql makes the policies; closed until then.
revoke all on table public.profiles from public, anon, authenticated;
grant all on table public.profiles to service_role;

-- public.user_roles
revoke all on table public.user_roles from public, anon, authenticated;
grant all on table public.user_roles to service_role;
grant select, insert, update, delete on table public.user_roles to authenticated;

drop policy if exists "user_roles: select" on public.user_roles;
create policy "user_roles: select" on public.user_roles
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "user_roles: insert" on public.user_roles;
create policy "user_roles: insert" on public.user_roles
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "user_roles: update" on public.user_roles;
create policy "user_roles: update" on public.user_roles
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "user_roles: delete" on public.user_roles;
create policy "user_roles: delete" on public.user_roles
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.client_profiles: 20260324100002_access_rules.sql makes the policies; closed until then.
revoke all on table public.client_profiles from public, anon, authenticated;
grant all on table public.client_profiles to service_role;

-- public.staff_profiles
revoke all on table public.staff_profiles from public, anon, authenticated;
grant all on table public.staff_profiles to service_role;
grant select, insert, update, delete on table public.staff_profiles to authenticated;

drop policy if exists "staff_profiles: select" on public.staff_profiles;
create policy "staff_profiles: select" on public.staff_profiles
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "staff_profiles: insert" on public.staff_profiles;
create policy "staff_profiles: insert" on public.staff_profiles
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "staff_profiles: update" on public.staff_profiles;
create policy "staff_profiles: update" on public.staff_profiles
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()))
  with check ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "staff_profiles: delete" on public.staff_profiles;
create policy "staff_profiles: delete" on public.staff_profiles
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.client_coaches
revoke all on table public.client_coaches from public, anon, authenticated;
grant all on table public.client_coaches to service_role;
grant select, insert, update, delete on table public.client_coaches to authenticated;

drop policy if exists "client_coaches: select" on public.client_coaches;
create policy "client_coaches: select" on public.client_coaches
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or client_id = (select auth.uid())
    or coach_id = (select auth.uid())
  );

drop policy if exists "client_coaches: insert" on public.client_coaches;
create policy "client_coaches: insert" on public.client_coaches
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "client_coaches: update" on public.client_coaches;
create policy "client_coaches: update" on public.client_coaches
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "client_coaches: delete" on public.client_coaches;
create policy "client_coaches: delete" on public.client_coaches
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.client_instructors
revoke all on table public.client_instructors from public, anon, authenticated;
grant all on table public.client_instructors to service_role;
grant select, insert, update, delete on table public.client_instructors to authenticated;

drop policy if exists "client_instructors: select" on public.client_instructors;
create policy "client_instructors: select" on public.client_instructors
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or client_id = (select auth.uid())
    or instructor_id = (select auth.uid())
  );

drop policy if exists "client_instructors: insert" on public.client_instructors;
create policy "client_instructors: insert" on public.client_instructors
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "client_instructors: update" on public.client_instructors;
create policy "client_instructors: update" on public.client_instructors
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "client_instructors: delete" on public.client_instructors;
create policy "client_instructors: delete" on public.client_instructors
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));
