-- Feedback, assignments, scenarios, partners.
--
-- Why: feedback is shown to whom it is for, and who reviewed an assignment notifies its author.
-- Locks: on production, until commit, ACCESS EXCLUSIVE on partner_referrals; SHARE ROW EXCLUSIVE on
-- capability_snapshots, coach_module_feedback, module_assignments, module_reflections, paragraph_evaluations,
-- partner_codes, scenario_assignments; SHARE on content_completions, content_packages; SHARE UPDATE EXCLUSIVE,
-- which hinders no reader and no writer, on others.
-- Can be run again.

set lock_timeout = '10s';
set check_function_bodies = off; -- a body may name what a later file makes

-- Tables that are there ---------------------------------------------------------------------------

-- A referral outlives whom it brought: it is what a partner is paid for.
-- squawk-ignore ban-drop-not-null -- null only where the user, whom clients would look up, is gone
alter table public.partner_referrals alter column referred_user_id drop not null;
select private.assert_table('public.partner_referrals', 'referred_user_id uuid');

select private.ensure_index(statement) from unnest(array[
  'create index content_completions_content_package_id_idx on public.content_completions (content_package_id)',
  $$create index content_completions_source_enrollment_id_idx
    on public.content_completions (source_enrollment_id) where source_enrollment_id is not null$$,
  $$create index content_packages_uploaded_by_idx
    on public.content_packages (uploaded_by) where uploaded_by is not null$$,
  $$create index module_assignments_scored_by_idx
    on public.module_assignments (scored_by) where scored_by is not null$$,
  $$create index module_assignments_scoring_snapshot_id_idx
    on public.module_assignments (scoring_snapshot_id) where scoring_snapshot_id is not null$$,
  $$create index paragraph_evaluations_evaluator_id_idx
    on public.paragraph_evaluations (evaluator_id) where evaluator_id is not null$$,
  'create index partner_codes_partner_id_idx on public.partner_codes (partner_id)',
  $$create index partner_referrals_enrollment_id_idx
    on public.partner_referrals (enrollment_id) where enrollment_id is not null$$,
  'create index partner_referrals_partner_code_id_idx on public.partner_referrals (partner_code_id)',
  'create index partner_referrals_partner_id_idx on public.partner_referrals (partner_id)',
  $$create index partner_referrals_referred_user_id_idx
    on public.partner_referrals (referred_user_id) where referred_user_id is not null$$,
  $$create index scenario_assignments_assigned_by_idx
    on public.scenario_assignments (assigned_by) where assigned_by is not null$$,
  $$create index scenario_assignments_enrollment_id_idx
    on public.scenario_assignments (enrollment_id) where enrollment_id is not null$$,
  $$create index scenario_assignments_evaluated_by_idx
    on public.scenario_assignments (evaluated_by) where evaluated_by is not null$$,
  $$create index scenario_assignments_parent_assignment_id_idx
    on public.scenario_assignments (parent_assignment_id) where parent_assignment_id is not null$$,
  'create index scenario_assignments_user_id_idx on public.scenario_assignments (user_id)'
]) as statement;

-- Comments and grants -----------------------------------------------------------------------------

comment on table public.content_completions is
  'Who has finished which content package. Written by the service role.';
comment on table public.partner_codes is
  'Codes partners hand out. Every signed-in user can list the active ones.';
comment on table public.partner_referrals is 'Enrolments and signups that came by a partner code.';
comment on column public.partner_referrals.referred_user_id is 'Null: deleted meanwhile.';
comment on table public.feedback_template_types is
  'Forms for structured feedback. Only the key is here: production has more columns.';
comment on table public.section_paragraphs is
  'Paragraphs of a scenario. Only the key is here: production has more columns.';
comment on table public.scenario_templates is
  'Written scenarios for assessment. Only the key is here: production has more columns.';
comment on table public.scenario_assignments is 'A scenario given to a user, with its attempts.';
comment on table public.capability_snapshots is
  'One run of a capability assessment, by the user or by an evaluator.';
comment on table public.coach_module_feedback is
  'A coach''s feedback on a client''s module. Clients can read drafts too.';
comment on table public.module_assignments is
  'Assignments of a module. Client and module are reached by module_progress_id only.';
comment on table public.module_reflections is 'What a client wrote about a module.';
comment on table public.paragraph_evaluations is 'Feedback on one paragraph of a scenario assignment.';

revoke all on table public.content_completions from public, anon, authenticated, service_role;
grant select on table public.content_completions to authenticated;
grant all on table public.content_completions to service_role;
revoke all on table public.partner_codes from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.partner_codes to authenticated;
grant all on table public.partner_codes to service_role;
revoke all on table public.partner_referrals from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.partner_referrals to authenticated;
grant all on table public.partner_referrals to service_role;
revoke all on table public.scenario_assignments from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.scenario_assignments to authenticated;
grant all on table public.scenario_assignments to service_role;
revoke all on table public.capability_snapshots from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.capability_snapshots to authenticated;
grant all on table public.capability_snapshots to service_role;
revoke all on table public.coach_module_feedback from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.coach_module_feedback to authenticated;
grant all on table public.coach_module_feedback to service_role;
revoke all on table public.module_assignments from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.module_assignments to authenticated;
grant all on table public.module_assignments to service_role;
revoke all on table public.module_reflections from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.module_reflections to authenticated;
grant all on table public.module_reflections to service_role;
revoke all on table public.paragraph_evaluations from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.paragraph_evaluations to authenticated;
grant all on table public.paragraph_evaluations to service_role;

