-- Feedback, assignments, scenarios, partners.
--
-- Why: feedback is shown to whom it is for, and who reviewed an assignment notifies its author.
-- Locks: on production, until commit, ACCESS EXCLUSIVE on capability_snapshots, coach_module_feedback,
-- module_assignments, module_reflections, paragraph_evaluations, partner_referrals, profiles,
-- scenario_assignments; SHARE ROW EXCLUSIVE on partner_codes; SHARE on content_completions, content_packages;
-- SHARE UPDATE EXCLUSIVE, which hinders no reader and no writer, on others.
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

-- Who handed a form in, where that can still be told: what staff have gone over already is theirs.
alter table public.module_assignments
  -- squawk-ignore adding-foreign-key-constraint -- the column is new: no row has a value to look up
  add column if not exists handed_in_by uuid references auth.users (id) on delete set null;
select private.assert_table('public.module_assignments', 'handed_in_by uuid');
update public.module_assignments a
set handed_in_by = a.assessor_id
from public.module_progress p
join public.client_enrollments e on e.id = p.enrollment_id
where p.id = a.module_progress_id
  and e.client_user_id = a.assessor_id
  and a.handed_in_by is null
  and exists (select from auth.users u where u.id = a.assessor_id);
select private.ensure_index(
  $$create index module_assignments_handed_in_by_idx on public.module_assignments (handed_in_by)
    where handed_in_by is not null$$
);

-- Lengths of texts, and times within reason: what is there is put right, then the checks are made.
insert into private.rows_before_repair (table_name, content)
select 'public.capability_snapshots', to_jsonb(r) from public.capability_snapshots r
where not (
  char_length(title) <= 300 and char_length(notes) <= 5000 and char_length(evaluation_relationship) <= 200
  and completed_at between '2000-01-01+00' and '2100-01-01+00');
update public.capability_snapshots
set title = left(title, 300),
  notes = left(notes, 5000),
  evaluation_relationship = left(evaluation_relationship, 200),
  completed_at = case when completed_at is not null then least(greatest(completed_at, '2000-01-01+00'), '2100-01-01+00') end
where not (
  char_length(title) <= 300 and char_length(notes) <= 5000 and char_length(evaluation_relationship) <= 200
  and completed_at between '2000-01-01+00' and '2100-01-01+00'
);
insert into private.rows_before_repair (table_name, content)
select 'public.coach_module_feedback', to_jsonb(r) from public.coach_module_feedback r
where not (
  char_length(feedback) <= 5000 and char_length(structured_responses::text) <= 500000);
update public.coach_module_feedback
set feedback = left(feedback, 5000),
  structured_responses = case when char_length(structured_responses::text) <= 500000 then structured_responses else '{}' end
where not (
  char_length(feedback) <= 5000 and char_length(structured_responses::text) <= 500000
);
insert into private.rows_before_repair (table_name, content)
select 'public.module_assignments', to_jsonb(r) from public.module_assignments r
where not (
  char_length(overall_comments) <= 5000 and char_length(instructor_notes) <= 5000 and char_length(responses::text) <= 500000
  and completed_at between '2000-01-01+00' and '2100-01-01+00' and scored_at between '2000-01-01+00' and '2100-01-01+00');
update public.module_assignments
set overall_comments = left(overall_comments, 5000),
  instructor_notes = left(instructor_notes, 5000),
  responses = case when char_length(responses::text) <= 500000 then responses else '{}' end,
  completed_at = case when completed_at is not null then least(greatest(completed_at, '2000-01-01+00'), '2100-01-01+00') end,
  scored_at = case when scored_at is not null then least(greatest(scored_at, '2000-01-01+00'), '2100-01-01+00') end
where not (
  char_length(overall_comments) <= 5000 and char_length(instructor_notes) <= 5000 and char_length(responses::text) <= 500000
  and completed_at between '2000-01-01+00' and '2100-01-01+00' and scored_at between '2000-01-01+00' and '2100-01-01+00'
);
insert into private.rows_before_repair (table_name, content)
select 'public.module_reflections', to_jsonb(r) from public.module_reflections r
where not (
  char_length(content) <= 5000);
update public.module_reflections
set content = left(content, 5000)
where not (
  char_length(content) <= 5000
);
insert into private.rows_before_repair (table_name, content)
select 'public.paragraph_evaluations', to_jsonb(r) from public.paragraph_evaluations r
where not (
  char_length(feedback) <= 5000);
