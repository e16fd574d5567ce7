-- Baseline: who may do what with programmes, their modules and their staff.
-- One policy an operation and role says what production's several policies add up to; the grants name
-- just what a policy allows.
-- The caller and the role admin are looked up once a statement, hence the sub-selects.
--
-- Production has its own policies already: there the file is marked as applied and never runs.
-- Locks: access exclusive, briefly, on each table. Can be run again: each policy is dropped and made anew.

-- public.module_types: only its key is known here. Names of kinds, so whoever signs in may read them.
revoke all on table public.module_types from public, anon, authenticated;
grant all on table public.module_types to service_role;
grant select, insert, update, delete on table public.module_types to authenticated;

drop policy if exists "module_types: select" on public.module_types;
create policy "module_types: select" on public.module_types
  for select to authenticated
  using (true);

drop policy if exists "module_types: insert" on public.module_types;
create policy "module_types: insert" on public.module_types
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "module_types: update" on public.module_types;
create policy "module_types: update" on public.module_types
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "module_types: delete" on public.module_types;
create policy "module_types: delete" on public.module_types
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.capability_assessments: only its key is known here: admins only.
revoke all on table public.capability_assessments from public, anon, authenticated;
grant all on table public.capability_assessments to service_role;
grant select, insert, update, delete on table public.capability_assessments to authenticated;

drop policy if exists "capability_assessments: select" on public.capability_assessments;
create policy "capability_assessments: select" on public.capability_assessments
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "capability_assessments: insert" on public.capability_assessments;
create policy "capability_assessments: insert" on public.capability_assessments
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "capability_assessments: update" on public.capability_assessments;
create policy "capability_assessments: update" on public.capability_assessments
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "capability_assessments: delete" on public.capability_assessments;
create policy "capability_assessments: delete" on public.capability_assessments
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.content_packages
revoke all on table public.content_packages from public, anon, authenticated;
grant all on table public.content_packages to service_role;
grant select, insert, update, delete on table public.content_packages to authenticated;

drop policy if exists "content_packages: select" on public.content_packages;
create policy "content_packages: select" on public.content_packages
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or (select public.has_role((select auth.uid()), 'client'))
    or (select public.has_role((select auth.uid()), 'instructor'))
    or (select public.has_role((select auth.uid()), 'coach'))
  );

drop policy if exists "content_packages: insert" on public.content_packages;
create policy "content_packages: insert" on public.content_packages
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "content_packages: update" on public.content_packages;
create policy "content_packages: update" on public.content_packages
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "content_packages: delete" on public.content_packages;
create policy "content_packages: delete" on public.content_packages
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.programs
revoke all on table public.programs from public, anon, authenticated;
grant all on table public.programs to service_role;
grant select, insert, update, delete on table public.programs to authenticated;

drop policy if exists "programs: select" on public.programs;
create policy "programs: select" on public.programs
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or is_active);

drop policy if exists "programs: insert" on public.programs;
create policy "programs: insert" on public.programs
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "programs: update" on public.programs;
create policy "programs: update" on public.programs
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "programs: delete" on public.programs;
create policy "programs: delete" on public.programs
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.program_versions: only its key is known here: admins only.
revoke all on table public.program_versions from public, anon, authenticated;
grant all on table public.program_versions to service_role;
grant select, insert, update, delete on table public.program_versions to authenticated;

drop policy if exists "program_versions: select" on public.program_versions;
create policy "program_versions: select" on public.program_versions
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "program_versions: insert" on public.program_versions;
create policy "program_versions: insert" on public.program_versions
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "program_versions: update" on public.program_versions;
create policy "program_versions: update" on public.program_versions
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "program_versions: delete" on public.program_versions;
create policy "program_versions: delete" on public.program_versions
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.program_tier_plans
revoke all on table public.program_tier_plans from public, anon, authenticated;
grant all on table public.program_tier_plans to service_role;
grant select, insert, update, delete on table public.program_tier_plans to authenticated;

drop policy if exists "program_tier_plans: select" on public.program_tier_plans;
create policy "program_tier_plans: select" on public.program_tier_plans
  for select to authenticated
  using (true);

drop policy if exists "program_tier_plans: insert" on public.program_tier_plans;
create policy "program_tier_plans: insert" on public.program_tier_plans
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "program_tier_plans: update" on public.program_tier_plans;
create policy "program_tier_plans: update" on public.program_tier_plans
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "program_tier_plans: delete" on public.program_tier_plans;
create policy "program_tier_plans: delete" on public.program_tier_plans
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.program_entitlements: the price page shows them before anybody signs in, so anon may read.
revoke all on table public.program_entitlements from public, anon, authenticated;
grant all on table public.program_entitlements to service_role;
grant select, insert, update, delete on table public.program_entitlements to authenticated;
grant select on table public.program_entitlements to anon;

drop policy if exists "program_entitlements: select" on public.program_entitlements;
create policy "program_entitlements: select" on public.program_entitlements
  for select to anon, authenticated
  using (true);

