create or replace function private.display_name(p_user_id uuid)
returns text
language sql
stable
security definer -- who sees a row may know whose it is, even where the profile is not theirs to read
set search_path = ''
as $$
  select p.name from public.profiles p where p.id = p_user_id;
$$;
comment on function private.display_name(uuid) is
  'The name of a person, for those who already have the id from a row they may see.';
revoke execute on function private.display_name(uuid) from public;
grant execute on function private.display_name(uuid) to authenticated, service_role;
