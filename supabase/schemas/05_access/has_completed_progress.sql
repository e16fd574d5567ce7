create or replace function private.has_completed_progress(p_progress_id uuid)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select exists (
    select from public.module_progress p
    join public.client_enrollments e on e.id = p.enrollment_id
    where p.id = p_progress_id and p.status = 'completed' and e.client_user_id = (select auth.uid())
  )
$$;
comment on function private.has_completed_progress(uuid) is
  'Whether the progress is the caller''s own, and the module completed.';
revoke execute on function private.has_completed_progress(uuid) from public;
grant execute on function private.has_completed_progress(uuid) to authenticated, service_role;
