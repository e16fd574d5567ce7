create or replace function private.is_staff_of_program(p_user_id uuid, p_enrollment_id uuid)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select private.is_coach_or_instructor(p_user_id) and exists (
    select from public.client_enrollments e
    where e.id = p_enrollment_id
      and (
        private.is_program_instructor_or_coach(p_user_id, e.program_id)
        or exists (
          select from public.program_modules m
          join public.module_instructors i on i.module_id = m.id
          where m.program_id = e.program_id and i.instructor_id = p_user_id
        )
        or exists (
          select from public.program_modules m
          join public.module_coaches c on c.module_id = m.id
          where m.program_id = e.program_id and c.coach_id = p_user_id
        )
      )
  )
$$;
comment on function private.is_staff_of_program(uuid, uuid) is
  'Whether the person is a coach or an instructor of the enrollment''s program, or of one of its modules.';
revoke execute on function private.is_staff_of_program(uuid, uuid) from public;
grant execute on function private.is_staff_of_program(uuid, uuid) to authenticated, service_role;
