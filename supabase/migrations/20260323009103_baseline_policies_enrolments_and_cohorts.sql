-- Baseline: who may do what with enrolments, cohorts and the codes that lead to them.
-- One policy an operation and role says what production's several policies add up to; the grants name
-- just what a policy allows.
-- The caller and the role admin are looked up once a statement, hence the sub-selects.
--
-- Production has its own policies already: there the file is marked as applied and never runs.
-- Locks: access exclusive, briefly, on each table. Can be run again: each policy is dropped and made anew.

-- public.program_cohorts
revoke all on table public.program_cohorts from public, anon, authenticated;
grant all on table public.program_cohorts to service_role;
grant select, insert, update, delete on table public.program_cohorts to authenticated;

drop policy if exists "program_cohorts: select" on public.program_cohorts;
create policy "program_cohorts: select" on public.program_cohorts
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or public.is_program_instructor_or_coach((select auth.uid()), program_id)
    or exists (
      select from public.client_enrollments e
      where e.cohort_id = program_cohorts.id and e.client_user_id = (select auth.uid())
    )
  );

drop policy if exists "program_cohorts: insert" on public.program_cohorts;
create policy "program_cohorts: insert" on public.program_cohorts
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "program_cohorts: update" on public.program_cohorts;
create policy "program_cohorts: update" on public.program_cohorts
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "program_cohorts: delete" on public.program_cohorts;
create policy "program_cohorts: delete" on public.program_cohorts
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.enrollment_codes: the codes can be listed by every signed-in user.
revoke all on table public.enrollment_codes from public, anon, authenticated;
grant all on table public.enrollment_codes to service_role;
grant select, insert, update, delete on table public.enrollment_codes to authenticated;

drop policy if exists "enrollment_codes: select" on public.enrollment_codes;
create policy "enrollment_codes: select" on public.enrollment_codes
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or is_active);

drop policy if exists "enrollment_codes: insert" on public.enrollment_codes;
create policy "enrollment_codes: insert" on public.enrollment_codes
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "enrollment_codes: update" on public.enrollment_codes;
create policy "enrollment_codes: update" on public.enrollment_codes
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "enrollment_codes: delete" on public.enrollment_codes;
create policy "enrollment_codes: delete" on public.enrollment_codes
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.discount_codes: the codes can be listed by every signed-in user.
revoke all on table public.discount_codes from public, anon, authenticated;
grant all on table public.discount_codes to service_role;
grant select, insert, update, delete on table public.discount_codes to authenticated;

drop policy if exists "discount_codes: select" on public.discount_codes;
create policy "discount_codes: select" on public.discount_codes
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or is_active);

drop policy if exists "discount_codes: insert" on public.discount_codes;
create policy "discount_codes: insert" on public.discount_codes
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "discount_codes: update" on public.discount_codes;
create policy "discount_codes: update" on public.discount_codes
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "discount_codes: delete" on public.discount_codes;
create policy "discount_codes: delete" on public.discount_codes
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.client_enrollments: an org_admin sees the enrolments of the organisation's members; is_active
-- is not asked for.
revoke all on table public.client_enrollments from public, anon, authenticated;
grant all on table public.client_enrollments to service_role;
grant select, insert, update, delete on table public.client_enrollments to authenticated;

drop policy if exists "client_enrollments: select" on public.client_enrollments;
create policy "client_enrollments: select" on public.client_enrollments
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or client_user_id = (select auth.uid())
    or public.is_program_instructor_or_coach((select auth.uid()), program_id)
    or exists (
      select from public.organization_members caller
      join public.organization_members member on member.organization_id = caller.organization_id
      where caller.user_id = (select auth.uid())
        and caller.role = 'org_admin'
        and member.user_id = client_enrollments.client_user_id
    )
  );

drop policy if exists "client_enrollments: insert" on public.client_enrollments;
create policy "client_enrollments: insert" on public.client_enrollments
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "client_enrollments: update" on public.client_enrollments;
create policy "client_enrollments: update" on public.client_enrollments
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "client_enrollments: delete" on public.client_enrollments;
create policy "client_enrollments: delete" on public.client_enrollments
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.enrollment_module_staff: 20260324100002_access_rules.sql makes the policies; closed until then.
revoke all on table public.enrollment_module_staff from public, anon, authenticated;
grant all on table public.enrollment_module_staff to service_role;

