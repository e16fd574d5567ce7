create or replace function private.staff_has_client_relationship(p_staff_id uuid, p_client_id uuid)
returns boolean
language sql
stable
security definer -- policies ask this; asked as the user, their own policies would answer in circles
set search_path = ''
as $$
  select private.is_coach_or_instructor(p_staff_id) and (
    exists (
      select from public.client_coaches c
      where c.coach_id = p_staff_id and c.client_id = p_client_id
    )
    or exists (
      select from public.client_instructors c
      where c.instructor_id = p_staff_id and c.client_id = p_client_id
    )
    or exists (
      -- by enrolment, of whatever status
      select from public.client_enrollments e
      where e.client_user_id = p_client_id
        and (
          exists (
            select from public.program_instructors s
            where s.program_id = e.program_id and s.instructor_id = p_staff_id
          )
          or exists (
            select from public.program_coaches s
            where s.program_id = e.program_id and s.coach_id = p_staff_id
          )
          or exists (
            select from public.module_instructors s
            join public.program_modules m on m.id = s.module_id
            where m.program_id = e.program_id and s.instructor_id = p_staff_id
          )
          or exists (
            select from public.module_coaches s
            join public.program_modules m on m.id = s.module_id
            where m.program_id = e.program_id and s.coach_id = p_staff_id
          )
          or exists (
            select from public.enrollment_module_staff s
            where s.enrollment_id = e.id and s.staff_user_id = p_staff_id
          )
        )
    )
  );
$$;
comment on function private.staff_has_client_relationship(uuid, uuid) is
  'Whether a coach or instructor works with a client: directly, or by a program, module or enrolment.';
revoke execute on function private.staff_has_client_relationship(uuid, uuid) from public;
grant execute on function private.staff_has_client_relationship(uuid, uuid)
  to authenticated, service_role;

create or replace function public.staff_has_client_relationship(_staff_id uuid, _client_user_id uuid)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  if not private.may_ask_about(_staff_id) then
    return false;
  end if;
  return private.staff_has_client_relationship(_staff_id, _client_user_id);
end
$$;
comment on function public.staff_has_client_relationship(uuid, uuid) is
  'Policy helper: private.staff_has_client_relationship, of the caller alone: false of others, but for admins and the server.';
revoke execute on function public.staff_has_client_relationship(uuid, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.staff_has_client_relationship(uuid, uuid)
  to anon, authenticated, service_role;
