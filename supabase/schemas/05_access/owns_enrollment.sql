create or replace function private.owns_enrollment(p_enrollment_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select exists (
    select from public.client_enrollments e
    where e.id = p_enrollment_id and e.client_user_id = (select auth.uid())
  )
$$;
comment on function private.owns_enrollment(uuid) is
  'Whether the enrollment is the caller''s own.';
revoke execute on function private.owns_enrollment(uuid) from public;
grant execute on function private.owns_enrollment(uuid) to authenticated, service_role;
