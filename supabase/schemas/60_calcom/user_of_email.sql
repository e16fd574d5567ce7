create or replace function private.user_of_email(p_email text)
returns uuid
language sql
stable
set search_path = ''
begin atomic
  select p.id from public.profiles p where lower(p.email) = lower(btrim(p_email)) limit 1;
end;
comment on function private.user_of_email(text) is
  'Whose address it is, whatever its case; profiles.email is unique.';
revoke execute on function private.user_of_email(text) from public;
