create or replace function public.get_user_notification_preference(p_user_id uuid, p_type_key text)
returns table (email_enabled boolean, in_app_enabled boolean, is_critical boolean)
language sql
stable
set search_path = ''
as $$
  select
    coalesce(t.is_critical, false) or coalesce(
      p.email_enabled, (to_jsonb(general) ->> t.preference)::boolean, t.default_email_enabled, true
    ),
    coalesce(t.is_critical, false) or coalesce(p.in_app_enabled, t.default_in_app_enabled, true),
    coalesce(t.is_critical, false)
  from public.notification_types t
  left join public.user_notification_preferences p
    on p.notification_type_id = t.id and p.user_id = p_user_id
  left join public.notification_preferences general
    on general.user_id = p_user_id and t.preference is not null
  where t.key = p_type_key and t.is_active;
$$;
comment on function public.get_user_notification_preference(uuid, text) is
  'How a user wants to hear of a type of notification: both ways if critical, else own choice, else for '
  'mails the general preference, else the type''s default. No row for an unknown or inactive type.';
revoke execute on function public.get_user_notification_preference(uuid, text)
  from public, anon, authenticated, service_role;
grant execute on function public.get_user_notification_preference(uuid, text) to authenticated, service_role;
