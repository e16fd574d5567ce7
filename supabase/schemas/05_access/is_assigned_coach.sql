create or replace function private.is_assigned_coach(p_client_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select private.is_staff() and exists (
    select from public.client_coaches c
    where c.client_id = p_client_id and c.coach_id = (select auth.uid())
  )
$$;
comment on function private.is_assigned_coach(uuid) is
  'Whether the caller is assigned to the client as a coach, and still is staff.';
revoke execute on function private.is_assigned_coach(uuid) from public;
grant execute on function private.is_assigned_coach(uuid) to authenticated, service_role;
