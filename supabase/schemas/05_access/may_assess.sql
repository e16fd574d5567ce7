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
    where p.id = p_progress_id and private.teaches_client(e.client_user_id, e.id, p.module_id)
  )
$$;
comment on function private.may_assess(uuid) is
  'Whether the caller teaches the client whose progress it is in that module.';
revoke execute on function private.may_assess(uuid) from public;
grant execute on function private.may_assess(uuid) to authenticated, service_role;