drop policy if exists "program_entitlements: insert" on public.program_entitlements;
create policy "program_entitlements: insert" on public.program_entitlements
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "program_entitlements: update" on public.program_entitlements;
create policy "program_entitlements: update" on public.program_entitlements
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "program_entitlements: delete" on public.program_entitlements;
create policy "program_entitlements: delete" on public.program_entitlements
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.program_modules
revoke all on table public.program_modules from public, anon, authenticated;
grant all on table public.program_modules to service_role;
grant select, insert, update, delete on table public.program_modules to authenticated;

drop policy if exists "program_modules: select" on public.program_modules;
create policy "program_modules: select" on public.program_modules
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or exists (
      select from public.programs p
      where p.id = program_modules.program_id and p.is_active
    )
    or exists (
      select from public.module_instructors i
      where i.module_id = program_modules.id and i.instructor_id = (select auth.uid())
    )
    or exists (
      select from public.module_coaches c
      where c.module_id = program_modules.id and c.coach_id = (select auth.uid())
    )
  );

drop policy if exists "program_modules: insert" on public.program_modules;
create policy "program_modules: insert" on public.program_modules
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "program_modules: update" on public.program_modules;
create policy "program_modules: update" on public.program_modules
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "program_modules: delete" on public.program_modules;
create policy "program_modules: delete" on public.program_modules
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.program_instructors
revoke all on table public.program_instructors from public, anon, authenticated;
grant all on table public.program_instructors to service_role;
grant select, insert, update, delete on table public.program_instructors to authenticated;

drop policy if exists "program_instructors: select" on public.program_instructors;
create policy "program_instructors: select" on public.program_instructors
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or instructor_id = (select auth.uid())
    or public.user_is_enrolled_in_program((select auth.uid()), program_id)
  );

drop policy if exists "program_instructors: insert" on public.program_instructors;
create policy "program_instructors: insert" on public.program_instructors
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "program_instructors: update" on public.program_instructors;
create policy "program_instructors: update" on public.program_instructors
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "program_instructors: delete" on public.program_instructors;
create policy "program_instructors: delete" on public.program_instructors
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.program_coaches
revoke all on table public.program_coaches from public, anon, authenticated;
grant all on table public.program_coaches to service_role;
grant select, insert, update, delete on table public.program_coaches to authenticated;

drop policy if exists "program_coaches: select" on public.program_coaches;
create policy "program_coaches: select" on public.program_coaches
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or coach_id = (select auth.uid())
    or public.user_is_enrolled_in_program((select auth.uid()), program_id)
  );

drop policy if exists "program_coaches: insert" on public.program_coaches;
create policy "program_coaches: insert" on public.program_coaches
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "program_coaches: update" on public.program_coaches;
create policy "program_coaches: update" on public.program_coaches
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "program_coaches: delete" on public.program_coaches;
create policy "program_coaches: delete" on public.program_coaches
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.module_instructors
revoke all on table public.module_instructors from public, anon, authenticated;
grant all on table public.module_instructors to service_role;
grant select, insert, update, delete on table public.module_instructors to authenticated;

drop policy if exists "module_instructors: select" on public.module_instructors;
create policy "module_instructors: select" on public.module_instructors
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or instructor_id = (select auth.uid()));

drop policy if exists "module_instructors: insert" on public.module_instructors;
create policy "module_instructors: insert" on public.module_instructors
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "module_instructors: update" on public.module_instructors;
create policy "module_instructors: update" on public.module_instructors
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "module_instructors: delete" on public.module_instructors;
create policy "module_instructors: delete" on public.module_instructors
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.module_coaches
revoke all on table public.module_coaches from public, anon, authenticated;
grant all on table public.module_coaches to service_role;
grant select, insert, update, delete on table public.module_coaches to authenticated;

drop policy if exists "module_coaches: select" on public.module_coaches;
create policy "module_coaches: select" on public.module_coaches
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or coach_id = (select auth.uid()));

drop policy if exists "module_coaches: insert" on public.module_coaches;
create policy "module_coaches: insert" on public.module_coaches
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "module_coaches: update" on public.module_coaches;
create policy "module_coaches: update" on public.module_coaches
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "module_coaches: delete" on public.module_coaches;
create policy "module_coaches: delete" on public.module_coaches
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.module_assignment_types
revoke all on table public.module_assignment_types from public, anon, authenticated;
grant all on table public.module_assignment_types to service_role;
grant select, insert, update, delete on table public.module_assignment_types to authenticated;

drop policy if exists "module_assignment_types: select" on public.module_assignment_types;
create policy "module_assignment_types: select" on public.module_assignment_types
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or is_active);

drop policy if exists "module_assignment_types: insert" on public.module_assignment_types;
create policy "module_assignment_types: insert" on public.module_assignment_types
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "module_assignment_types: update" on public.module_assignment_types;
create policy "module_assignment_types: update" on public.module_assignment_types
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "module_assignment_types: delete" on public.module_assignment_types;
create policy "module_assignment_types: delete" on public.module_assignment_types
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));
