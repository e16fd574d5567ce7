create or replace function private.goals_shared_with_caller()
returns setof uuid
language plpgsql
stable
rows 20
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
declare
  v_shares regclass := to_regclass('public.goal_shares'); -- the web app's own, which is not in these schemas
begin
  if v_shares is null then
    return;
  end if;
  return query execute format(
    'select g.id from %s s '
    'join public.goals g on g.id = s.goal_id and g.user_id = s.shared_by_user_id '
    'where s.shared_with_user_id = $1',
    v_shares
  ) using auth.uid();
end
$$;
comment on function private.goals_shared_with_caller() is
  'The goals that their owners have shared with the caller; none where there is no table goal_shares. In a '
  'policy as in (select …): once a statement.';
revoke execute on function private.goals_shared_with_caller() from public;
grant execute on function private.goals_shared_with_caller() to authenticated, service_role;
