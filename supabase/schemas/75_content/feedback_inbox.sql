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
