create or replace function public.handle_new_user()
returns trigger
language plpgsql
security definer -- fired by Supabase Auth, which has no rights on public
set search_path = ''
set lock_timeout = '3s' -- a sign-up does not wait for a migration of profiles: reconcile heals it
as $$
begin
  perform private.create_profile(
    new.id, nullif(new.email, ''), new.raw_user_meta_data,
    private.is_banned(new.banned_until, new.deleted_at, now()), 'handle_new_user'
  );
  return null;
end
$$;
comment on function public.handle_new_user() is
  'Trigger on auth.users: makes the profile of a new user. Never blocks the sign-up.';
revoke execute on function public.handle_new_user() from public, anon, authenticated, service_role;
grant execute on function public.handle_new_user() to service_role;

create or replace trigger on_auth_user_created
  after insert on auth.users for each row
  execute function public.handle_new_user();
