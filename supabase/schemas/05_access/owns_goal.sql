create or replace function private.owns_goal(p_goal_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select exists (
    select from public.goals g where g.id = p_goal_id and g.user_id = (select auth.uid())
  )
$$;
comment on function private.owns_goal(uuid) is
  'Whether the goal is the caller''s own.';
revoke execute on function private.owns_goal(uuid) from public;
grant execute on function private.owns_goal(uuid) to authenticated, service_role;
