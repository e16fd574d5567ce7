create or replace function private.is_enrollment_of(p_enrollment_id uuid, p_user_id uuid)
returns boolean
language sql
stable
security definer -- callers cannot read every enrollment
set search_path = ''
as $$
  select exists (
    select from public.client_enrollments e
    where e.id = p_enrollment_id and e.client_user_id = p_user_id
  )
$$;
comment on function private.is_enrollment_of(uuid, uuid) is 'Whether the enrollment is that client''s.';
revoke execute on function private.is_enrollment_of(uuid, uuid) from public;
grant execute on function private.is_enrollment_of(uuid, uuid) to authenticated, service_role;
