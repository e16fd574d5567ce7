create or replace function private.verified_email()
returns text
language sql
stable
security definer -- the caller may not read auth.users
set search_path = ''
-- Not begin atomic: it would pin columns of auth.users, which Supabase Auth migrates.
as $$
  select lower(u.email)
  from auth.users u
  where u.id = auth.uid() and u.email_confirmed_at is not null and not private.is_disabled(u.id);
$$;
comment on function private.verified_email() is
  'The caller''s address in lower case, where Auth has seen it confirmed. The one in a token may be out of '
  'date.';
revoke execute on function private.verified_email() from public;
grant execute on function private.verified_email() to authenticated, service_role;
