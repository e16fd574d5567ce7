create or replace function private.queue_mail(
  p_recipient_email text,
  p_recipient_name text,
  p_template_key text,
  p_data jsonb default '{}',
  p_secrets jsonb default null,
  p_dedupe_key text default null,
  p_scheduled_for timestamptz default now(),
  p_for_user_id uuid default auth.uid()
)
returns uuid
language plpgsql
set search_path = ''
as $$
declare
  v_user_id uuid;
  v_actor_id uuid := private.mail_actor(p_for_user_id);
  v_is_left boolean;
  v_id uuid;
begin
  select p.id into v_user_id
  from public.profiles p
  where lower(p.email) = lower(p_recipient_email)
  order by p.id
  limit 1;
  if v_user_id is not null and not private.is_reachable(v_user_id) then
    return null;
  end if;

  v_actor_id := nullif(v_actor_id, v_user_id);
  v_is_left := private.may_mail(v_actor_id, p_recipient_email, 0);
  insert into public.email_queue (
    user_id, recipient_email, recipient_name, template_key, template_data, dedupe_key, scheduled_for,
    actor_id, status, error_message
  )
  values (
    v_user_id, p_recipient_email, private.without_web_addresses(p_recipient_name), p_template_key,
    private.values_without_web_addresses(coalesce(p_data, '{}')), p_dedupe_key, p_scheduled_for, v_actor_id,
    case when v_is_left then 'pending' else 'suppressed' end,
    case when not v_is_left then 'who caused it is over the budget of mails' end
  )
  on conflict (lower(recipient_email), dedupe_key) where dedupe_key is not null do nothing
  returning id into v_id;

  if v_id is not null and v_is_left and p_secrets is not null then
    insert into private.email_secrets (email_id, data) values (v_id, p_secrets);
  end if;
  return v_id;
end
$$;
comment on function private.queue_mail(text, text, text, jsonb, jsonb, text, timestamptz, uuid) is
  'Queues one mail to an address. Null, and nothing queued, when it belongs to a disabled person or '
  'inactive client, or when p_dedupe_key was mailed there before. Beyond what private.may_mail() allows the '
  'caller, or the person for whom the server acts, it is queued as suppressed, without its secrets. p_secrets: '
  'template values that are credentials.';
revoke execute on function private.queue_mail(text, text, text, jsonb, jsonb, text, timestamptz, uuid) from public;
