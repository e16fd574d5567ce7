-- What pages of the web app show, each as one typed query.
--
-- Why: the pages embedded profiles over foreign keys that lead to auth.users, which PostgREST cannot,
-- read profiles.full_name and a table instructor_assignments, neither of which exists, and showed
-- "Unknown" or nothing. Each of these answers the whole page; the front end changes one line
-- (docs/frontend-fixes.md). Views and invoker functions show what row level security lets their caller
-- see; names of people behind those rows come from private.display_name().
-- Locks: none. Can be run again.

set lock_timeout = '10s';

create or replace function private.display_name(p_user_id uuid)
returns text
language sql
stable
security definer -- who sees a row may know whose it is, even where the profile is not theirs to read
set search_path = ''
begin atomic
  select p.name from public.profiles p where p.id = p_user_id;
end;
comment on function private.display_name(uuid) is
  'The name of a person, for those who already have the id from a row they may see.';
revoke execute on function private.display_name(uuid) from public, anon;
grant execute on function private.display_name(uuid) to authenticated, service_role;

-- Readiness -----------------------------------------------------------------------------------------

create or replace function public.staffed_program_ids()
returns setof uuid
language sql
stable
set search_path = ''
begin atomic
  select i.program_id from public.program_instructors i where i.instructor_id = (select auth.uid())
  union
  select c.program_id from public.program_coaches c where c.coach_id = (select auth.uid());
end;
comment on function public.staffed_program_ids() is
  'The programs whose instructor or coach the caller is. There never was a table instructor_assignments.';
revoke execute on function public.staffed_program_ids() from public, anon;
grant execute on function public.staffed_program_ids() to authenticated, service_role;

do $$
begin
  perform private.drop_public_functions(
    'readiness_dashboard', 'student_development_profile', 'feedback_inbox', 'cohort_waitlist_status'
  );
end
$$;

create or replace function private.readiness_dashboard()
returns table (
  instantiation_id uuid,
  client_user_id uuid,
  client_name text,
  template_id uuid,
  status text,
  started_at timestamptz,
  estimated_completion_date date,
  goals_total bigint,
  goals_completed bigint,
  milestones_total bigint,
  milestones_completed bigint,
  milestones_overdue bigint,
  progress_percentage integer,
  next_milestone text,
  next_milestone_due date
)
language sql
stable
security definer -- staff of a program may not read the paths; the relationship is checked here
set search_path = ''
begin atomic
  select path.id, path.user_id, client.name, path.template_id, path.status, path.started_at,
    path.estimated_completion_date, goals.total, goals.completed, milestones.total, milestones.completed,
    milestones.overdue,
    case when milestones.total = 0 then 0 else (milestones.completed * 100 / milestones.total)::integer end,
    upcoming.title, upcoming.due_date
  from public.guided_path_instantiations path
  join public.profiles client on client.id = path.user_id
  cross join lateral (
    select count(*) as total, count(*) filter (where g.status = 'completed') as completed
    from public.goals g
    where g.instantiation_id = path.id and not g.is_private
  ) goals
  cross join lateral (
    select count(*) as total,
      count(*) filter (where ms.status = 'completed') as completed,
      count(*) filter (where ms.status <> 'completed' and ms.due_date < current_date) as overdue
    from public.goals g
    join public.goal_milestones ms on ms.goal_id = g.id
    where g.instantiation_id = path.id and not g.is_private and not ms.is_private
  ) milestones
  left join lateral (
    select ms.title, ms.due_date
    from public.goals g
    join public.goal_milestones ms on ms.goal_id = g.id
    where g.instantiation_id = path.id
      and not g.is_private
      and not ms.is_private
      and ms.status <> 'completed'
    order by ms.due_date nulls last, g.created_at, ms.order_index
    limit 1
  ) upcoming on true
  where path.status in ('active', 'paused')
    and not private.is_disabled((select auth.uid()))
    and (
      private.has_role((select auth.uid()), 'admin')
      or private.staff_has_client_relationship((select auth.uid()), path.user_id)
    );