update public.paragraph_evaluations
set feedback = left(feedback, 5000)
where not (
  char_length(feedback) <= 5000
);
insert into private.rows_before_repair (table_name, content)
select 'public.scenario_assignments', to_jsonb(r) from public.scenario_assignments r
where not (
  char_length(overall_notes) <= 5000 and char_length(revision_notes) <= 5000
  and attempt_number between 1 and 1000
  and submitted_at between '2000-01-01+00' and '2100-01-01+00' and evaluated_at between '2000-01-01+00' and '2100-01-01+00');
update public.scenario_assignments
set attempt_number = least(greatest(attempt_number, 1), 1000),
  overall_notes = left(overall_notes, 5000),
  revision_notes = left(revision_notes, 5000),
  submitted_at = case when submitted_at is not null then least(greatest(submitted_at, '2000-01-01+00'), '2100-01-01+00') end,
  evaluated_at = case when evaluated_at is not null then least(greatest(evaluated_at, '2000-01-01+00'), '2100-01-01+00') end
where not (
  char_length(overall_notes) <= 5000 and char_length(revision_notes) <= 5000
  and attempt_number between 1 and 1000
  and submitted_at between '2000-01-01+00' and '2100-01-01+00' and evaluated_at between '2000-01-01+00' and '2100-01-01+00'
);
do $$
declare
  v_check record;
begin
  for v_check in
    select * from (values
      ('capability_snapshots', 'capability_snapshots_texts_check',
        $c$char_length(title) <= 300 and char_length(notes) <= 5000 and char_length(evaluation_relationship) <= 200$c$),
      ('capability_snapshots', 'capability_snapshots_times_check',
        $c$completed_at between '2000-01-01+00' and '2100-01-01+00'$c$),
      ('coach_module_feedback', 'coach_module_feedback_texts_check',
        $c$char_length(feedback) <= 5000 and char_length(structured_responses::text) <= 500000$c$),
      ('module_assignments', 'module_assignments_texts_check',
        $c$char_length(overall_comments) <= 5000 and char_length(instructor_notes) <= 5000 and char_length(responses::text) <= 500000$c$),
      ('module_assignments', 'module_assignments_times_check',
        $c$completed_at between '2000-01-01+00' and '2100-01-01+00' and scored_at between '2000-01-01+00' and '2100-01-01+00'$c$),
      ('module_reflections', 'module_reflections_texts_check',
        $c$char_length(content) <= 5000$c$),
      ('paragraph_evaluations', 'paragraph_evaluations_texts_check',
        $c$char_length(feedback) <= 5000$c$),
      ('scenario_assignments', 'scenario_assignments_texts_check',
        $c$char_length(overall_notes) <= 5000 and char_length(revision_notes) <= 5000$c$),
      ('scenario_assignments', 'scenario_assignments_attempt_check',
        $c$attempt_number between 1 and 1000$c$),
      ('scenario_assignments', 'scenario_assignments_times_check',
        $c$submitted_at between '2000-01-01+00' and '2100-01-01+00' and evaluated_at between '2000-01-01+00' and '2100-01-01+00'$c$)
    ) as wanted (table_name, name, definition)
    where not exists (
      select from pg_catalog.pg_constraint c
      where c.conrelid = to_regclass('public.' || wanted.table_name) and c.conname = wanted.name
    )
  loop
    execute format(
      'alter table public.%I add constraint %I check (%s)', v_check.table_name, v_check.name, v_check.definition
    );
  end loop;
end
$$;
-- An evaluation outlives its evaluator, under nobody's name: the check stood against that, and the key against
-- the deletion. Policies ask for an evaluator instead.
do $$
declare
  v_name name;
begin
  for v_name in
    select c.conname from pg_catalog.pg_constraint c
    where c.conrelid = 'public.capability_snapshots'::regclass
      and c.conname in ('evaluator_required_for_external', 'capability_snapshots_check')
  loop
    execute format('alter table public.capability_snapshots drop constraint %I', v_name);
  end loop;
end
$$;
-- No row that a user writes keeps whom it names from being deleted.
do $$
declare
  v_key record;
