-- Baseline: who may do what with assignments, assessments, feedback and partners.
-- One policy an operation and role says what production's several policies add up to; the grants name
-- just what a policy allows.
-- The caller and the role admin are looked up once a statement, hence the sub-selects.
--
-- Production has its own policies already: there the file is marked as applied and never runs.
-- Locks: access exclusive, briefly, on each table. Can be run again: each policy is dropped and made anew.

-- public.scenario_templates: only its key is known here: admins only.
revoke all on table public.scenario_templates from public, anon, authenticated;
grant all on table public.scenario_templates to service_role;
grant select, insert, update, delete on table public.scenario_templates to authenticated;

drop policy if exists "scenario_templates: select" on public.scenario_templates;
create policy "scenario_templates: select" on public.scenario_templates
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "scenario_templates: insert" on public.scenario_templates;
create policy "scenario_templates: insert" on public.scenario_templates
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "scenario_templates: update" on public.scenario_templates;
create policy "scenario_templates: update" on public.scenario_templates
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "scenario_templates: delete" on public.scenario_templates;
create policy "scenario_templates: delete" on public.scenario_templates
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.section_paragraphs: only its key is known here: admins only.
revoke all on table public.section_paragraphs from public, anon, authenticated;
grant all on table public.section_paragraphs to service_role;
grant select, insert, update, delete on table public.section_paragraphs to authenticated;

drop policy if exists "section_paragraphs: select" on public.section_paragraphs;
create policy "section_paragraphs: select" on public.section_paragraphs
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "section_paragraphs: insert" on public.section_paragraphs;
create policy "section_paragraphs: insert" on public.section_paragraphs
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "section_paragraphs: update" on public.section_paragraphs;
create policy "section_paragraphs: update" on public.section_paragraphs
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "section_paragraphs: delete" on public.section_paragraphs;
create policy "section_paragraphs: delete" on public.section_paragraphs
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.scenario_assignments: 20260324100002_access_rules.sql makes the policies; closed until then.
revoke all on table public.scenario_assignments from public, anon, authenticated;
grant all on table public.scenario_assignments to service_role;

-- public.paragraph_evaluations: 20260324100002_access_rules.sql makes the policies; closed until then.
revoke all on table public.paragraph_evaluations from public, anon, authenticated;
grant all on table public.paragraph_evaluations to service_role;

-- public.capability_snapshots: 20260324100002_access_rules.sql makes the policies; closed until then.
revoke all on table public.capability_snapshots from public, anon, authenticated;
grant all on table public.capability_snapshots to service_role;

-- public.module_assignments: the client sees an assignment once it and the module are completed. Coaches
-- and instructors see those whose progress and enrolment they may read: the sub-select is subject to
-- those tables' policies.
revoke all on table public.module_assignments from public, anon, authenticated;
grant all on table public.module_assignments to service_role;
grant select, insert, update, delete on table public.module_assignments to authenticated;

drop policy if exists "module_assignments: select" on public.module_assignments;
create policy "module_assignments: select" on public.module_assignments
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or assessor_id = (select auth.uid())
    or exists (
      select from public.module_progress p
      join public.client_enrollments e on e.id = p.enrollment_id
      where p.id = module_assignments.module_progress_id
        and e.client_user_id = (select auth.uid())
        and p.status = 'completed'
        and module_assignments.status = 'completed'
    )
    or exists (
      select from public.module_progress p
      join public.client_enrollments e on e.id = p.enrollment_id
      where p.id = module_assignments.module_progress_id
        and (
          exists (
            select from public.client_coaches c
            where c.client_id = e.client_user_id and c.coach_id = (select auth.uid())
          )
          or exists (
            select from public.program_instructors i
            where i.program_id = e.program_id and i.instructor_id = (select auth.uid())
          )
        )
    )
  );

drop policy if exists "module_assignments: insert" on public.module_assignments;
create policy "module_assignments: insert" on public.module_assignments
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')) or assessor_id = (select auth.uid()));

drop policy if exists "module_assignments: update" on public.module_assignments;
create policy "module_assignments: update" on public.module_assignments
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or assessor_id = (select auth.uid()))
  with check ((select public.has_role((select auth.uid()), 'admin')) or assessor_id = (select auth.uid()));

drop policy if exists "module_assignments: delete" on public.module_assignments;
create policy "module_assignments: delete" on public.module_assignments
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or assessor_id = (select auth.uid()));

-- public.feedback_template_types: only its key is known here: admins only.
revoke all on table public.feedback_template_types from public, anon, authenticated;
grant all on table public.feedback_template_types to service_role;
grant select, insert, update, delete on table public.feedback_template_types to authenticated;

drop policy if exists "feedback_template_types: select" on public.feedback_template_types;
create policy "feedback_template_types: select" on public.feedback_template_types
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "feedback_template_types: insert" on public.feedback_template_types;
create policy "feedback_template_types: insert" on public.feedback_template_types
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "feedback_template_types: update" on public.feedback_template_types;
create policy "feedback_template_types: update" on public.feedback_template_types
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "feedback_template_types: delete" on public.feedback_template_types;
create policy "feedback_template_types: delete" on public.feedback_template_types
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.coach_module_feedback: the client reads drafts too, as in production.
revoke all on table public.coach_module_feedback from public, anon, authenticated;
grant all on table public.coach_module_feedback to service_role;
grant select, insert, update, delete on table public.coach_module_feedback to authenticated;

