create or replace function private.is_banned(
  p_banned_until timestamptz, p_deleted_at timestamptz, p_now timestamptz
)
returns boolean
language sql
immutable
set search_path = ''
as $$
  select coalesce(p_banned_until > p_now, false) or p_deleted_at is not null;
$$;
comment on function private.is_banned(timestamptz, timestamptz, timestamptz) is
  'What auth.users says of a person: banned at that instant, or (softly) deleted for ever.';
revoke execute on function private.is_banned(timestamptz, timestamptz, timestamptz) from public;

create or replace function private.is_disabled(p_user_id uuid, p_now timestamptz default now())
returns boolean
language sql
stable
security definer -- the caller may not read auth.users
set search_path = ''
-- Not begin atomic, here and below: it would pin columns of auth.users, which Supabase Auth migrates.
as $$
  select coalesce(
    (
      select case
        when u.banned_until is null and u.deleted_at is null then p.is_disabled
        else private.is_banned(u.banned_until, u.deleted_at, p_now)
      end
      from public.profiles p
      join auth.users u on u.id = p.id
      where p.id = p_user_id
    ),
    false
  );
$$;
comment on function private.is_disabled(uuid, timestamptz) is
  'Whether this person may neither sign in nor be written to. A ban counts until the instant it ends, '
  'whatever the flag in profiles still says.';
revoke execute on function private.is_disabled(uuid, timestamptz) from public;
grant execute on function private.is_disabled(uuid, timestamptz) to authenticated, service_role;