begin
  for v_key in
    select c.conname as name, wanted.*
    from (values
      ('capability_snapshots', 'evaluator_id', 'public.profiles'),
      ('scenario_assignments', 'parent_assignment_id', 'public.scenario_assignments')
    ) as wanted (table_name, column_name, refers)
    join pg_catalog.pg_constraint c
      on c.conrelid = to_regclass('public.' || wanted.table_name)
      and c.contype = 'f'
      and c.confdeltype <> 'n'
    join pg_catalog.pg_attribute a
      on a.attrelid = c.conrelid and array[a.attnum] = c.conkey and a.attname = wanted.column_name
  loop
    execute format(
      'alter table public.%1$I drop constraint %2$I, '
      'add constraint %2$I foreign key (%3$I) references %4$s (id) on delete set null not valid',
      v_key.table_name, v_key.name, v_key.column_name, v_key.refers
    );
    execute format('alter table public.%I validate constraint %I', v_key.table_name, v_key.name);
  end loop;
end
$$;

-- New tables --------------------------------------------------------------------------------------

select private.ensure_table($table$
create table public.scoring_drafts (
  assignment_id uuid primary key references public.module_assignments (id) on delete cascade,
  author_id uuid references auth.users (id) on delete cascade,
  instructor_notes text not null,
  updated_at timestamptz not null default now(),
  constraint scoring_drafts_texts_check check (char_length(instructor_notes) <= 5000)
)
$table$);

select private.ensure_index(statement) from unnest(array[
  $$create index scoring_drafts_author_id_idx on public.scoring_drafts (author_id)$$
]) as statement;

-- Comments and grants -----------------------------------------------------------------------------

comment on table public.content_completions is
  'Who has finished which content package. Written by the service role.';
comment on table public.partner_codes is
  'Codes partners hand out. Admins'' and their partner''s to read: others validate one by function.';
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
comment on column public.capability_snapshots.evaluator_id is
  'Who evaluated, where it is no self-assessment. Null where that account was deleted: no evaluation keeps '
  'its evaluator from being deleted.';
comment on table public.coach_module_feedback is
  'A coach''s feedback on a client''s module. Clients read what is published.';
comment on table public.module_assignments is
  'Assignments of a module. Client and module are reached by module_progress_id only.';
comment on column public.module_assignments.assessor_id is
  'Who filled in the form as it stands: the client, or staff who have gone over it.';
comment on column public.module_assignments.instructor_notes is
  'What the scorer tells the client. Null until the assignment is reviewed: scoring_drafts has it till then.';
comment on column public.module_assignments.handed_in_by is
  'The client, where the form was the client''s: who goes over it takes it from nobody''s sight. Kept by a trigger.';
comment on table public.module_reflections is 'What a client wrote about a module.';
comment on table public.paragraph_evaluations is 'Feedback on one paragraph of a scenario assignment.';
comment on table public.scoring_drafts is
  'What a scorer has noted of an assignment that is not reviewed yet. Written by a trigger on module_assignments.';

alter table public.scoring_drafts enable row level security;

revoke all on table public.content_completions from public, anon, authenticated, service_role;
grant select on table public.content_completions to authenticated;
grant all on table public.content_completions to service_role;
revoke all on table public.partner_codes from public, anon, authenticated, service_role;
grant select, delete on table public.partner_codes to authenticated;
grant insert (
  partner_id, program_id, cohort_id, code, label, discount_percent, is_free, max_uses, expires_at, is_active,
  grants_tier
) on table public.partner_codes to authenticated;
grant update (
  partner_id, program_id, cohort_id, code, label, discount_percent, is_free, max_uses, expires_at, is_active,
  grants_tier
) on table public.partner_codes to authenticated;
grant all on table public.partner_codes to service_role;
revoke all on table public.partner_referrals from public, anon, authenticated, service_role;
grant select on table public.partner_referrals to authenticated;
grant all on table public.partner_referrals to service_role;
revoke all on table public.scenario_assignments from public, anon, authenticated, service_role;
grant select, delete on table public.scenario_assignments to authenticated;
grant insert (
  template_id, user_id, assigned_by, enrollment_id, module_id, status, parent_assignment_id, attempt_number,
  revision_notes
) on table public.scenario_assignments to authenticated;
grant update (status, submitted_at, evaluated_at, evaluated_by, overall_notes)
  on table public.scenario_assignments to authenticated;
