create or replace function private.may_change_module_session(p_session_id uuid)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select private.is_staff() and exists (
    select from public.module_sessions s
    where s.id = p_session_id
      and (
        s.instructor_id = (select auth.uid())
        or (
          s.instructor_id is null
          and private.is_module_session_staff((select auth.uid()), s.module_id, s.program_id)
        )
      )
  )
$$;
comment on function private.may_change_module_session(uuid) is
  'Whether the caller is the host of the module session or, where it has none, staff of its module or program.';
revoke execute on function private.may_change_module_session(uuid) from public;
grant execute on function private.may_change_module_session(uuid) to authenticated, service_role;
