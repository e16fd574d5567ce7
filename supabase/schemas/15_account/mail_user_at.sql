create or replace function private.mail_user_at(
  p_user_id uuid, p_email text, p_template_key text, p_data jsonb default '{}', p_secrets jsonb default null
)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_name text;
  v_mail_id uuid;
begin
  if coalesce(p_email, '') = '' or private.is_disabled(p_user_id) then
    return;
  end if;
  select p.name into v_name from public.profiles p where p.id = p_user_id;
  v_mail_id := private.queue_mail(
    p_email, v_name, p_template_key, jsonb_build_object('user_name', v_name) || p_data, p_secrets
  );
  -- Whose mail it is cannot be told by a former address, or one that is yet to be confirmed.
  update public.email_queue q
  set user_id = p_user_id
  where q.id = v_mail_id and q.user_id is distinct from p_user_id;
end
$$;
comment on function private.mail_user_at(uuid, text, text, jsonb, jsonb) is
  'Mails a user at an address that need not be the profile''s: a former or a future one. Silent for the '
  'disabled.';
revoke execute on function private.mail_user_at(uuid, text, text, jsonb, jsonb) from public;
