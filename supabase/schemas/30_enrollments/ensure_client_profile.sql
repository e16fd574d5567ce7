create or replace function public.ensure_client_profile()
returns trigger
language plpgsql
security definer -- whoever enrols somebody need not be allowed to write client_profiles
set search_path = ''
as $$
begin
  insert into public.client_profiles (user_id) values (new.client_user_id) on conflict (user_id) do nothing;
  return null;
exception
  when others then
    perform private.record_trigger_failure('ensure_client_profile', new.client_user_id, sqlstate, sqlerrm);
    return null;
end
$$;
comment on function public.ensure_client_profile() is
  'Trigger on client_enrollments: whoever is enrolled has a client profile.';
revoke execute on function public.ensure_client_profile() from public, anon, authenticated, service_role;
grant execute on function public.ensure_client_profile() to service_role;