end;
comment on function private.readiness_dashboard() is 'See public.readiness_dashboard.';
revoke execute on function private.readiness_dashboard() from public, anon;
grant execute on function private.readiness_dashboard() to authenticated;

create function public.readiness_dashboard()
returns table (
  instantiation_id uuid,
  client_user_id uuid,
  client_name text,
  template_id uuid,
  status text,
  started_at timestamptz,
  estimated_completion_date date,
  goals_total bigint,
  goals_completed bigint,
  milestones_total bigint,
  milestones_completed bigint,
  milestones_overdue bigint,
  progress_percentage integer,
  next_milestone text,
  next_milestone_due date
)
language sql
stable
set search_path = ''
begin atomic
  select * from private.readiness_dashboard() d order by d.client_name, d.started_at;
end;
comment on function public.readiness_dashboard() is
  'The running guided paths of the clients the caller works with, all for an admin: how far each is, and what comes next. Nothing that a client marked private.';
revoke execute on function public.readiness_dashboard() from public, anon, service_role;
grant execute on function public.readiness_dashboard() to authenticated;

create index if not exists guided_path_instantiations_user_id_idx
  on public.guided_path_instantiations (user_id);
create index if not exists goals_instantiation_id_idx on public.goals (instantiation_id)
  where instantiation_id is not null;
create index if not exists goal_milestones_goal_id_idx on public.goal_milestones (goal_id);

-- Partner codes -------------------------------------------------------------------------------------

create or replace view public.partner_codes_overview with (security_invoker = true) as
select
  c.id, c.code, c.label, c.partner_id, private.display_name(c.partner_id) as partner_name,
  c.program_id, program.name as program_name, c.cohort_id, cohort.name as cohort_name,
  c.discount_percent, c.is_free, c.grants_tier, c.max_uses, c.current_uses, c.expires_at, c.is_active,
  c.created_at, c.updated_at,
  (select count(*) from public.partner_referrals r where r.partner_code_id = c.id) as referrals
from public.partner_codes c
join public.programs program on program.id = c.program_id
left join public.program_cohorts cohort on cohort.id = c.cohort_id
where c.partner_id = (select auth.uid())
  or (select private.has_role((select auth.uid()), 'admin'))
  or (select auth.role()) = 'service_role';
comment on view public.partner_codes_overview is
  'PartnerCodesManagement: partner codes with the names of partner, program and cohort; all for an admin, a partner''s own.';
revoke all on table public.partner_codes_overview from public, anon, authenticated;
grant select on table public.partner_codes_overview to authenticated, service_role;
create index if not exists partner_referrals_partner_code_id_idx
  on public.partner_referrals (partner_code_id);

-- Student development profile -----------------------------------------------------------------------

create function public.student_development_profile(p_client_user_id uuid)
returns table (
  enrollment_id uuid,
  client_user_id uuid,
  client_name text,
  program_id uuid,
  program_name text,
  status public.enrollment_status,
  tier text,
  start_date date,
  end_date date,
  completed_at timestamptz,
  modules_total bigint,
  modules_completed bigint,
  last_completed_module text
)
language sql
stable
set search_path = ''
begin atomic
  select e.id, e.client_user_id, private.display_name(e.client_user_id), program.id, program.name,
    e.status, e.tier, e.start_date, e.end_date, e.completed_at, modules.total, modules.completed, last.title
  from public.client_enrollments e
  join public.programs program on program.id = e.program_id
  cross join lateral (
    select count(*) as total, count(*) filter (where progress.status = 'completed') as completed
    from public.program_modules m
    left join public.module_progress progress on progress.module_id = m.id and progress.enrollment_id = e.id
    where m.program_id = e.program_id
  ) modules
  left join lateral (
    select m.title
    from public.module_progress progress
    join public.program_modules m on m.id = progress.module_id
    where progress.enrollment_id = e.id and progress.status = 'completed'
    order by progress.completed_at desc nulls last
    limit 1
  ) last on true
  where e.client_user_id = p_client_user_id
  order by e.created_at desc;