drop policy if exists "coach_module_feedback: select" on public.coach_module_feedback;
create policy "coach_module_feedback: select" on public.coach_module_feedback
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or coach_id = (select auth.uid())
    or exists (
      select from public.module_progress p
      join public.client_enrollments e on e.id = p.enrollment_id
      where p.id = coach_module_feedback.module_progress_id
        and (
          e.client_user_id = (select auth.uid())
          or exists (
            select from public.program_instructors i
            where i.program_id = e.program_id and i.instructor_id = (select auth.uid())
          )
        )
    )
  );

drop policy if exists "coach_module_feedback: insert" on public.coach_module_feedback;
create policy "coach_module_feedback: insert" on public.coach_module_feedback
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')) or coach_id = (select auth.uid()));

drop policy if exists "coach_module_feedback: update" on public.coach_module_feedback;
create policy "coach_module_feedback: update" on public.coach_module_feedback
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or coach_id = (select auth.uid()))
  with check ((select public.has_role((select auth.uid()), 'admin')) or coach_id = (select auth.uid()));

drop policy if exists "coach_module_feedback: delete" on public.coach_module_feedback;
create policy "coach_module_feedback: delete" on public.coach_module_feedback
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or coach_id = (select auth.uid()));

-- public.module_reflections: no admin branch, as in production.
revoke all on table public.module_reflections from public, anon, authenticated;
grant all on table public.module_reflections to service_role;
grant select, insert, update, delete on table public.module_reflections to authenticated;

drop policy if exists "module_reflections: select" on public.module_reflections;
create policy "module_reflections: select" on public.module_reflections
  for select to authenticated
  using (
    user_id = (select auth.uid())
    or exists (
      select from public.client_coaches c
      where c.client_id = module_reflections.user_id and c.coach_id = (select auth.uid())
    )
    or exists (
      select from public.client_instructors i
      where i.client_id = module_reflections.user_id and i.instructor_id = (select auth.uid())
    )
    or exists (
      select from public.module_progress p
      join public.client_enrollments e on e.id = p.enrollment_id
      where p.id = module_reflections.module_progress_id
        and public.is_program_instructor_or_coach((select auth.uid()), e.program_id)
    )
    or exists (
      select from public.module_progress p
      join public.module_instructors i on i.module_id = p.module_id
      where p.id = module_reflections.module_progress_id and i.instructor_id = (select auth.uid())
    )
    or exists (
      select from public.module_progress p
      join public.module_coaches c on c.module_id = p.module_id
      where p.id = module_reflections.module_progress_id and c.coach_id = (select auth.uid())
    )
  );

drop policy if exists "module_reflections: insert" on public.module_reflections;
create policy "module_reflections: insert" on public.module_reflections
  for insert to authenticated
  with check (user_id = (select auth.uid()));

drop policy if exists "module_reflections: update" on public.module_reflections;
create policy "module_reflections: update" on public.module_reflections
  for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));

drop policy if exists "module_reflections: delete" on public.module_reflections;
create policy "module_reflections: delete" on public.module_reflections
  for delete to authenticated
  using (user_id = (select auth.uid()));

-- public.content_completions: written by the service role only.
revoke all on table public.content_completions from public, anon, authenticated;
grant all on table public.content_completions to service_role;
grant select on table public.content_completions to authenticated;

drop policy if exists "content_completions: select" on public.content_completions;
create policy "content_completions: select" on public.content_completions
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or (select public.has_role((select auth.uid()), 'coach'))
    or (select public.has_role((select auth.uid()), 'instructor'))
    or user_id = (select auth.uid())
  );

-- public.partner_codes: the codes can be listed by every signed-in user.
revoke all on table public.partner_codes from public, anon, authenticated;
grant all on table public.partner_codes to service_role;
grant select, insert, update, delete on table public.partner_codes to authenticated;

drop policy if exists "partner_codes: select" on public.partner_codes;
create policy "partner_codes: select" on public.partner_codes
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or partner_id = (select auth.uid())
    or (is_active and (expires_at is null or expires_at > now()))
  );

drop policy if exists "partner_codes: insert" on public.partner_codes;
create policy "partner_codes: insert" on public.partner_codes
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "partner_codes: update" on public.partner_codes;
create policy "partner_codes: update" on public.partner_codes
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "partner_codes: delete" on public.partner_codes;
create policy "partner_codes: delete" on public.partner_codes
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.partner_referrals
revoke all on table public.partner_referrals from public, anon, authenticated;
grant all on table public.partner_referrals to service_role;
grant select, insert, update, delete on table public.partner_referrals to authenticated;

drop policy if exists "partner_referrals: select" on public.partner_referrals;
create policy "partner_referrals: select" on public.partner_referrals
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or partner_id = (select auth.uid()));

drop policy if exists "partner_referrals: insert" on public.partner_referrals;
create policy "partner_referrals: insert" on public.partner_referrals
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "partner_referrals: update" on public.partner_referrals;
create policy "partner_referrals: update" on public.partner_referrals
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "partner_referrals: delete" on public.partner_referrals;
create policy "partner_referrals: delete" on public.partner_referrals
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));
