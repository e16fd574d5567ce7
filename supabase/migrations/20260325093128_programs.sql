-- Programs, their modules and their staff.
--
-- Why: pages that read ten tables one after the other are one function or view, under the caller's own policies.
-- Locks: on production, until commit, SHARE ROW EXCLUSIVE on content_packages, module_assignment_types,
-- module_coaches, module_instructors, program_coaches, program_entitlements, program_instructors,
-- program_modules, program_tier_plans, programs; SHARE UPDATE EXCLUSIVE, which hinders no reader and no writer,
-- on others.
-- Can be run again.

set lock_timeout = '10s';
set check_function_bodies = off; -- a body may name what a later file makes

-- Tables that are there ---------------------------------------------------------------------------

select private.ensure_index(statement) from unnest(array[
  'create index module_coaches_coach_id_idx on public.module_coaches (coach_id)',
  'create index module_instructors_instructor_id_idx on public.module_instructors (instructor_id)',
  'create index program_coaches_coach_id_idx on public.program_coaches (coach_id)',
  'create index program_instructors_instructor_id_idx on public.program_instructors (instructor_id)',
  'create index program_tier_plans_program_plan_id_idx on public.program_tier_plans (program_plan_id)'
]) as statement;

-- A link that runs a script or opens a program is none that anybody follows.
insert into private.rows_before_repair (table_name, content)
select 'public.programs', to_jsonb(r) from public.programs r
where not (
  private.are_web_links(logo_url));
update public.programs
set logo_url = case when private.are_web_links(logo_url) then logo_url end
where not (
  private.are_web_links(logo_url)
);
do $$
begin
  if not exists (
    select from pg_catalog.pg_constraint c
    where c.conrelid = 'public.programs'::regclass and c.conname = 'programs_links_check'
  ) then
    alter table public.programs add constraint programs_links_check
      check (private.are_web_links(logo_url));
  end if;
end
$$;
insert into private.rows_before_repair (table_name, content)
select 'public.program_modules', to_jsonb(r) from public.program_modules r
where not (
  private.are_web_links(calendly_event_url));
update public.program_modules
set calendly_event_url = case when private.are_web_links(calendly_event_url) then calendly_event_url end
where not (
  private.are_web_links(calendly_event_url)
);
do $$
begin
  if not exists (
    select from pg_catalog.pg_constraint c
    where c.conrelid = 'public.program_modules'::regclass and c.conname = 'program_modules_links_check'
  ) then
    alter table public.program_modules add constraint program_modules_links_check
      check (private.are_web_links(calendly_event_url));
  end if;
end
$$;

-- Lengths of names that admins write and others find in their calendar and mail: what is there is put right, then
-- the checks are made.
insert into private.rows_before_repair (table_name, content)
select 'public.programs', to_jsonb(r) from public.programs r
where not (
  char_length(name) <= 200);
update public.programs
set name = left(name, 200)
where not (
  char_length(name) <= 200
);
insert into private.rows_before_repair (table_name, content)
select 'public.program_modules', to_jsonb(r) from public.program_modules r
where not (
  char_length(title) <= 300);
update public.program_modules
set title = left(title, 300)
where not (
  char_length(title) <= 300
);
do $$
declare
  v_check record;
