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
  'Whether an admin may act on this account now; with ok, no other admin does so until the transaction '
  'ends. 10 a minute an admin.';
revoke execute on function private.admit_user_action(uuid, uuid, uuid, timestamptz) from public;