-- public.module_progress: of the programme's instructors only the primary one, as in production.
revoke all on table public.module_progress from public, anon, authenticated;
grant all on table public.module_progress to service_role;
grant select, insert, update, delete on table public.module_progress to authenticated;

drop policy if exists "module_progress: select" on public.module_progress;
create policy "module_progress: select" on public.module_progress
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or exists (
      select from public.client_enrollments e
      where e.id = module_progress.enrollment_id
        and (
          e.client_user_id = (select auth.uid())
          or exists (
            select from public.program_instructors i
            where i.program_id = e.program_id and i.instructor_id = (select auth.uid()) and i.is_primary
          )
          or exists (
            select from public.program_coaches c
            where c.program_id = e.program_id and c.coach_id = (select auth.uid())
          )
        )
    )
    or exists (
      select from public.module_instructors i
      where i.module_id = module_progress.module_id and i.instructor_id = (select auth.uid())
    )
    or exists (
      select from public.module_coaches c
      where c.module_id = module_progress.module_id and c.coach_id = (select auth.uid())
    )
  );

drop policy if exists "module_progress: insert" on public.module_progress;
create policy "module_progress: insert" on public.module_progress
  for insert to authenticated
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or exists (
      select from public.client_enrollments e
      where e.id = module_progress.enrollment_id and e.client_user_id = (select auth.uid())
    )
  );

drop policy if exists "module_progress: update" on public.module_progress;
create policy "module_progress: update" on public.module_progress
  for update to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or exists (
      select from public.client_enrollments e
      where e.id = module_progress.enrollment_id and e.client_user_id = (select auth.uid())
    )
  )
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or exists (
      select from public.client_enrollments e
      where e.id = module_progress.enrollment_id and e.client_user_id = (select auth.uid())
    )
  );

drop policy if exists "module_progress: delete" on public.module_progress;
create policy "module_progress: delete" on public.module_progress
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.cohort_sessions
revoke all on table public.cohort_sessions from public, anon, authenticated;
grant all on table public.cohort_sessions to service_role;
grant select, insert, update, delete on table public.cohort_sessions to authenticated;

drop policy if exists "cohort_sessions: select" on public.cohort_sessions;
create policy "cohort_sessions: select" on public.cohort_sessions
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or exists (
      select from public.client_enrollments e
      where e.cohort_id = cohort_sessions.cohort_id and e.client_user_id = (select auth.uid())
    )
    or exists (
      select from public.program_cohorts c
      where c.id = cohort_sessions.cohort_id
        and public.is_program_instructor_or_coach((select auth.uid()), c.program_id)
    )
  );

drop policy if exists "cohort_sessions: insert" on public.cohort_sessions;
create policy "cohort_sessions: insert" on public.cohort_sessions
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "cohort_sessions: update" on public.cohort_sessions;
create policy "cohort_sessions: update" on public.cohort_sessions
  for update to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or exists (
      select from public.program_cohorts c
      where c.id = cohort_sessions.cohort_id
        and public.is_program_instructor_or_coach((select auth.uid()), c.program_id)
    )
  )
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or exists (
      select from public.program_cohorts c
      where c.id = cohort_sessions.cohort_id
        and public.is_program_instructor_or_coach((select auth.uid()), c.program_id)
    )
  );

drop policy if exists "cohort_sessions: delete" on public.cohort_sessions;
create policy "cohort_sessions: delete" on public.cohort_sessions
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.cohort_session_attendance
revoke all on table public.cohort_session_attendance from public, anon, authenticated;
grant all on table public.cohort_session_attendance to service_role;
grant select, insert, update, delete on table public.cohort_session_attendance to authenticated;

drop policy if exists "cohort_session_attendance: select" on public.cohort_session_attendance;
create policy "cohort_session_attendance: select" on public.cohort_session_attendance
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or exists (
      select from public.client_enrollments e
      where e.id = cohort_session_attendance.enrollment_id and e.client_user_id = (select auth.uid())
    )
    or exists (
      select from public.cohort_sessions s
      join public.program_cohorts c on c.id = s.cohort_id
      where s.id = cohort_session_attendance.session_id
        and public.is_program_instructor_or_coach((select auth.uid()), c.program_id)
    )
  );

