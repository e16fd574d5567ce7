create or replace function public.reconcile_auth_profiles(p_now timestamptz default now())
returns table (user_id uuid, healed text)
language plpgsql
security definer -- service_role may not read auth.users
set search_path = ''
as $$
declare
  v_wrong_email uuid[];
  v_wrong_username uuid[];
begin
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('reconcile_auth_profiles'));

  -- An address can only be given once it is free: first take it from everyone who should not have it.
  select array_agg(p.id), array_agg(p.id) filter (where lower(p.username) = lower(p.email))
  into v_wrong_email, v_wrong_username
  from private.auth_profiles(p_now) a
  join public.profiles p on p.id = a.user_id
  where p.email is distinct from a.email;

  update public.profiles p
  set email = null,
    username = case when p.id = any (v_wrong_username) then null else p.username end
  where p.id = any (v_wrong_email) and p.email is not null;

  return query
  insert into public.profiles as p (id, name, username, email, is_disabled)
  select a.user_id, a.name, private.username_for(a.user_id, a.email), a.email, a.is_disabled
  from private.auth_profiles(p_now) a
  where not a.is_deleted and not exists (select from public.profiles e where e.id = a.user_id)
  on conflict (id) do nothing
  returning p.id, 'created';

  return query
  with given as (
    update public.profiles p
    set email = a.email,
      username = case
        when p.id = any (v_wrong_username) then private.username_for(p.id, a.email) else p.username
      end
    from private.auth_profiles(p_now) a
    where p.id = any (v_wrong_email) and a.user_id = p.id
    returning p.id
  )
  select g.id, 'email' from given g
  union all
  select g.id, 'username' from given g where g.id = any (v_wrong_username);

  return query
  update public.profiles p
  set is_disabled = a.is_disabled
  from private.auth_profiles(p_now) a
  where a.user_id = p.id and p.is_disabled is distinct from a.is_disabled
  returning p.id, 'is_disabled';
end
$$;
comment on function public.reconcile_auth_profiles(timestamptz) is
  'Heals every difference between auth.users and profiles and returns what it healed (created, email, '
  'username, is_disabled); nothing on a sound database.';
revoke execute on function public.reconcile_auth_profiles(timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.reconcile_auth_profiles(timestamptz) to service_role;
