create or replace function private.is_session_participant(_session_id uuid, _user_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select from public.session_participants p
    where p.session_id = _session_id and p.user_id = _user_id
  );
$$;
comment on function private.is_session_participant(uuid, uuid) is
  'Whether the user takes part in the free-standing session. NB session first, user second.';
revoke execute on function private.is_session_participant(uuid, uuid) from public;
grant execute on function private.is_session_participant(uuid, uuid) to anon, authenticated, service_role;

create or replace function public.is_session_participant(p_session_id uuid, p_user_id uuid)
returns boolean
language sql
stable
set search_path = ''
as $$ select private.is_session_participant($1, $2) $$;
comment on function public.is_session_participant(uuid, uuid) is
  'Policy helper: private.is_session_participant, with the caller''s rights.';
revoke execute on function public.is_session_participant(uuid, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.is_session_participant(uuid, uuid) to anon, authenticated, service_role;
