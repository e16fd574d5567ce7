create or replace function private.may_assess(p_progress_id uuid)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select exists (
    select from public.module_progress p
    join public.client_enrollments e on e.id = p.enrollment_id
    where p.id = p_progress_id and private.is_staff_of(e.client_user_id)
  )
$$;
comment on function private.may_assess(uuid) is
  'Whether the caller is staff of the client whose progress in a module it is.';
revoke execute on function private.may_assess(uuid) from public;
grant execute on function private.may_assess(uuid) to authenticated, service_role;
