create or replace function public.create_notification(
  p_user_id uuid,
  p_type_key text,
  p_title text,
  p_message text default null,
  p_link text default null,
  p_metadata jsonb default '{}'
)
returns uuid
language sql
security definer -- private.tell is nobody's to call
set search_path = ''
as $$
  select told.id
  from private.tell(array[p_user_id], p_type_key, p_title, p_message, p_link, p_metadata) as told (id);
$$;
comment on function public.create_notification(uuid, text, text, text, text, jsonb) is
  'Tells one user one thing: private.tell without a rule against repetition. Null when nothing is shown in '
  'the app.';
revoke execute on function public.create_notification(uuid, text, text, text, text, jsonb)
  from public, anon, authenticated, service_role;
grant execute on function public.create_notification(uuid, text, text, text, text, jsonb) to service_role;
