create or replace function private.client_can_view_staff_profile(_client_id uuid, _staff_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select private.is_coach_or_instructor(_staff_id) and exists (
    select from public.client_enrollments e
    where e.client_user_id = _client_id
      and (
        private.is_program_instructor_or_coach(_staff_id, e.program_id)
        or exists (
          select from public.program_modules m
          join public.module_instructors i on i.module_id = m.id
          where m.program_id = e.program_id and i.instructor_id = _staff_id
        )
        or exists (
          select from public.program_modules m
          join public.module_coaches c on c.module_id = m.id
          where m.program_id = e.program_id and c.coach_id = _staff_id
        )
        or exists (
          select from public.enrollment_module_staff s
          where s.enrollment_id = e.id and s.staff_user_id = _staff_id
        )
      )
  );
$$;
comment on function private.client_can_view_staff_profile(uuid, uuid) is
  'Whether the staff person works in one of the client''s enrolments: programme, module or assignment.';
revoke execute on function private.client_can_view_staff_profile(uuid, uuid) from public;
grant execute on function private.client_can_view_staff_profile(uuid, uuid)
  to authenticated, service_role;

create or replace function public.client_can_view_staff_profile(_client_id uuid, _staff_id uuid)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  if not private.may_ask_about(_client_id) then
    return false;
  end if;
  return private.client_can_view_staff_profile(_client_id, _staff_id);
end
$$;
comment on function public.client_can_view_staff_profile(uuid, uuid) is
  'Policy helper: private.client_can_view_staff_profile, of the caller alone: false of others, but for admins and the server.';
revoke execute on function public.client_can_view_staff_profile(uuid, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.client_can_view_staff_profile(uuid, uuid)
  to anon, authenticated, service_role;
