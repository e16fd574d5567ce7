create or replace function private.caller_clients()
returns setof uuid
language sql
stable
rows 20 -- a caseload, where the planner would think of a thousand
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select private.staff_clients((select auth.uid()))
$$;
comment on function private.caller_clients() is
  'Everybody for whom private.may_see_client holds, in one go. In a policy as in (select …): once a statement.';
revoke execute on function private.caller_clients() from public;
grant execute on function private.caller_clients() to authenticated, service_role;
