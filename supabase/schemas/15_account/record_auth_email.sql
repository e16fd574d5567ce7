create or replace function public.record_auth_email(
  p_user_id uuid,
  p_actor_id uuid,
  p_old_email text,
  p_request_id uuid default null,
  p_claim_id uuid default null,
  p_now timestamptz default now()
)
returns text
language plpgsql
security definer -- nobody may write these columns
set search_path = ''
as $$
declare
  v_session_id uuid;
  v_new_email text;
  v_template_key text := case when p_actor_id = p_user_id then 'email_changed' else 'email_changed_by_admin' end;
begin
  if p_request_id is not null then
    update public.email_change_requests r
    set verified_at = p_now
    where r.id = p_request_id and r.claim_id = p_claim_id and r.verified_at is null
    returning r.session_id into v_session_id;
    if not found then
      return 'already_verified';
    end if;
  else -- an address that an admin has set ends what the user asked for
    delete from public.email_change_requests r where r.user_id = p_user_id and r.verified_at is null;
  end if;

  perform private.sync_profile(p_user_id, p_old_email, p_now);
  perform private.end_sessions(p_user_id, v_session_id);

  select p.email into v_new_email from public.profiles p where p.id = p_user_id;
  perform private.audit(
    p_actor_id, 'email_changed', p_user_id, 'done',
    jsonb_build_object('old_email', p_old_email, 'new_email', v_new_email)
  );
  perform private.mail_user_at(
    p_user_id, address.email, v_template_key,
    jsonb_build_object('old_email', p_old_email, 'new_email', v_new_email)
  )
  from unnest(array[p_old_email, v_new_email]) as address (email)
  -- who has confirmed the new address need not be told there
  where p_request_id is null or address.email = p_old_email;
  return 'ok';
end
$$;
comment on function public.record_auth_email(uuid, uuid, text, uuid, uuid, timestamptz) is
  'After Auth has changed an address: the profile, the end of the other sessions, the audit log, the '
  'notices and, where it was confirmed by a link, the request. ok, or already_verified and nothing done.';
revoke execute on function public.record_auth_email(uuid, uuid, text, uuid, uuid, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.record_auth_email(uuid, uuid, text, uuid, uuid, timestamptz) to service_role;