grant all on table public.scenario_assignments to service_role;
revoke all on table public.capability_snapshots from public, anon, authenticated, service_role;
grant select, delete on table public.capability_snapshots to authenticated;
grant insert (
  user_id, assessment_id, enrollment_id, title, notes, shared_with_coach, shared_with_instructor,
  completed_at, is_self_assessment, evaluator_id, evaluation_relationship, status
) on table public.capability_snapshots to authenticated;
grant update (
  title, notes, shared_with_coach, shared_with_instructor, status, completed_at, updated_at
) on table public.capability_snapshots to authenticated;
grant all on table public.capability_snapshots to service_role;
revoke all on table public.coach_module_feedback from public, anon, authenticated, service_role;
grant select,
  insert (module_progress_id, coach_id, feedback, template_type_id, structured_responses, status),
  update (feedback, template_type_id, structured_responses, status)
  on table public.coach_module_feedback to authenticated;
grant all on table public.coach_module_feedback to service_role;
revoke all on table public.module_assignments from public, anon, authenticated, service_role;
grant select on table public.module_assignments to authenticated;
grant insert (
  module_progress_id, assignment_type_id, assessor_id, responses, overall_score, overall_comments, status,
  completed_at, is_private
) on table public.module_assignments to authenticated;
grant update (
  module_progress_id, assignment_type_id, assessor_id, responses, overall_score, overall_comments, status,
  completed_at, is_private, scoring_snapshot_id, scored_by, scored_at, instructor_notes
) on table public.module_assignments to authenticated;
grant all on table public.module_assignments to service_role;
revoke all on table public.module_reflections from public, anon, authenticated, service_role;
grant select, insert (user_id, module_progress_id, content), update (content), delete
  on table public.module_reflections to authenticated;
grant all on table public.module_reflections to service_role;
revoke all on table public.paragraph_evaluations from public, anon, authenticated, service_role;
-- An upsert on (assignment_id, paragraph_id) needs the right to update both.
grant select,
  insert (assignment_id, paragraph_id, evaluator_id, feedback),
  update (assignment_id, paragraph_id, evaluator_id, feedback)
  on table public.paragraph_evaluations to authenticated;
grant all on table public.paragraph_evaluations to service_role;
revoke all on table public.scoring_drafts from public, anon, authenticated, service_role;
grant select on table public.scoring_drafts to authenticated;
grant all on table public.scoring_drafts to service_role;

-- Functions ---------------------------------------------------------------------------------------

-- Security invoker for the reason given at private.guard_columns.
create or replace function private.guard_assignment()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
declare
  v_is_filled_in constant boolean :=
    (new.assessor_id, new.responses, new.overall_score, new.overall_comments, new.completed_at, new.is_private)
    is distinct from
    (old.assessor_id, old.responses, old.overall_score, old.overall_comments, old.completed_at, old.is_private);
  v_is_scored constant boolean :=
    (new.scoring_snapshot_id, new.scored_by, new.scored_at, new.instructor_notes)
    is distinct from (old.scoring_snapshot_id, old.scored_by, old.scored_at, old.instructor_notes);
  -- by name, since only a later production has the column
  v_is_linked constant boolean :=
    to_jsonb(new) -> 'scenario_assignment_id' is distinct from to_jsonb(old) -> 'scenario_assignment_id';
  v_is_changed constant boolean :=
    v_is_filled_in or v_is_scored or v_is_linked or new.status is distinct from old.status;
  v_refusal text;
