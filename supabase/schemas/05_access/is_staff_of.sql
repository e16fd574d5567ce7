create or replace function private.is_staff_of(p_client_id uuid)
returns boolean
language sql
stable
set search_path = ''
as $$
  select p_client_id <> (select auth.uid()) and private.may_see_client(p_client_id)
$$;
comment on function private.is_staff_of(uuid) is
  'Whether the caller may write feedback, grades and notes about the client: a coach or an instructor with '
  'a relationship to the client, and never about oneself.';
revoke execute on function private.is_staff_of(uuid) from public;
grant execute on function private.is_staff_of(uuid) to authenticated, service_role;
