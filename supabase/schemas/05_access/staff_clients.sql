create or replace function private.staff_clients(p_staff_id uuid)
returns setof uuid
language sql
stable
rows 20 -- a caseload, where the planner would think of a thousand
set search_path = ''
as $$
  select related.client_id
  from (
    select c.client_id from public.client_coaches c where c.coach_id = p_staff_id
    union
    select c.client_id from public.client_instructors c where c.instructor_id = p_staff_id
    union
    select e.client_user_id
    from public.client_enrollments e
    where e.program_id in (
      select s.program_id from public.program_instructors s where s.instructor_id = p_staff_id
      union
      select s.program_id from public.program_coaches s where s.coach_id = p_staff_id
      union
      select m.program_id
      from public.module_instructors s
      join public.program_modules m on m.id = s.module_id
      where s.instructor_id = p_staff_id
      union
      select m.program_id
      from public.module_coaches s
      join public.program_modules m on m.id = s.module_id
      where s.coach_id = p_staff_id
    )
    union
    select e.client_user_id
    from public.enrollment_module_staff s
    join public.client_enrollments e on e.id = s.enrollment_id
    where s.staff_user_id = p_staff_id
  ) as related (client_id)
  where private.is_coach_or_instructor(p_staff_id);
$$;
comment on function private.staff_clients(uuid) is
  'Everybody for whom private.staff_has_client_relationship holds, in one go.';
revoke execute on function private.staff_clients(uuid) from public;