begin
  if current_user not in ('anon', 'authenticated') then
    return new;
  end if;

  v_refusal := case
    -- The page sends them along. They stay, so that what is written about one client is not moved to another.
    when (new.module_progress_id, new.assignment_type_id)
      is distinct from (old.module_progress_id, old.assignment_type_id)
      then 'an assignment cannot be moved'
    when (v_is_scored or v_is_linked) and not private.may_assess(old.module_progress_id)
      then 'an assignment is scored by staff'
    when v_is_changed and old.scored_by <> auth.uid()
      then 'what a colleague has scored is the colleague''s to change'
    -- A form is gone over in the own name, and a colleague's not at all.
    when v_is_filled_in and new.assessor_id is distinct from auth.uid()
      then 'who changes the form signs it'
    when v_is_filled_in and old.assessor_id <> auth.uid() and old.assessor_id is distinct from old.handed_in_by
      then 'what a colleague has filled in is the colleague''s to change'
    when v_is_changed and new.status = 'draft' and old.handed_in_by <> auth.uid()
      then 'what the client fills in is no draft of somebody else'
    when v_is_scored and new.scored_by is distinct from auth.uid()
      then 'who scores signs'
    when new.status is distinct from old.status and auth.uid() not in (new.assessor_id, coalesce(new.scored_by, new.assessor_id))
      then 'who says how far an assignment is signs'
    when new.scoring_snapshot_id is distinct from old.scoring_snapshot_id
      and not private.is_own_evaluation(new.scoring_snapshot_id, old.module_progress_id)
      then 'the evaluation is not yours, or not about this client'
  end;
  if v_refusal is not null then
    raise exception '%', v_refusal using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
comment on function private.guard_assignment() is
  'Trigger: an assignment stays with its client and its type. Who filled in the form, the client or staff who '
  'have gone over it, changes it, and who scored it the scoring, with an evaluation of their own about that '
  'client.';
revoke execute on function private.guard_assignment() from public;

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

-- Security invoker for the reason given at private.guard_columns.
create or replace function private.guard_scenario_assignment()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
begin
  if current_user not in ('anon', 'authenticated') or old.user_id = auth.uid() then
    return new;
  end if;

  if new.submitted_at is distinct from old.submitted_at
    or (new.status is distinct from old.status and (old.status = 'draft' or new.status in ('draft', 'submitted')))
  then
    raise exception 'a scenario is handed in by whoever it was given to' using errcode = 'insufficient_privilege';
  end if;
  -- What is written before is a draft, and the row is the client's to read.
  if new.status = 'evaluated' and new.evaluated_by is distinct from auth.uid()
    or new.status <> 'evaluated' and num_nonnulls(new.evaluated_by, new.evaluated_at, new.overall_notes) > 0
  then
    raise exception 'an evaluation is signed, and comes with the status evaluated'
      using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
comment on function private.guard_scenario_assignment() is
  'Trigger: the client hands a scenario in; who evaluates it signs, and writes the verdict with the status '
  'evaluated, not before.';
revoke execute on function private.guard_scenario_assignment() from public;

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
    -- the scorer's words, or those of whoever has gone over the form: each under the name of who wrote them
    select 'assignment', a.id, m.title,
      coalesce(a.instructor_notes, case when a.assessor_id <> e.client_user_id then a.overall_comments end),
      case
        when a.instructor_notes is null and a.assessor_id <> e.client_user_id then a.assessor_id
        else a.scored_by
      end,
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

create or replace function private.keep_scoring_draft()
returns trigger
language plpgsql
security definer -- users do not write drafts past the assignment
set search_path = ''
as $$
begin
  if new.status in ('draft', 'submitted') and new.instructor_notes is not null then
    insert into public.scoring_drafts (assignment_id, author_id, instructor_notes)
    values (
      new.id,
      -- scored_by may name somebody who is gone
      (select u.id from auth.users u where u.id = coalesce(auth.uid(), new.scored_by)),
      new.instructor_notes
    )
    on conflict (assignment_id) do update
      set author_id = excluded.author_id,
        instructor_notes = excluded.instructor_notes,
        updated_at = now();
    new.instructor_notes := null;
  elsif (new.scored_at, new.instructor_notes) is distinct from (old.scored_at, old.instructor_notes) then
    -- released, or saved without
    delete from public.scoring_drafts d
    where d.assignment_id = new.id and d.author_id is not distinct from coalesce(auth.uid(), d.author_id);
  end if;
  return new;
end
$$;
comment on function private.keep_scoring_draft() is
  'Trigger on module_assignments: what a scorer notes before the assignment is reviewed is kept in '
  'scoring_drafts, since the row is the client''s to read.';
revoke execute on function private.keep_scoring_draft() from public;

create or replace function private.keep_who_handed_in()
returns trigger
language plpgsql
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
begin
  select e.client_user_id into new.handed_in_by
  from public.module_progress p
  join public.client_enrollments e on e.id = p.enrollment_id
  where p.id = new.module_progress_id and e.client_user_id = new.assessor_id;
  return new;
