create or replace function private.readiness_dashboard()
returns table (
  instantiation_id uuid,
  client_user_id uuid,
  client_name text,
  template_id uuid,
  status text,
  started_at timestamptz,
  estimated_completion_date date,
  goals_total bigint,
  goals_completed bigint,
  milestones_total bigint,
  milestones_completed bigint,
  milestones_overdue bigint,
  progress_percentage integer,
  next_milestone text,
  next_milestone_due date
)
language sql
stable
security definer -- staff of a program may not read the paths; the relationship is checked here
set search_path = ''
begin atomic
  select path.id, path.user_id, (select p.name from public.profiles p where p.id = path.user_id),
    path.template_id, path.status, path.started_at, path.estimated_completion_date, goals.total, goals.completed,
    milestones.total, milestones.completed, milestones.overdue,
    case when milestones.total = 0 then 0 else (milestones.completed * 100 / milestones.total)::integer end,
    upcoming.title, upcoming.due_date
  from (
    select every.*
    from public.guided_path_instantiations every
    where (select private.has_role((select auth.uid()), 'admin'))
    union all
    select theirs.*
    from private.staff_clients((select auth.uid())) as client (user_id)
    join public.guided_path_instantiations theirs on theirs.user_id = client.user_id
    where not (select private.has_role((select auth.uid()), 'admin'))
  ) path
  cross join lateral (
    select count(*) as total, count(*) filter (where g.status = 'completed') as completed
    from public.goals g
    where g.instantiation_id = path.id and g.user_id = path.user_id and not g.is_private
  ) goals
  cross join lateral (
    select count(*) as total,
      count(*) filter (where ms.status = 'completed') as completed,
      count(*) filter (where ms.status <> 'completed' and ms.due_date < current_date) as overdue
    from public.goals g
    join public.goal_milestones ms on ms.goal_id = g.id
    where g.instantiation_id = path.id
      and g.user_id = path.user_id
      and not g.is_private
      and not ms.is_private
  ) milestones
  left join lateral (
    select ms.title, ms.due_date
    from public.goals g
    join public.goal_milestones ms on ms.goal_id = g.id
    where g.instantiation_id = path.id
      and g.user_id = path.user_id
      and not g.is_private
      and not ms.is_private
      and ms.status <> 'completed'
    order by ms.due_date nulls last, g.created_at, ms.order_index
    limit 1
  ) upcoming on true
  where path.status in ('active', 'paused')
    and not private.is_disabled((select auth.uid()));
end;
comment on function private.readiness_dashboard() is 'See public.readiness_dashboard.';
revoke execute on function private.readiness_dashboard() from public;
grant execute on function private.readiness_dashboard() to authenticated;

create or replace function public.readiness_dashboard()
returns table (
  instantiation_id uuid,
  client_user_id uuid,
  client_name text,
  template_id uuid,
  status text,
  started_at timestamptz,
  estimated_completion_date date,
  goals_total bigint,
  goals_completed bigint,
  milestones_total bigint,
  milestones_completed bigint,
  milestones_overdue bigint,
  progress_percentage integer,
  next_milestone text,
  next_milestone_due date
)
language sql
stable
set search_path = ''
begin atomic
  select * from private.readiness_dashboard() d order by d.client_name, d.started_at;
end;
comment on function public.readiness_dashboard() is
  'The running guided paths of the clients the caller works with, all for an admin: how far each is, and '
  'what comes next. Nothing that a client marked private.';
revoke execute on function public.readiness_dashboard() from public, anon, authenticated, service_role;
grant execute on function public.readiness_dashboard() to authenticated;
