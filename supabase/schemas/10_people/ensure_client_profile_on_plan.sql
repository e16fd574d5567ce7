create or replace function public.ensure_client_profile_on_plan()
returns trigger
language plpgsql
security definer -- whoever sets a plan need not be allowed to write client_profiles
set search_path = ''
as $$
begin
  insert into public.client_profiles (user_id)
  select r.user_id from public.user_roles r where r.user_id = new.id and r.role = 'client'
  on conflict (user_id) do nothing;
  return null;
exception
  when others then
    perform private.record_trigger_failure('ensure_client_profile_on_plan', new.id, sqlstate, sqlerrm);
    return null;
end
$$;
comment on function public.ensure_client_profile_on_plan() is
  'Trigger on profiles: a client whose plan changes has a client profile.';
revoke execute on function public.ensure_client_profile_on_plan()
  from public, anon, authenticated, service_role;
grant execute on function public.ensure_client_profile_on_plan() to service_role;
