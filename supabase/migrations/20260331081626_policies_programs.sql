-- Policies: Programs, their modules and their staff.
--
-- Why: production's have other names, and let through more than they say; all of these tables' are replaced.
-- Locks: whoever makes or drops a policy as postgres on hosted Supabase takes ACCESS EXCLUSIVE on the tables of
-- auth and storage until commit, here for some milliseconds; where the policies are there already, nothing.
-- Can be run again.

set lock_timeout = '5s';

do $policies$
declare
  v_tables constant text[] := array[
    'content_packages', 'module_assignment_types', 'module_coaches', 'module_instructors',
    'program_coaches', 'program_entitlements', 'program_instructors', 'program_modules',
    'program_tier_plans', 'programs'
  ];
begin
  if private.policies_are(v_tables, 31) then
    return;
  end if;
  perform private.drop_policies(variadic v_tables);

  create policy "select" on public.programs for select to authenticated using ((select private.is_admin()) or is_active);
  create policy "insert" on public.programs for insert to authenticated with check ((select private.is_admin()));
  create policy "update" on public.programs for update to authenticated using ((select private.is_admin()));
  create policy "delete" on public.programs for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.content_packages for select to authenticated
    using (
      (select private.is_admin())
      or (select private.has_role((select auth.uid()), 'client'))
      or (select private.is_staff())
    );
  create policy "insert" on public.content_packages for insert to authenticated
    with check ((select private.is_admin()) and (uploaded_by is null or uploaded_by = (select auth.uid())));
  create policy "update" on public.content_packages for update to authenticated using ((select private.is_admin()));

  create policy "select" on public.program_modules for select to authenticated
    using (
      (select private.is_admin())
      or exists (select from public.programs p where p.id = program_modules.program_id and p.is_active)
      or private.is_module_staff(id)
    );
  create policy "insert" on public.program_modules for insert to authenticated with check ((select private.is_admin()));
  create policy "update" on public.program_modules for update to authenticated using ((select private.is_admin()));
  create policy "delete" on public.program_modules for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.module_assignment_types for select to authenticated
    using ((select private.is_admin()) or is_active);
  create policy "insert" on public.module_assignment_types for insert to authenticated
    with check ((select private.is_admin()));
  create policy "update" on public.module_assignment_types for update to authenticated
    using ((select private.is_admin()));
  create policy "delete" on public.module_assignment_types for delete to authenticated
    using ((select private.is_admin()));

  create policy "select" on public.module_coaches for select to authenticated
    using ((select private.is_admin()) or coach_id = (select auth.uid()));
  create policy "insert" on public.module_coaches for insert to authenticated with check ((select private.is_admin()));
  create policy "delete" on public.module_coaches for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.module_instructors for select to authenticated
    using ((select private.is_admin()) or instructor_id = (select auth.uid()));
  create policy "insert" on public.module_instructors for insert to authenticated
    with check ((select private.is_admin()));
  create policy "delete" on public.module_instructors for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.program_coaches for select to authenticated
    using (
      (select private.is_admin())
      or coach_id = (select auth.uid())
      or private.user_is_enrolled_in_program((select auth.uid()), program_id)
    );
  create policy "insert" on public.program_coaches for insert to authenticated with check ((select private.is_admin()));
  create policy "delete" on public.program_coaches for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.program_entitlements for select to anon, authenticated using (true);

  create policy "select" on public.program_instructors for select to authenticated
    using (
      (select private.is_admin())
      or instructor_id = (select auth.uid())
      or private.user_is_enrolled_in_program((select auth.uid()), program_id)
    );
  create policy "insert" on public.program_instructors for insert to authenticated
    with check ((select private.is_admin()));
  create policy "delete" on public.program_instructors for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.program_tier_plans for select to authenticated using (true);
  create policy "insert" on public.program_tier_plans for insert to authenticated
    with check ((select private.is_admin()));
  create policy "delete" on public.program_tier_plans for delete to authenticated using ((select private.is_admin()));
end
$policies$;