drop policy if exists "cohort_session_attendance: insert" on public.cohort_session_attendance;
create policy "cohort_session_attendance: insert" on public.cohort_session_attendance
  for insert to authenticated
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or exists (
      select from public.cohort_sessions s
      join public.program_cohorts c on c.id = s.cohort_id
      where s.id = cohort_session_attendance.session_id
        and public.is_program_instructor_or_coach((select auth.uid()), c.program_id)
    )
  );

drop policy if exists "cohort_session_attendance: update" on public.cohort_session_attendance;
create policy "cohort_session_attendance: update" on public.cohort_session_attendance
  for update to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or exists (
      select from public.cohort_sessions s
      join public.program_cohorts c on c.id = s.cohort_id
      where s.id = cohort_session_attendance.session_id
        and public.is_program_instructor_or_coach((select auth.uid()), c.program_id)
    )
  )
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or exists (
      select from public.cohort_sessions s
      join public.program_cohorts c on c.id = s.cohort_id
      where s.id = cohort_session_attendance.session_id
        and public.is_program_instructor_or_coach((select auth.uid()), c.program_id)
    )
  );

drop policy if exists "cohort_session_attendance: delete" on public.cohort_session_attendance;
create policy "cohort_session_attendance: delete" on public.cohort_session_attendance
  for delete to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or exists (
      select from public.cohort_sessions s
      join public.program_cohorts c on c.id = s.cohort_id
      where s.id = cohort_session_attendance.session_id
        and public.is_program_instructor_or_coach((select auth.uid()), c.program_id)
    )
  );

-- public.cohort_waitlist: a direct insert may choose any position and skips the check of the capacity.
revoke all on table public.cohort_waitlist from public, anon, authenticated;
grant all on table public.cohort_waitlist to service_role;
grant select, insert, update, delete on table public.cohort_waitlist to authenticated;

drop policy if exists "cohort_waitlist: select" on public.cohort_waitlist;
create policy "cohort_waitlist: select" on public.cohort_waitlist
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "cohort_waitlist: insert" on public.cohort_waitlist;
create policy "cohort_waitlist: insert" on public.cohort_waitlist
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "cohort_waitlist: update" on public.cohort_waitlist;
create policy "cohort_waitlist: update" on public.cohort_waitlist
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "cohort_waitlist: delete" on public.cohort_waitlist;
create policy "cohort_waitlist: delete" on public.cohort_waitlist
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

-- public.discount_code_uses
revoke all on table public.discount_code_uses from public, anon, authenticated;
grant all on table public.discount_code_uses to service_role;
grant select, insert on table public.discount_code_uses to authenticated;

drop policy if exists "discount_code_uses: select" on public.discount_code_uses;
create policy "discount_code_uses: select" on public.discount_code_uses
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "discount_code_uses: insert" on public.discount_code_uses;
create policy "discount_code_uses: insert" on public.discount_code_uses
  for insert to authenticated
  with check (user_id = (select auth.uid()));

-- public.user_program_entitlement_usage: owners may write their own usage: it is no proof of what was
-- used.
revoke all on table public.user_program_entitlement_usage from public, anon, authenticated;
grant all on table public.user_program_entitlement_usage to service_role;
grant select, insert, update, delete on table public.user_program_entitlement_usage to authenticated;

drop policy if exists "user_program_entitlement_usage: select" on public.user_program_entitlement_usage;
create policy "user_program_entitlement_usage: select" on public.user_program_entitlement_usage
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "user_program_entitlement_usage: insert" on public.user_program_entitlement_usage;
create policy "user_program_entitlement_usage: insert" on public.user_program_entitlement_usage
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "user_program_entitlement_usage: update" on public.user_program_entitlement_usage;
create policy "user_program_entitlement_usage: update" on public.user_program_entitlement_usage
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()))
  with check ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "user_program_entitlement_usage: delete" on public.user_program_entitlement_usage;
create policy "user_program_entitlement_usage: delete" on public.user_program_entitlement_usage
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));
