create or replace function private.profile_name(p_user_metadata jsonb, p_email text)
returns text
language sql
immutable
set search_path = ''
begin atomic
  select coalesce(
    nullif(btrim(p_user_metadata ->> 'name'), ''),
    nullif(btrim(p_user_metadata ->> 'full_name'), ''), -- as OAuth providers give it
    nullif(translate(split_part(p_email, '@', 1), '.', ' '), ''), -- a dot would look like an address
    'User'
  );
end;
comment on function private.profile_name(jsonb, text) is
  'The name of a new profile: from the user''s metadata, else the local part of the address, its dots as '
  'spaces, else User.';
revoke execute on function private.profile_name(jsonb, text) from public;
