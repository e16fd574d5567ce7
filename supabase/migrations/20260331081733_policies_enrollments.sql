-- Policies: Enrolling at the database's price, cohorts, waitlists.
--
-- Why: production's have other names, and let through more than they say; all of these tables' are replaced.
-- Locks: whoever makes or drops a policy as postgres on hosted Supabase takes ACCESS EXCLUSIVE on the tables of
-- auth and storage until commit, here for some milliseconds; where the policies are there already, nothing.
-- Can be run again.

set lock_timeout = '5s';

do $policies$
declare
  v_tables constant text[] := array[
    'client_enrollments', 'cohort_session_attendance', 'cohort_sessions', 'cohort_waitlist',
    'discount_code_uses', 'discount_codes', 'enrollment_codes', 'enrollment_module_staff',
    'module_progress', 'program_cohorts', 'user_program_entitlement_usage'
  ];
begin
  if private.policies_are(v_tables, 34) then
    return;
  end if;
  perform private.drop_policies(variadic v_tables);

  create policy "select" on public.program_cohorts for select to authenticated
    using (
      (select private.is_admin())
      or private.is_program_instructor_or_coach((select auth.uid()), program_id)
      or private.is_in_cohort(id)
    );
  create policy "insert" on public.program_cohorts for insert to authenticated with check ((select private.is_admin()));
  create policy "update" on public.program_cohorts for update to authenticated using ((select private.is_admin()));
  create policy "delete" on public.program_cohorts for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.cohort_waitlist for select to authenticated
    using ((select private.is_admin()) or user_id = (select auth.uid()));
  create policy "delete" on public.cohort_waitlist for delete to authenticated
    using ((select private.is_admin()) or user_id = (select auth.uid()));

  create policy "select" on public.discount_codes for select to authenticated using ((select private.is_admin()));
  create policy "insert" on public.discount_codes for insert to authenticated
    with check ((select private.is_admin()) and (created_by is null or created_by = (select auth.uid())));
  create policy "update" on public.discount_codes for update to authenticated using ((select private.is_admin()));
  create policy "delete" on public.discount_codes for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.enrollment_codes for select to authenticated using ((select private.is_admin()));
  create policy "insert" on public.enrollment_codes for insert to authenticated
    with check ((select private.is_admin()) and created_by = (select auth.uid()));
  create policy "update" on public.enrollment_codes for update to authenticated using ((select private.is_admin()));
  create policy "delete" on public.enrollment_codes for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.client_enrollments for select to authenticated
    using (
      (select private.is_admin())
      or client_user_id = (select auth.uid())
      or private.is_program_instructor_or_coach((select auth.uid()), program_id)
      or private.is_org_admin_of_member(client_user_id)
    );
  create policy "insert" on public.client_enrollments for insert to authenticated
    with check ((select private.is_admin()));
  create policy "update" on public.client_enrollments for update to authenticated
    using ((select private.is_admin()) or client_user_id = (select auth.uid()));

  create policy "select" on public.cohort_sessions for select to authenticated
    using ((select private.is_admin()) or private.is_in_cohort(cohort_id) or private.runs_cohort(cohort_id));
  create policy "insert" on public.cohort_sessions for insert to authenticated with check ((select private.is_admin()));
  create policy "update" on public.cohort_sessions for update to authenticated
    using ((select private.is_admin()) or private.runs_cohort(cohort_id));
  create policy "delete" on public.cohort_sessions for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.cohort_session_attendance for select to authenticated
    using (
      (select private.is_admin())
      or private.owns_enrollment(enrollment_id)
      or private.runs_cohort_session(session_id)
    );
  create policy "insert" on public.cohort_session_attendance for insert to authenticated
    with check (
      (select private.is_admin())
      or (marked_by = (select auth.uid()) and private.may_mark_attendance(session_id, enrollment_id))
    );
  create policy "update" on public.cohort_session_attendance for update to authenticated
    using (
      (select private.is_admin())
      or (
        (marked_by is null or marked_by = (select auth.uid()))
        and private.runs_cohort_session(session_id)
      )
    )
    with check (
      (select private.is_admin())
      or (marked_by = (select auth.uid()) and private.may_mark_attendance(session_id, enrollment_id))
    );

  create policy "select" on public.discount_code_uses for select to authenticated
    using ((select private.is_admin()) or user_id = (select auth.uid()));

  create policy "select" on public.enrollment_module_staff for select to authenticated
    using (
      (select private.is_admin())
      or staff_user_id = (select auth.uid())
      or private.owns_enrollment(enrollment_id)
      or private.is_staff_of_enrollment(enrollment_id)
    );
  create policy "insert" on public.enrollment_module_staff for insert to authenticated
    with check (
      (select private.is_admin())
      or (
        private.is_module_of_enrolment(module_id, enrollment_id)
        and private.is_staff_of_enrollment(enrollment_id)
        and private.is_staff_of_program(staff_user_id, enrollment_id)
      )
    );
  create policy "update" on public.enrollment_module_staff for update to authenticated
    using (
      (select private.is_admin())
      or (staff_user_id = (select auth.uid()) and private.is_staff_of_enrollment(enrollment_id))
    )
    with check ((select private.is_admin()) or private.is_staff_of_program(staff_user_id, enrollment_id));
  create policy "delete" on public.enrollment_module_staff for delete to authenticated
    using ((select private.is_admin()));

  create policy "select" on public.module_progress for select to authenticated
    using (
      (select private.is_admin())
      or exists (
        select from public.client_enrollments e
        where e.id = module_progress.enrollment_id
          and (
            e.client_user_id = (select auth.uid())
            or (
              (select private.is_staff())
              and (
                exists (
                  select from public.program_instructors i
                  where i.program_id = e.program_id
                    and i.instructor_id = (select auth.uid())
                    and i.is_primary
                )
                or exists (
                  select from public.program_coaches c
                  where c.program_id = e.program_id
                    and c.coach_id = (select auth.uid())
                )
              )
            )
          )
      )
      or private.is_module_staff(module_id)
    );
  create policy "insert" on public.module_progress for insert to authenticated
    with check (
      ((select private.is_admin()) or private.owns_enrollment(enrollment_id))
      and private.is_module_of_enrolment(module_id, enrollment_id)
    );
  create policy "update" on public.module_progress for update to authenticated
    using ((select private.is_admin()) or private.owns_enrollment(enrollment_id));
  create policy "delete" on public.module_progress for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.user_program_entitlement_usage for select to authenticated
    using ((select private.is_admin()) or user_id = (select auth.uid()));
end
$policies$;