-- Functions ---------------------------------------------------------------------------------------

create or replace function private.tell_of_reviewed_assignment()
returns trigger
language plpgsql
security definer -- users may not notify one another
set search_path = ''
as $$
begin
  perform private.tell(
    array[e.client_user_id],
    'assignment_graded',
    'Assignment Reviewed: ' || m.title,
    null,
    '/programs/' || program.slug,
    jsonb_build_object('assignment_id', new.id, 'module_id', m.id),
    'assignment-reviewed:' || new.id || ':' || coalesce(new.scored_at, new.updated_at)
  )
  from public.module_progress progress
  join public.client_enrollments e on e.id = progress.enrollment_id
  join public.program_modules m on m.id = progress.module_id
  join public.programs program on program.id = m.program_id
  where progress.id = new.module_progress_id;
  return null;
exception
  when others then -- a notification never undoes a review
    perform private.record_trigger_failure('tell_of_reviewed_assignment', new.id, sqlstate, sqlerrm);
    return null;
end
$$;
comment on function private.tell_of_reviewed_assignment() is
  'Trigger on module_assignments: tells the client that an assignment has been reviewed.';
revoke execute on function private.tell_of_reviewed_assignment() from public;

create or replace function public.feedback_inbox()
returns table (
  kind text,
  id uuid,
  title text,
  feedback text,
  author_id uuid,
  author_name text,
  program_name text,
  module_title text,
  given_at timestamptz
)
language sql
stable
set search_path = ''
as $$
  select feedback.kind, feedback.id, feedback.title, feedback.feedback, feedback.author_id,
    private.display_name(feedback.author_id), feedback.program_name, feedback.module_title, feedback.given_at
  from (
    select 'coach_feedback' as kind, f.id, m.title, f.feedback, f.coach_id as author_id,
      program.name as program_name, m.title as module_title, coalesce(f.updated_at, f.created_at) as given_at
    from public.coach_module_feedback f
    join public.module_progress progress on progress.id = f.module_progress_id
    join public.client_enrollments e on e.id = progress.enrollment_id
    join public.program_modules m on m.id = progress.module_id
    join public.programs program on program.id = e.program_id
    where e.client_user_id = (select auth.uid()) and f.status = 'published'
    union all
    select 'assignment', a.id, m.title, a.overall_comments, coalesce(a.scored_by, a.assessor_id),
      program.name, m.title, coalesce(a.scored_at, a.completed_at, a.updated_at)
    from public.module_assignments a
    join public.module_progress progress on progress.id = a.module_progress_id
    join public.client_enrollments e on e.id = progress.enrollment_id
    join public.program_modules m on m.id = progress.module_id
    join public.programs program on program.id = e.program_id
    where e.client_user_id = (select auth.uid()) and a.status in ('reviewed', 'completed') and not a.is_private
    union all
    select 'scenario', s.id, coalesce(m.title, 'Scenario'), s.overall_notes, s.evaluated_by,
      program.name, m.title, coalesce(s.evaluated_at, s.updated_at)
    from public.scenario_assignments s
    left join public.program_modules m on m.id = s.module_id
    left join public.programs program on program.id = m.program_id
    where s.user_id = (select auth.uid()) and s.status = 'evaluated'
  ) as feedback
  order by feedback.given_at desc;
$$;
comment on function public.feedback_inbox() is
  'useFeedbackInbox: what coaches, assessors and evaluators have told the caller, newest first, with their '
  'names. Drafts are not in it; a reviewed assignment is once row level security shows it, which is when it '
  'is completed.';
revoke execute on function public.feedback_inbox() from public, anon, authenticated, service_role;
grant execute on function public.feedback_inbox() to authenticated;

-- Triggers ----------------------------------------------------------------------------------------

create or replace trigger update_partner_codes_updated_at
  before update on public.partner_codes
  for each row execute function public.update_updated_at_column();
create or replace trigger guard_owner_columns
  before update on public.scenario_assignments
  for each row execute function private.guard_owner_columns(
    'user_id', 'assigned_by', 'assigned_at', 'evaluated_by', 'evaluated_at', 'overall_notes'
  );
create or replace trigger update_scenario_assignments_updated_at
  before update on public.scenario_assignments
  for each row execute function public.update_updated_at_column();
create or replace trigger update_capability_snapshots_updated_at
  before update on public.capability_snapshots
  for each row execute function public.update_updated_at_column();
create or replace trigger update_coach_module_feedback_updated_at
  before update on public.coach_module_feedback
  for each row execute function public.update_updated_at_column();
create or replace trigger tell_of_reviewed_assignment
  after update of status on public.module_assignments for each row
  when (new.status = 'reviewed' and old.status <> 'reviewed')
  execute function private.tell_of_reviewed_assignment();
create or replace trigger update_module_assignments_updated_at
  before update on public.module_assignments
  for each row execute function public.update_updated_at_column();
create or replace trigger guard_columns
  before update on public.module_reflections
  for each row execute function private.guard_columns('user_id', 'module_progress_id');
create or replace trigger update_module_reflections_updated_at
  before update on public.module_reflections
  for each row execute function public.update_updated_at_column();
create or replace trigger update_paragraph_evaluations_updated_at
  before update on public.paragraph_evaluations
  for each row execute function public.update_updated_at_column();
