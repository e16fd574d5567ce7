create or replace function private.sync_profile(p_user_id uuid, p_old_email text, p_now timestamptz)
returns void
language plpgsql
set search_path = ''
as $$
begin
  update public.profiles p
  set email = a.email, username = a.username, is_disabled = a.is_disabled
  from (
    select
      u.id,
      nullif(u.email, '') as email,
      case
        when lower(held.username) in (lower(p_old_email), lower(held.email))
          and lower(held.username) is distinct from lower(u.email)
        then private.username_for(u.id, nullif(u.email, ''))
        else held.username
      end as username,
      private.is_banned(u.banned_until, u.deleted_at, p_now) as is_disabled
    from auth.users u
    join public.profiles held on held.id = u.id
    where u.id = p_user_id
  ) a
  where p.id = a.id
    and (p.email, p.username, p.is_disabled) is distinct from (a.email, a.username, a.is_disabled);
exception
  when unique_violation then -- somebody's profile holds an address that is not theirs
    perform public.reconcile_auth_profiles(p_now);
end
$$;
comment on function private.sync_profile(uuid, text, timestamptz) is
  'Makes one profile say what auth.users says: address, a username that held the old one, disabled. The '
  'trigger has mostly done so already; then nothing is written.';
revoke execute on function private.sync_profile(uuid, text, timestamptz) from public;