end;
comment on function public.student_development_profile(uuid) is
  'StudentDevelopmentProfile: a client''s enrolments with name, program and progress, as far as the caller may see them.';
revoke execute on function public.student_development_profile(uuid) from public, anon;
grant execute on function public.student_development_profile(uuid) to authenticated, service_role;

-- Feedback inbox ------------------------------------------------------------------------------------

create function public.feedback_inbox()
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
begin atomic
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
end;
comment on function public.feedback_inbox() is
  'useFeedbackInbox: what coaches, assessors and evaluators have told the caller, newest first, with their names. Drafts are not in it; a reviewed assignment is once row level security shows it, which is when it is completed.';
revoke execute on function public.feedback_inbox() from public, anon, service_role;
grant execute on function public.feedback_inbox() to authenticated;

-- Content packages ----------------------------------------------------------------------------------

create or replace view public.content_packages_overview with (security_invoker = true) as
select
  p.id, p.title, p.description, p.storage_path, p.package_type, p.file_count, p.original_filename,
  p.uploaded_by, private.display_name(p.uploaded_by) as uploaded_by_name, p.is_active, p.created_at,
  p.updated_at,
  (select count(*) from public.content_completions c where c.content_package_id = p.id) as completions
from public.content_packages p;
comment on view public.content_packages_overview is
  'useContentPackages: packages with the name of who uploaded each, and how many completions the caller may see.';
revoke all on table public.content_packages_overview from public, anon, authenticated;
grant select on table public.content_packages_overview to authenticated, service_role;
create index if not exists content_completions_content_package_id_idx
  on public.content_completions (content_package_id);

-- Waitlists -----------------------------------------------------------------------------------------

create or replace view public.cohort_waitlist_overview with (security_invoker = true) as
select
  w.id, w.cohort_id, cohort.name as cohort_name, cohort.program_id, w.user_id,
  p.name as user_name, p.email as user_email, w.position, w.notified, w.created_at
from public.cohort_waitlist w
left join public.program_cohorts cohort on cohort.id = w.cohort_id
left join public.profiles p on p.id = w.user_id;
comment on view public.cohort_waitlist_overview is
  'CohortWaitlistManager: who waits for which cohort, with name and address as far as the caller may read profiles.';
revoke all on table public.cohort_waitlist_overview from public, anon, authenticated;
grant select on table public.cohort_waitlist_overview to authenticated, service_role;

create or replace function private.cohort_waitlist_status(p_cohort_id uuid)
returns table (has_capacity boolean, available_spots integer, waitlist_count bigint, own_position integer)
language sql
stable
security definer -- how many wait is no secret, who waits is
set search_path = ''
begin atomic
  select capacity.has_capacity, capacity.available_spots,
    (select count(*) from public.cohort_waitlist w where w.cohort_id = p_cohort_id),
    (
      select w.position from public.cohort_waitlist w
      where w.cohort_id = p_cohort_id and w.user_id = (select auth.uid())
    )
  from private.cohort_capacity(p_cohort_id) capacity;
end;
comment on function private.cohort_waitlist_status(uuid) is 'See public.cohort_waitlist_status.';
revoke execute on function private.cohort_waitlist_status(uuid) from public, anon;
grant execute on function private.cohort_waitlist_status(uuid) to authenticated;

create function public.cohort_waitlist_status(p_cohort_id uuid)
returns table (has_capacity boolean, available_spots integer, waitlist_count bigint, own_position integer)
language sql
stable
set search_path = ''
begin atomic
  select * from private.cohort_waitlist_status(p_cohort_id);
end;
comment on function public.cohort_waitlist_status(uuid) is
  'CohortWaitlistButton: whether there is room, how many wait, and the caller''s own place, null when not waiting.';
revoke execute on function public.cohort_waitlist_status(uuid) from public, anon, service_role;
grant execute on function public.cohort_waitlist_status(uuid) to authenticated;
