create or replace function public.begin_user_action(
  p_actor_id uuid, p_session_id uuid, p_user_id uuid, p_action text, p_now timestamptz default now()
)
returns public.user_action_result
language plpgsql
security definer -- writes profiles and the audit log
set search_path = ''
as $$
declare
  v_result public.user_action_result;
begin
  if p_action is null or p_action not in ('disable', 'enable') then
    raise exception 'neither disable nor enable' using errcode = 'invalid_parameter_value';
  end if;
  v_result := private.admit_user_action(p_actor_id, p_session_id, p_user_id, p_now);
  if v_result.code = 'ok' then
    perform private.audit(p_actor_id, p_action || '_user', p_user_id, 'asked');
    if p_action = 'disable' then
      -- From here on an admin who is being disabled disables nobody. record_auth_ban() makes it what Auth says.
      update public.profiles p set is_disabled = true where p.id = p_user_id and not p.is_disabled;
    end if;
  end if;
  return v_result;
end
$$;
comment on function public.begin_user_action(uuid, uuid, uuid, text, timestamptz) is
  'Before Auth disables or enables (p_action) a user for an admin. Goes into the audit log.';
revoke execute on function public.begin_user_action(uuid, uuid, uuid, text, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.begin_user_action(uuid, uuid, uuid, text, timestamptz) to service_role;
