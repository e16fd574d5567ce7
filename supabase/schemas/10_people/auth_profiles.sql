create or replace function private.auth_profiles(p_now timestamptz)
returns table (user_id uuid, email text, name text, is_disabled boolean, is_deleted boolean)
language sql
stable
set search_path = ''
as $$
  select
    u.id,
    -- A single sign-on user may share the address of another; it is the latter's.
    case
      when row_number() over (
        partition by lower(u.email) order by u.is_sso_user, u.created_at, u.id
      ) = 1 then nullif(u.email, '')
    end,
    private.profile_name(u.raw_user_meta_data, nullif(u.email, '')),
    private.is_banned(u.banned_until, u.deleted_at, p_now),
    u.deleted_at is not null
  from auth.users u;
$$;
comment on function private.auth_profiles(timestamptz) is
  'What profiles should say of every user of auth.users at that instant.';
revoke execute on function private.auth_profiles(timestamptz) from public;
