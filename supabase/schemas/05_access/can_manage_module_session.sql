create or replace function private.can_manage_module_session(_user_id uuid, _session_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select private.has_role(_user_id, 'admin') or exists (
    select from public.module_sessions s
    join public.program_modules m on m.id = s.module_id
    where s.id = _session_id
      and (
        s.instructor_id = _user_id
        or exists (
          select from public.module_instructors i
          where i.module_id = s.module_id and i.instructor_id = _user_id
        )
        or exists (
          select from public.module_coaches c
          where c.module_id = s.module_id and c.coach_id = _user_id
        )
        or private.is_program_instructor_or_coach(_user_id, coalesce(s.program_id, m.program_id))
      )
  );
$$;
comment on function private.can_manage_module_session(uuid, uuid) is
  'Whether the user is an admin, the host of the module session, or staff of its module or programme.';
revoke execute on function private.can_manage_module_session(uuid, uuid) from public;
grant execute on function private.can_manage_module_session(uuid, uuid) to authenticated, service_role;

create or replace function public.can_manage_module_session(_user_id uuid, _session_id uuid)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  if not private.may_ask_about(_user_id) then
    return false;
  end if;
  return private.can_manage_module_session(_user_id, _session_id);
end
$$;
comment on function public.can_manage_module_session(uuid, uuid) is
  'Policy helper: private.can_manage_module_session, of the caller alone: false of others, but for admins and the server.';
revoke execute on function public.can_manage_module_session(uuid, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.can_manage_module_session(uuid, uuid) to anon, authenticated, service_role;
