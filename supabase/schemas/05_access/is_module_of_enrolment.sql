create or replace function private.is_module_of_enrolment(p_module_id uuid, p_enrollment_id uuid)
returns boolean
language sql
stable
security definer -- callers cannot read every module and enrolment
set search_path = ''
as $$
  select exists (
    select from public.program_modules m
    join public.client_enrollments e on e.program_id = m.program_id
    where m.id = p_module_id and e.id = p_enrollment_id
  );
$$;
comment on function private.is_module_of_enrolment(uuid, uuid) is
  'Whether module and enrolment are of one programme.';
revoke execute on function private.is_module_of_enrolment(uuid, uuid) from public;
grant execute on function private.is_module_of_enrolment(uuid, uuid) to authenticated, service_role;