begin
  for v_check in
    select wanted.* from (values
      ('programs', 'programs_texts_check', $c$char_length(name) <= 200$c$),
      ('program_modules', 'program_modules_texts_check', $c$char_length(title) <= 300$c$)
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

-- Comments and grants -----------------------------------------------------------------------------

comment on table public.programs is 'The programmes on offer. The title column is name.';
comment on table public.content_packages is 'Uploaded web and xAPI content a module can show.';
comment on table public.capability_assessments is
  'Self and staff assessments of capabilities. Only the key is here: production has more columns.';
comment on table public.module_types is
  'Names of the kinds of module; referred to by name. Only the key is here: production has more columns.';
comment on table public.program_modules is 'The modules of a programme in their order.';
comment on table public.program_versions is
  'Published states of a programme. Only the key is here: production has more columns.';
comment on table public.module_assignment_types is
  'Kinds of assignment a module can set, with the structure of the form.';
comment on table public.module_coaches is 'Coaches of a single module.';
comment on table public.module_instructors is 'Instructors of a single module.';
comment on table public.program_coaches is 'Coaches of a whole programme.';
comment on table public.program_entitlements is
  'How much of a feature an enrolment in a programme includes. Everyone may read it.';
comment on table public.program_instructors is 'Instructors of a whole programme.';
comment on table public.program_tier_plans is
  'Which programme plan, at which credit cost, each tier of a programme carries.';

revoke all on table public.programs from public, anon, authenticated, service_role;
grant select, delete on table public.programs to authenticated;
grant insert (
  slug, name, description, category, is_active, scheduled_dates
) on table public.programs to authenticated;
grant update (
  slug, name, description, category, is_active, tiers, scheduled_dates, logo_url, code, plan_id, min_plan_tier,
  default_program_plan_id, requires_separate_purchase, allow_repeat_enrollment, installment_options,
  upfront_discount_percent
) on table public.programs to authenticated;
grant all on table public.programs to service_role;
revoke all on table public.content_packages from public, anon, authenticated, service_role;
grant select on table public.content_packages to authenticated;
grant insert (
  title, storage_path, package_type, file_count, uploaded_by
) on table public.content_packages to authenticated;
grant update (is_active) on table public.content_packages to authenticated;
grant all on table public.content_packages to service_role;
revoke all on table public.program_modules from public, anon, authenticated, service_role;
grant select, delete on table public.program_modules to authenticated;
grant insert (
  program_id, title, description, order_index, estimated_minutes, links, is_active, tier_required,
  is_individualized, code, content, module_type, feature_key, capability_assessment_id, content_package_id
) on table public.program_modules to authenticated;
grant update (
  program_id, title, description, order_index, estimated_minutes, links, is_active, tier_required,
  is_individualized, code, content, module_type, feature_key, capability_assessment_id, content_package_path,
  content_package_id, available_from_date, unlock_after_days
) on table public.program_modules to authenticated;
grant all on table public.program_modules to service_role;
revoke all on table public.module_assignment_types from public, anon, authenticated, service_role;
grant select, delete on table public.module_assignment_types to authenticated;
grant insert (
  name, description, structure, is_active, scoring_assessment_id
) on table public.module_assignment_types to authenticated;
grant update (
  name, description, structure, is_active, scoring_assessment_id
) on table public.module_assignment_types to authenticated;
grant all on table public.module_assignment_types to service_role;
revoke all on table public.module_coaches from public, anon, authenticated, service_role;
grant select, delete on table public.module_coaches to authenticated;
grant insert (module_id, coach_id) on table public.module_coaches to authenticated;
grant all on table public.module_coaches to service_role;
revoke all on table public.module_instructors from public, anon, authenticated, service_role;
grant select, delete on table public.module_instructors to authenticated;
grant insert (module_id, instructor_id) on table public.module_instructors to authenticated;
grant all on table public.module_instructors to service_role;
revoke all on table public.program_coaches from public, anon, authenticated, service_role;
grant select, delete on table public.program_coaches to authenticated;
grant insert (program_id, coach_id) on table public.program_coaches to authenticated;
grant all on table public.program_coaches to service_role;
revoke all on table public.program_entitlements from public, anon, authenticated, service_role;
grant select on table public.program_entitlements to anon;
grant select on table public.program_entitlements to authenticated;
grant all on table public.program_entitlements to service_role;
revoke all on table public.program_instructors from public, anon, authenticated, service_role;
grant select, delete on table public.program_instructors to authenticated;
grant insert (program_id, instructor_id) on table public.program_instructors to authenticated;
grant all on table public.program_instructors to service_role;
revoke all on table public.program_tier_plans from public, anon, authenticated, service_role;
grant select, delete on table public.program_tier_plans to authenticated;
grant insert (
  program_id, tier_name, program_plan_id, credit_cost
) on table public.program_tier_plans to authenticated;
grant all on table public.program_tier_plans to service_role;

-- Functions ---------------------------------------------------------------------------------------

create or replace function private.tell_of_staff_assignment()
returns trigger
language plpgsql
security definer -- users may not notify one another
set search_path = ''
as $$
declare
  v_row jsonb := to_jsonb(new);
  v_user_id uuid := coalesce(v_row ->> 'instructor_id', v_row ->> 'coach_id')::uuid;
begin
  perform private.tell(
    array[v_user_id],
    tg_argv[0],
    'You have been assigned to ' || coalesce(m.title || ' in ', '') || program.name,
    null,
    '/programs/' || program.slug,
    jsonb_build_object('program_id', program.id, 'module_id', m.id),
    tg_argv[0] || ':' || (v_row ->> 'id')
  )
  from public.programs program
  left join public.program_modules m
    on m.program_id = program.id and m.id = (v_row ->> 'module_id')::uuid
  where case
    when v_row ? 'module_id' then m.id is not null
    else program.id = (v_row ->> 'program_id')::uuid
  end;
  return null;
exception
  when others then -- a notification never undoes an assignment
    perform private.record_trigger_failure('tell_of_staff_assignment', (v_row ->> 'id')::uuid, sqlstate, sqlerrm);
    return null;
end
$$;
comment on function private.tell_of_staff_assignment() is
  'Trigger on program_ and module_instructors and _coaches: tells who is assigned. Its argument is the '
  'type.';
revoke execute on function private.tell_of_staff_assignment() from public;

create or replace view public.cohort_waitlist_overview with (security_invoker = true) as
select
  w.id, w.cohort_id, cohort.name as cohort_name, cohort.program_id, w.user_id,
  p.name as user_name, p.email as user_email, w.position, w.notified, w.created_at
from public.cohort_waitlist w
left join public.program_cohorts cohort on cohort.id = w.cohort_id
left join public.profiles p on p.id = w.user_id;
comment on view public.cohort_waitlist_overview is
  'CohortWaitlistManager: who waits for which cohort, with name and address as far as the caller may read '
  'profiles.';
revoke all on table public.cohort_waitlist_overview from public, anon, authenticated, service_role;
grant select on table public.cohort_waitlist_overview to authenticated, service_role;

create or replace view public.content_packages_overview with (security_invoker = true) as
select
  p.id, p.title, p.description, p.storage_path, p.package_type, p.file_count, p.original_filename,
  p.uploaded_by, private.display_name(p.uploaded_by) as uploaded_by_name, p.is_active, p.created_at,
  p.updated_at,
  (select count(*) from public.content_completions c where c.content_package_id = p.id) as completions
from public.content_packages p;
comment on view public.content_packages_overview is
  'useContentPackages: packages with the name of who uploaded each, and how many completions the caller may '
  'see.';
revoke all on table public.content_packages_overview from public, anon, authenticated, service_role;
grant select on table public.content_packages_overview to authenticated, service_role;

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
  'PartnerCodesManagement: partner codes with the names of partner, program and cohort; all for an admin, a '
  'partner''s own.';
revoke all on table public.partner_codes_overview from public, anon, authenticated, service_role;
grant select on table public.partner_codes_overview to authenticated, service_role;

create or replace function public.staffed_program_ids()
returns setof uuid
language sql
stable
set search_path = ''
begin atomic
  select i.program_id from public.program_instructors i
  where i.instructor_id = (select auth.uid()) and (select private.is_staff())
  union
  select c.program_id from public.program_coaches c
  where c.coach_id = (select auth.uid()) and (select private.is_staff());
end;
comment on function public.staffed_program_ids() is
  'The programs whose instructor or coach the caller is, being staff. There never was a table instructor_assignments.';
revoke execute on function public.staffed_program_ids() from public, anon, authenticated, service_role;
grant execute on function public.staffed_program_ids() to authenticated, service_role;

create or replace function public.student_development_profile(p_client_user_id uuid)
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
as $$
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
$$;
comment on function public.student_development_profile(uuid) is
  'StudentDevelopmentProfile: a client''s enrolments with name, program and progress, as far as the caller '
  'may see them.';
revoke execute on function public.student_development_profile(uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.student_development_profile(uuid) to authenticated, service_role;

-- Triggers ----------------------------------------------------------------------------------------

create or replace trigger audit_writes
  after insert or update or delete on public.programs
  for each row execute function private.audit_writes();
create or replace trigger update_programs_updated_at
  before update on public.programs
  for each row execute function public.update_updated_at_column();
create or replace trigger update_content_packages_updated_at
  before update on public.content_packages
  for each row execute function public.update_updated_at_column();
create or replace trigger audit_writes
  after insert or update or delete on public.program_modules
  for each row execute function private.audit_writes();
create or replace trigger update_program_modules_updated_at
  before update on public.program_modules
  for each row execute function public.update_updated_at_column();
create or replace trigger update_module_assignment_types_updated_at
  before update on public.module_assignment_types
  for each row execute function public.update_updated_at_column();
create or replace trigger tell_of_staff_assignment after insert on public.module_coaches
  for each row execute function private.tell_of_staff_assignment('coach_module_assigned');
create or replace trigger audit_writes
  after insert or update or delete on public.module_coaches
  for each row execute function private.audit_writes();
create or replace trigger tell_of_staff_assignment after insert on public.module_instructors
  for each row execute function private.tell_of_staff_assignment('instructor_module_assigned');
create or replace trigger audit_writes
  after insert or update or delete on public.module_instructors
  for each row execute function private.audit_writes();
create or replace trigger tell_of_staff_assignment after insert on public.program_coaches
  for each row execute function private.tell_of_staff_assignment('coach_program_assigned');
create or replace trigger audit_writes
  after insert or update or delete on public.program_coaches
  for each row execute function private.audit_writes();
create or replace trigger update_program_entitlements_updated_at
  before update on public.program_entitlements
  for each row execute function public.update_updated_at_column();
create or replace trigger tell_of_staff_assignment after insert on public.program_instructors
  for each row execute function private.tell_of_staff_assignment('instructor_program_assigned');
create or replace trigger audit_writes
  after insert or update or delete on public.program_instructors
  for each row execute function private.audit_writes();
create or replace trigger audit_writes
  after insert or update or delete on public.program_tier_plans
  for each row execute function private.audit_writes();
create or replace trigger update_program_tier_plans_updated_at
  before update on public.program_tier_plans
  for each row execute function public.update_updated_at_column();
