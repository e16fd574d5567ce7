create or replace function public.sync_auth_to_profiles()
returns trigger
language plpgsql
security definer -- fired by Supabase Auth, which has no rights on public
set search_path = ''
set lock_timeout = '3s' -- a login does not wait for a migration of profiles: reconcile heals it
as $$
declare
  v_email text := nullif(new.email, '');
  v_is_disabled boolean := private.is_banned(new.banned_until, new.deleted_at, now());
  v_username text;
  v_profile public.profiles;
begin
  begin
    select p.* into v_profile from public.profiles p where p.id = new.id for update;
    if not found then
      perform private.create_profile(
        new.id, v_email, new.raw_user_meta_data, v_is_disabled, 'sync_auth_to_profiles'
      );
      return null;
    end if;

    -- A username that held the old address follows; left behind, it would block the next owner.
    v_username := v_profile.username;
    if lower(v_username) in (lower(old.email), lower(v_profile.email))
      and lower(v_username) is distinct from lower(v_email)
    then
      v_username := private.username_for(new.id, v_email);
    end if;

    if (v_profile.email, v_profile.username, v_profile.is_disabled)
      is distinct from (v_email, v_username, v_is_disabled)
    then
      update public.profiles
      set email = v_email, username = v_username, is_disabled = v_is_disabled
      where id = new.id;
    end if;
    return null;
  exception
    when others then
      perform private.record_trigger_failure('sync_auth_to_profiles', new.id, sqlstate, sqlerrm);
  end;

  -- A ban must not hang on an address that clashes.
  begin
    update public.profiles set is_disabled = v_is_disabled
    where id = new.id and is_disabled is distinct from v_is_disabled;
  exception
    when others then
      perform private.record_trigger_failure('sync_auth_to_profiles', new.id, sqlstate, sqlerrm);
  end;
  return null;
end
$$;
comment on function public.sync_auth_to_profiles() is
  'Trigger on auth.users: copies a changed address, a ban and a soft deletion to profiles. Writes nothing '
  'where nothing differs; never blocks its cause.';
revoke execute on function public.sync_auth_to_profiles() from public, anon, authenticated, service_role;
grant execute on function public.sync_auth_to_profiles() to service_role;

create or replace trigger on_auth_user_updated
  after update on auth.users for each row
  when (
    old.email is distinct from new.email
    or old.banned_until is distinct from new.banned_until
    or old.deleted_at is distinct from new.deleted_at
  )
  execute function public.sync_auth_to_profiles();
