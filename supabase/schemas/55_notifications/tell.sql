create or replace function private.tell(
  p_user_ids uuid[],
  p_type_key text,
  p_title text,
  p_message text default null,
  p_link text default null,
  p_metadata jsonb default '{}',
  p_dedupe_key text default null
)
returns setof uuid
language plpgsql
set search_path = ''
as $$
declare
  v_type public.notification_types;
  v_actor_id constant uuid := private.mail_actor();
  v_metadata jsonb := coalesce(nullif(p_metadata, 'null'), '{}');
begin
  select t.* into v_type
  from public.notification_types t
  where t.key = p_type_key and t.is_active;
  if not found then
    raise exception 'Invalid notification type: %', p_type_key using errcode = 'invalid_parameter_value';
  end if;

  return query
  with person as (
    select p.id, p.name, p.email, preference.email_enabled, preference.in_app_enabled
    from public.profiles p
    cross join lateral public.get_user_notification_preference(p.id, p_type_key) preference
    where p.id = any (p_user_ids)
      and private.is_reachable(p.id)
  ),
  shown as (
    insert into public.notifications (
      user_id, notification_type_id, title, message, link, metadata, dedupe_key
    )
    select person.id, v_type.id, p_title, p_message, p_link, v_metadata, p_dedupe_key
    from person
    where person.in_app_enabled
    order by person.id -- two transactions that tell the same people wait for one another, in one order
    on conflict (user_id, dedupe_key) where dedupe_key is not null do nothing
    returning id, user_id
  ),
  mailable as (
    select shown.id as notification_id, person.*, nullif(v_actor_id, person.id) as actor_id,
      row_number() over (order by lower(person.email)) as place
    from person
    left join shown on shown.user_id = person.id
    where person.email_enabled
      and person.email is not null
      and v_type.email_template_key is not null
  ),
  mailed as (
    insert into public.email_queue (
      notification_id, user_id, recipient_email, recipient_name, template_key, template_data, dedupe_key,
      actor_id, status, error_message
    )
    select m.notification_id, m.id, m.email, private.without_web_addresses(m.name),
      v_type.email_template_key,
      private.values_without_web_addresses(jsonb_build_object(
        'title', p_title, 'message', p_message, 'link', p_link, 'user_name', m.name
      ) || v_metadata),
      p_dedupe_key,
      m.actor_id,
      case when budget.is_left then 'pending' else 'suppressed' end,
      case when not budget.is_left then 'who caused it is over the budget of mails' end
    from mailable m
    cross join lateral (
      select private.may_mail(m.actor_id, m.email, m.place - 1) as is_left
    ) budget
    order by m.place
    on conflict (lower(recipient_email), dedupe_key) where dedupe_key is not null do nothing
  )
  select shown.id from shown;
end
$$;
comment on function private.tell(uuid[], text, text, text, text, jsonb, text) is
  'Tells people one thing, in the app and by mail, as each one''s preferences and the type allow, and each '
  'at most once for one p_dedupe_key. Silent for disabled people and inactive clients. The ids of the '
  'notifications made. A mail beyond what private.may_mail() allows the caller is queued as suppressed. Raises 22023 for an unknown or inactive type.';
revoke execute on function private.tell(uuid[], text, text, text, text, jsonb, text) from public;
