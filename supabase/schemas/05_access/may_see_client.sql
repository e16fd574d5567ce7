create or replace function private.may_see_client(p_client_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select private.staff_has_client_relationship((select auth.uid()), p_client_id)
$$;
comment on function private.may_see_client(uuid) is
  'Whether the caller is a coach or an instructor with a relationship to the client.';
revoke execute on function private.may_see_client(uuid) from public;
grant execute on function private.may_see_client(uuid) to authenticated, service_role;
