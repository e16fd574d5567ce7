-- Policies: Feedback, assignments, scenarios, partners.
--
-- Why: production's have other names, and let through more than they say; all of these tables' are replaced.
-- Locks: whoever makes or drops a policy as postgres on hosted Supabase takes ACCESS EXCLUSIVE on the tables of
-- auth and storage until commit, here for some milliseconds; where the policies are there already, nothing.
-- Can be run again.

set lock_timeout = '5s';

do $policies$
declare
  v_tables constant text[] := array[
    'capability_snapshots', 'coach_module_feedback', 'content_completions', 'module_assignments',
    'module_reflections', 'paragraph_evaluations', 'partner_codes', 'partner_referrals',
    'scenario_assignments', 'scoring_drafts'
  ];
begin
  if private.policies_are(v_tables, 28) then
    return;
  end if;
  perform private.drop_policies(variadic v_tables);

  create policy "select" on public.content_completions for select to authenticated
    using (
      (select private.is_admin())
      or user_id = (select auth.uid())
      or user_id in (select private.caller_clients())
    );

  create policy "select" on public.partner_codes for select to authenticated
    using ((select private.is_admin()) or partner_id = (select auth.uid()));
  create policy "insert" on public.partner_codes for insert to authenticated with check ((select private.is_admin()));
  create policy "update" on public.partner_codes for update to authenticated using ((select private.is_admin()));
  create policy "delete" on public.partner_codes for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.partner_referrals for select to authenticated
    using ((select private.is_admin()) or partner_id = (select auth.uid()));

  create policy "select" on public.scenario_assignments for select to authenticated
    using (
      (select private.is_admin())
      or user_id = (select auth.uid())
      or private.teaches_client(user_id, enrollment_id, module_id)
    );
  create policy "insert" on public.scenario_assignments for insert to authenticated
    with check (
      status = 'draft'
      and (
        (user_id = (select auth.uid()) and assigned_by is null and revision_notes is null)
        or (
          assigned_by = (select auth.uid())
          and ((select private.is_admin()) or private.teaches_client(user_id, enrollment_id, module_id))
        )
      )
      and private.is_attempt_of(user_id, enrollment_id, module_id, parent_assignment_id)
    );
  create policy "update" on public.scenario_assignments for update to authenticated
    using (
      (user_id = (select auth.uid()) and status in ('draft', 'submitted'))
      or (
        private.teaches_client(user_id, enrollment_id, module_id)
        and (evaluated_by is null or evaluated_by = (select auth.uid()))
      )
    );
  create policy "delete" on public.scenario_assignments for delete to authenticated
    using (user_id = (select auth.uid()) and status = 'draft');

  create policy "select" on public.capability_snapshots for select to authenticated
    using (
      (select private.is_admin())
      or (user_id = (select auth.uid()) and (is_self_assessment or status = 'completed'))
      or (evaluator_id = (select auth.uid()) and not is_self_assessment)
      or (
        not is_private
        and (
          (shared_with_coach and (select private.has_role((select auth.uid()), 'coach')))
          or (shared_with_instructor and (select private.has_role((select auth.uid()), 'instructor')))
        )
        and (is_self_assessment or status = 'completed')
        and private.staff_has_client_relationship((select auth.uid()), user_id)
      )
    );
  create policy "insert" on public.capability_snapshots for insert to authenticated
    with check (
      case
        when is_self_assessment then
          user_id = (select auth.uid())
          and evaluator_id is null
          and evaluation_relationship is null
          and (enrollment_id is null or private.owns_enrollment(enrollment_id))
        else
          evaluator_id = (select auth.uid())
          and private.may_evaluate_person(user_id, evaluation_relationship)
          and (enrollment_id is null or private.is_enrollment_of(enrollment_id, user_id))
          and not (shared_with_coach or shared_with_instructor)
      end
    );
  create policy "update" on public.capability_snapshots for update to authenticated
    using (
      (user_id = (select auth.uid()) and (is_self_assessment or status = 'completed'))
      or (
        not is_self_assessment
        and evaluator_id = (select auth.uid())
        and private.may_evaluate_person(user_id, evaluation_relationship)
      )
    );
  create policy "delete" on public.capability_snapshots for delete to authenticated
    using ((select private.is_admin()) or (user_id = (select auth.uid()) and is_self_assessment));

  create policy "select" on public.coach_module_feedback for select to authenticated
    using (
      (select private.is_admin())
      or coach_id = (select auth.uid())
      or (
        status = 'published'
        and exists (
          select from public.module_progress p
          join public.client_enrollments e on e.id = p.enrollment_id
          where p.id = coach_module_feedback.module_progress_id
            and (
              e.client_user_id = (select auth.uid())
              or (
                (select private.is_staff())
                and exists (
                  select from public.program_instructors i
                  where i.program_id = e.program_id
                    and i.instructor_id = (select auth.uid())
                )
              )
            )
        )
      )
    );
  create policy "insert" on public.coach_module_feedback for insert to authenticated
    with check (coach_id = (select auth.uid()) and private.may_assess(module_progress_id));
  create policy "update" on public.coach_module_feedback for update to authenticated
    using (coach_id = (select auth.uid()) and private.may_assess(module_progress_id));

  create policy "select" on public.module_assignments for select to authenticated
    using (
      (select private.is_admin())
      or assessor_id = (select auth.uid())
      or handed_in_by = (select auth.uid())
      or (status = 'completed' and not is_private and private.has_completed_progress(module_progress_id))
      or private.oversees_progress(module_progress_id)
    );
  create policy "insert" on public.module_assignments for insert to authenticated
    with check (
      assessor_id = (select auth.uid())
      and (
        (status in ('draft', 'submitted') and private.owns_progress(module_progress_id))
        or private.may_assess(module_progress_id)
      )
    );
  create policy "update" on public.module_assignments for update to authenticated
    using (
      (
        assessor_id = (select auth.uid())
        and status in ('draft', 'submitted')
        and scored_by is null
        and private.owns_progress(module_progress_id)
      )
      or (
        private.may_assess(module_progress_id)
        and (assessor_id = (select auth.uid()) or private.oversees_progress(module_progress_id))
      )
    );

  create policy "select" on public.module_reflections for select to authenticated
    using (
      user_id = (select auth.uid())
      or private.is_assigned_staff(module_reflections.user_id)
      or exists (
        select from public.module_progress p
        join public.client_enrollments e on e.id = p.enrollment_id
        where p.id = module_reflections.module_progress_id
          and private.is_program_instructor_or_coach((select auth.uid()), e.program_id)
      )
      or exists (
        select from public.module_progress p
        where p.id = module_reflections.module_progress_id and private.is_module_staff(p.module_id)
      )
    );
  create policy "insert" on public.module_reflections for insert to authenticated
    with check (user_id = (select auth.uid()) and private.owns_progress(module_progress_id));
  create policy "update" on public.module_reflections for update to authenticated using (user_id = (select auth.uid()));
  create policy "delete" on public.module_reflections for delete to authenticated using (user_id = (select auth.uid()));

  create policy "select" on public.paragraph_evaluations for select to authenticated
    using (
      (select private.is_admin())
      or exists (
        select from public.scenario_assignments s
        where s.id = paragraph_evaluations.assignment_id
          and s.user_id = (select auth.uid())
          and s.status = 'evaluated'
      )
      or private.may_evaluate(assignment_id)
    );
  create policy "insert" on public.paragraph_evaluations for insert to authenticated
    with check (evaluator_id = (select auth.uid()) and private.may_evaluate(assignment_id));
  create policy "update" on public.paragraph_evaluations for update to authenticated
    using (private.may_evaluate(assignment_id))
    with check (evaluator_id = (select auth.uid()) and private.may_evaluate(assignment_id));

  create policy "select" on public.scoring_drafts for select to authenticated
    using ((select private.is_admin()) or author_id = (select auth.uid()));
end
$policies$;
