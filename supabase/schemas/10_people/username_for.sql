create or replace function private.username_for(p_user_id uuid, p_email text)
returns text
language sql
stable
set search_path = ''
begin atomic
  select p_email
  -- the address form of the check on profiles.username
  where p_email ~ '^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$'
    and not exists (
      select from public.profiles p where p.username = p_email and p.id <> p_user_id
    );
end;
comment on function private.username_for(uuid, text) is
  'The address as this user''s username, or null where profiles would refuse it or another profile holds '
  'it.';
revoke execute on function private.username_for(uuid, text) from public;
