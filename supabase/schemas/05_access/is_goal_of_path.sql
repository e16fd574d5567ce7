create or replace function private.is_goal_of_path(p_template_goal_id uuid, p_instantiation_id uuid)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select exists (
    select from public.guided_path_instantiations i
    where i.id = p_instantiation_id
      and i.user_id = (select auth.uid())
      and (
        p_template_goal_id is null
        or exists (
          select from public.guided_path_template_goals t
          where t.id = p_template_goal_id and t.template_id = i.template_id
        )
      )
  )
$$;
comment on function private.is_goal_of_path(uuid, uuid) is
  'Whether the guided path is the caller''s own, and the template goal, if any, one of its template''s.';
revoke execute on function private.is_goal_of_path(uuid, uuid) from public;
grant execute on function private.is_goal_of_path(uuid, uuid) to authenticated, service_role;
