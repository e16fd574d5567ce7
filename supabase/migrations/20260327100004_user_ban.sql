-- Disabling and enabling a user, by an admin.
--
-- Why: an unknown action deleted; a ban left sessions running; two admins could remove each other;
-- nothing was recorded.
-- Auth keeps the ban, so it is two steps: begin_user_action() → Auth → record_auth_ban().
-- Locks: none on tables. Can be run again.

set lock_timeout = '10s';

do $$
begin
  -- Not dropped and made anew: delete_user() of the next migration answers it too.
  if to_regtype('public.user_action_result') is null then
    create type public.user_action_result as (code text, retry_after integer, done jsonb, left_behind jsonb);
  end if;
end
$$;
comment on type public.user_action_result is
  'code: ok, or why nothing was done. done: table.column → what became of how many rows. left_behind: what somebody has to look at. Both only for a deletion.';

-- Who may -------------------------------------------------------------------------------------------

create or replace function private.admit_user_action(
  p_actor_id uuid, p_session_id uuid, p_user_id uuid, p_now timestamptz
)
returns public.user_action_result
language plpgsql
set search_path = ''
as $$
declare
  v_result public.user_action_result;
begin
  v_result.code := private.admin_refusal(p_actor_id, p_session_id, p_now);
  if v_result.code is not null then
    return v_result;
  end if;
  v_result.retry_after := private.take_attempt('delete-user', p_actor_id, '{10}', '{"1 minute"}', p_now);
  if v_result.retry_after is not null then
    v_result.code := 'rate_limited';
    return v_result;
  end if;
  if p_actor_id = p_user_id then
    v_result.code := 'own_account';
    return v_result;
  end if;

  -- Never the last admin: whoever asks is an enabled one and stays. Where two ask for one another, the
  -- second waits here, and is then no admin any more.
  perform from public.user_roles r where r.role = 'admin' order by r.user_id for update;
  v_result.code := coalesce(
    private.admin_refusal(p_actor_id, p_session_id, p_now),
    case
      when exists (select from auth.users u where u.id = p_user_id and u.deleted_at is null) then 'ok'
      else 'not_found'
    end
  );
  return v_result;
end
$$;
comment on function private.admit_user_action(uuid, uuid, uuid, timestamptz) is
  'Whether an admin may act on this account now; with ok, no other admin does so until the transaction ends. 10 a minute an admin.';
revoke execute on function private.admit_user_action(uuid, uuid, uuid, timestamptz)
  from public, anon, authenticated;

-- Disabling and enabling ----------------------------------------------------------------------------

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
  from public, anon, authenticated;
grant execute on function public.begin_user_action(uuid, uuid, uuid, text, timestamptz) to service_role;

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
  'After Auth was asked to ban or unban: the profile says what Auth says, a disabled user is signed out, and the audit log has it where p_changed. Returns whether the user is disabled.';
revoke execute on function public.record_auth_ban(uuid, uuid, boolean, timestamptz)
  from public, anon, authenticated;
grant execute on function public.record_auth_ban(uuid, uuid, boolean, timestamptz) to service_role;
