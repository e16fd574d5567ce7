create or replace function private.is_module_staff(p_module_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select private.is_staff() and (
    exists (
      select from public.module_instructors i
      where i.module_id = p_module_id and i.instructor_id = (select auth.uid())
    )
    or exists (
      select from public.module_coaches c
      where c.module_id = p_module_id and c.coach_id = (select auth.uid())
    )
  )
$$;
comment on function private.is_module_staff(uuid) is
  'Whether the caller is an instructor or a coach of the module itself, and still is staff.';
revoke execute on function private.is_module_staff(uuid) from public;
grant execute on function private.is_module_staff(uuid) to authenticated, service_role;
