create or replace function private.lift_lapsed_bans(p_now timestamptz default now())
returns integer
language sql
set search_path = ''
as $$
  with lifted as (
    update public.profiles p
    set is_disabled = false
    from auth.users u
    where p.is_disabled
      and u.id = p.id
      and u.banned_until <= p_now
      and u.deleted_at is null
    returning p.id
  )
  select count(*)::integer from lifted;
$$;
comment on function private.lift_lapsed_bans(timestamptz) is
  'Clears profiles.is_disabled where a ban has run out: Auth lets the person in again without updating '
  'auth.users. pg_cron calls it every minute. Returns how many.';
revoke execute on function private.lift_lapsed_bans(timestamptz) from public;
