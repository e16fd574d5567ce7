create or replace function public.create_default_ai_preferences()
returns trigger
language plpgsql
security definer -- fired in the name of whoever makes the profile
set search_path = ''
as $$
begin
  insert into public.ai_preferences (user_id) values (new.id) on conflict (user_id) do nothing;
  return null;
exception
  when others then -- a missing row reads as no consent
    perform private.record_trigger_failure('create_default_ai_preferences', new.id, sqlstate, sqlerrm);
    return null;
end
$$;
comment on function public.create_default_ai_preferences() is
  'Trigger on profiles: the AI preferences of a new user, both off. Never blocks the sign-up.';
revoke execute on function public.create_default_ai_preferences()
  from public, anon, authenticated, service_role;
grant execute on function public.create_default_ai_preferences() to service_role;
