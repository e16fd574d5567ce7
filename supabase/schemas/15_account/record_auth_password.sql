create or replace function public.record_auth_password(p_user_id uuid, p_actor_id uuid)
returns void
language plpgsql
security definer -- writes the audit log
set search_path = ''
as $$
begin
  perform private.end_sessions(p_user_id);
  perform private.audit(p_actor_id, 'password_changed', p_user_id, 'done');
  perform private.mail_user_at(
    p_user_id, p.email,
    case when p_actor_id = p_user_id then 'password_changed' else 'password_changed_by_admin' end
  )
  from public.profiles p
  where p.id = p_user_id;
end
$$;
comment on function public.record_auth_password(uuid, uuid) is
  'After Auth has changed a password: the end of every session, the audit log and the notice.';
revoke execute on function public.record_auth_password(uuid, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.record_auth_password(uuid, uuid) to service_role;
