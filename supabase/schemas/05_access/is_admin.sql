create or replace function private.is_admin()
returns boolean
language sql
stable
set search_path = ''
as $$ select private.has_role((select auth.uid()), 'admin') $$;
comment on function private.is_admin() is
  'Whether the caller is a platform admin. In a policy as (select private.is_admin()): once a statement.';
revoke execute on function private.is_admin() from public;
grant execute on function private.is_admin() to authenticated, service_role;
