create or replace function private.can_manage_module_session(_user_id uuid, _session_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select private.has_role(_user_id, 'admin') or exists (
    select from public.module_sessions s
    where s.id = _session_id
      and (
        (s.instructor_id = _user_id and private.is_coach_or_instructor(_user_id))
        or private.is_module_session_staff(_user_id, s.module_id, s.program_id)
      )
  );
$$;
comment on function private.can_manage_module_session(uuid, uuid) is
  'Whether the user is an admin or, being a coach or an instructor, the host of the module session or staff of '
  'its module or programme.';
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
