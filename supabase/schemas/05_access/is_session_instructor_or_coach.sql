create or replace function private.is_session_instructor_or_coach(_session_id uuid, _user_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select private.is_coach_or_instructor(_user_id) and exists (
    select from public.session_participants p
    join public.client_coaches c on c.client_id = p.user_id
    where p.session_id = _session_id and c.coach_id = _user_id
  );
$$;
comment on function private.is_session_instructor_or_coach(uuid, uuid) is
  'Whether the user, being staff, coaches a participant of the free-standing session. NB session first, user '
  'second.';
revoke execute on function private.is_session_instructor_or_coach(uuid, uuid) from public;
grant execute on function private.is_session_instructor_or_coach(uuid, uuid)
  to authenticated, service_role;

create or replace function public.is_session_instructor_or_coach(p_session_id uuid, p_user_id uuid)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  if not private.may_ask_about(p_user_id) then
    return false;
  end if;
  return private.is_session_instructor_or_coach(p_session_id, p_user_id);
end
$$;
comment on function public.is_session_instructor_or_coach(uuid, uuid) is
  'Policy helper: private.is_session_instructor_or_coach, of the caller alone: false of others, but for admins and the server.';
revoke execute on function public.is_session_instructor_or_coach(uuid, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.is_session_instructor_or_coach(uuid, uuid)
  to anon, authenticated, service_role;
