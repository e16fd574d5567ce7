create or replace function private.teaches_client(p_client_id uuid, p_enrollment_id uuid, p_module_id uuid)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select private.is_staff() and p_client_id <> (select auth.uid()) and (
    private.staff_has_direct_client((select auth.uid()), p_client_id)
    or exists (
      select from public.client_enrollments e
      where e.client_user_id = p_client_id
        and e.id = coalesce(p_enrollment_id, e.id)
        and (p_module_id is null or private.is_module_of_enrolment(p_module_id, e.id))
        and (
          private.is_program_instructor_or_coach((select auth.uid()), e.program_id)
          or exists (
            select from public.program_modules m
            where m.program_id = e.program_id
              and m.id = coalesce(p_module_id, m.id)
              and private.is_module_staff(m.id)
          )
          or exists (
            select from public.enrollment_module_staff s
            where s.enrollment_id = e.id
              and s.module_id = p_module_id
              and s.staff_user_id = (select auth.uid())
          )
        )
    )
  )
$$;
comment on function private.teaches_client(uuid, uuid, uuid) is
  'Whether the caller may grade the client in that module of that enrollment, as far as given: staff of the '
  'client or of the program, and in a module its own staff and whoever is assigned to it for that enrollment. '
  'Never oneself.';
revoke execute on function private.teaches_client(uuid, uuid, uuid) from public;
grant execute on function private.teaches_client(uuid, uuid, uuid) to authenticated, service_role;
