create or replace function public.create_default_notification_preferences()
returns trigger
language plpgsql
security definer -- fired by Supabase Auth, which has no rights on public
set search_path = ''
set lock_timeout = '3s'
as $$
begin
  insert into public.notification_preferences (user_id) values (new.id) on conflict (user_id) do nothing;
  return null;
exception
  when others then -- a missing row reads as the defaults
    perform private.record_trigger_failure(
      'create_default_notification_preferences', new.id, sqlstate, sqlerrm
    );
    return null;
end
$$;
comment on function public.create_default_notification_preferences() is
  'Trigger on auth.users: the mail preferences of a new user. Never blocks the sign-up.';
revoke execute on function public.create_default_notification_preferences()
  from public, anon, authenticated, service_role;
grant execute on function public.create_default_notification_preferences() to service_role;

create or replace trigger on_auth_user_created_notification_preferences
  after insert on auth.users for each row
  execute function public.create_default_notification_preferences();