end
$$;
comment on function private.keep_who_handed_in() is
  'Trigger on module_assignments: notes the client where the form is the client''s own.';
revoke execute on function private.keep_who_handed_in() from public;

-- Triggers ----------------------------------------------------------------------------------------

create or replace trigger audit_writes
  after insert or update or delete on public.partner_codes
  for each row execute function private.audit_writes();
create or replace trigger update_partner_codes_updated_at
  before update on public.partner_codes
  for each row execute function public.update_updated_at_column();
create or replace trigger guard_evaluation
  before update on public.scenario_assignments
  for each row execute function private.guard_scenario_assignment();
create or replace trigger guard_owner_columns
  before update on public.scenario_assignments
  for each row execute function private.guard_owner_columns(
    'user_id', 'evaluated_by', 'evaluated_at', 'overall_notes', 'scoring_snapshot_id'
  );
create or replace trigger guard_signatures
  before insert or update on public.scenario_assignments
  for each row execute function private.guard_signatures('assigned_by', 'evaluated_by');
create or replace trigger update_scenario_assignments_updated_at
  before update on public.scenario_assignments
  for each row execute function public.update_updated_at_column();
-- Whom an evaluation is about alone shares it, and does not change what it says.
create or replace trigger guard_author_columns
  before update on public.capability_snapshots
  for each row when (not old.is_self_assessment)
  execute function private.guard_author_columns('evaluator_id', 'title', 'notes', 'status', 'completed_at');
create or replace trigger guard_sharing
  before update on public.capability_snapshots
  for each row execute function private.guard_author_columns(
    'user_id', 'shared_with_coach', 'shared_with_instructor'
  );
create or replace trigger update_capability_snapshots_updated_at
  before update on public.capability_snapshots
  for each row execute function public.update_updated_at_column();
create or replace trigger update_coach_module_feedback_updated_at
  before update on public.coach_module_feedback
  for each row execute function public.update_updated_at_column();
create or replace trigger guard_assignment
  before update on public.module_assignments
  for each row execute function private.guard_assignment();
create or replace trigger guard_signatures
  before insert or update on public.module_assignments
  for each row execute function private.guard_signatures('assessor_id', 'scored_by');
create or replace trigger keep_scoring_draft
  before update on public.module_assignments
  for each row execute function private.keep_scoring_draft();
create or replace trigger keep_who_handed_in
  before insert on public.module_assignments
  for each row execute function private.keep_who_handed_in();
create or replace trigger tell_of_reviewed_assignment
  after update of status on public.module_assignments for each row
  when (new.status = 'reviewed' and old.status <> 'reviewed')
  execute function private.tell_of_reviewed_assignment();
create or replace trigger update_module_assignments_updated_at
  before update on public.module_assignments
  for each row execute function public.update_updated_at_column();
create or replace trigger update_module_reflections_updated_at
  before update on public.module_reflections
  for each row execute function public.update_updated_at_column();
create or replace trigger guard_columns
  before update on public.paragraph_evaluations
  for each row execute function private.guard_columns('assignment_id', 'paragraph_id');
create or replace trigger update_paragraph_evaluations_updated_at
  before update on public.paragraph_evaluations
  for each row execute function public.update_updated_at_column();

-- What needs the functions above ------------------------------------------------------------------

-- What is noted of an assignment that is not reviewed yet is its scorer's: the trigger puts it where it belongs.
update public.module_assignments
set instructor_notes = instructor_notes
where status in ('draft', 'submitted') and instructor_notes is not null;

-- After the grants of these tables: columns that only the application's later state has, as its pages write
-- them. Guards know them by name.
do $$
declare
  v_grant record;
begin
  for v_grant in
    select wanted.* from (values
      ('module_assignments', 'scenario_assignment_id', 'update'),
      ('scenario_assignments', 'scoring_snapshot_id', 'update'),
      ('wheel_of_life_snapshots', 'spirituality', 'insert')
    ) as wanted (table_name, column_name, privilege)
    join pg_catalog.pg_attribute a
      on a.attrelid = to_regclass('public.' || wanted.table_name)
      and a.attname = wanted.column_name
      and not a.attisdropped
  loop
    execute format(
      'grant %s (%I) on table public.%I to authenticated',
      v_grant.privilege, v_grant.column_name, v_grant.table_name
    );
  end loop;
end
$$;
