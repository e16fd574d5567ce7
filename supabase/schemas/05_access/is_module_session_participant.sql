create or replace function private.is_module_session_participant(p_session_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select exists (
    select from public.module_session_participants p
    where p.session_id = p_session_id and p.user_id = (select auth.uid())
  )
$$;
comment on function private.is_module_session_participant(uuid) is
  'Whether the caller is a participant of the module session.';
revoke execute on function private.is_module_session_participant(uuid) from public;
grant execute on function private.is_module_session_participant(uuid) to authenticated, service_role;
