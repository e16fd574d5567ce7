create or replace function public.record_auth_ban(
  p_user_id uuid, p_actor_id uuid, p_changed boolean, p_now timestamptz default now()
)
returns boolean
language plpgsql
security definer -- nobody may write these columns
set search_path = ''
as $$
declare
  v_is_disabled boolean;
begin
  perform private.sync_profile(p_user_id, null, p_now);
  v_is_disabled := private.is_disabled(p_user_id, p_now);
  if v_is_disabled then
    perform private.end_sessions(p_user_id);
  end if;
  if p_changed then
    perform private.audit(
      p_actor_id, case when v_is_disabled then 'disable_user' else 'enable_user' end, p_user_id, 'done'
    );
  end if;
  return v_is_disabled;
end
$$;
comment on function public.record_auth_ban(uuid, uuid, boolean, timestamptz) is
  'After Auth was asked to ban or unban: the profile says what Auth says, a disabled user is signed out, '
  'and the audit log has it where p_changed. Returns whether the user is disabled.';
revoke execute on function public.record_auth_ban(uuid, uuid, boolean, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.record_auth_ban(uuid, uuid, boolean, timestamptz) to service_role;
