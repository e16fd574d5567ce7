create or replace function private.is_staff_of_enrollment(p_enrollment_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select exists (
    select from public.client_enrollments e
    where e.id = p_enrollment_id
      and private.is_program_instructor_or_coach((select auth.uid()), e.program_id)
  )
$$;
comment on function private.is_staff_of_enrollment(uuid) is
  'Whether the caller is an instructor or a coach of the enrollment''s whole program.';
revoke execute on function private.is_staff_of_enrollment(uuid) from public;
grant execute on function private.is_staff_of_enrollment(uuid) to authenticated, service_role;
