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
