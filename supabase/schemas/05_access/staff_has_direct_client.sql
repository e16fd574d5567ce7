create or replace function private.staff_has_direct_client(p_staff_id uuid, p_client_id uuid)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select private.is_coach_or_instructor(p_staff_id) and (
    exists (
      select from public.client_coaches c
      where c.coach_id = p_staff_id and c.client_id = p_client_id
    )
    or exists (
      select from public.client_instructors i
      where i.instructor_id = p_staff_id and i.client_id = p_client_id
    )
  )
$$;
comment on function private.staff_has_direct_client(uuid, uuid) is
  'Whether a coach or instructor looks after the client directly, outside any program.';
revoke execute on function private.staff_has_direct_client(uuid, uuid) from public;
grant execute on function private.staff_has_direct_client(uuid, uuid) to authenticated, service_role;
