create or replace function private.runs_session(p_session_id uuid)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select (
    private.is_staff()
    and exists (
      select from public.sessions s
      where s.id = p_session_id and s.created_by = (select auth.uid())
    )
  )
  or exists (
    select from public.session_participants p
    join public.session_type_roles r on r.id = p.role_id
    where p.session_id = p_session_id
      and p.user_id = (select auth.uid())
      and p.status is distinct from 'cancelled'
      and lower(r.role_name) in ('host', 'co-host')
  )
$$;
comment on function private.runs_session(uuid) is
  'Whether the caller made the free-standing session as a coach or instructor, or is a host of it: a '
  'participant whose role is named Host or Co-host. No user gives a role.';
revoke execute on function private.runs_session(uuid) from public;
grant execute on function private.runs_session(uuid) to authenticated, service_role;
