create or replace function private.is_staff()
returns boolean
language sql
stable
security definer -- user_roles shows callers their own rows only, under a policy that asks for a role
set search_path = ''
as $$
  select exists (
    select from public.user_roles r
    where r.user_id = (select auth.uid()) and r.role in ('coach', 'instructor')
  )
$$;
comment on function private.is_staff() is
  'Whether the caller is a coach or an instructor. In a policy as (select private.is_staff()): once a statement.';
revoke execute on function private.is_staff() from public;
grant execute on function private.is_staff() to authenticated, service_role;
