create table public.goal_milestones (
  id uuid primary key default gen_random_uuid(),
  goal_id uuid not null references public.goals (id) on delete cascade,
  title text not null,
  description text,
  status text not null default 'not_started' check (status in ('not_started', 'in_progress', 'completed')),
  due_date date,
  order_index integer not null,
  created_at timestamptz not null default now(),
  category text,
  is_private boolean not null default false
);

comment on table public.goal_milestones is 'Steps of a goal. There is no completed_at.';

create index goal_milestones_goal_id_idx on public.goal_milestones (goal_id);

alter table public.goal_milestones enable row level security;
revoke all on table public.goal_milestones from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.goal_milestones to authenticated;
grant all on table public.goal_milestones to service_role;

create policy "select" on public.goal_milestones for select to authenticated
  using (
    (select private.is_admin())
    or exists (
      select from public.goals g
      where g.id = goal_milestones.goal_id
        and (
          g.user_id = (select auth.uid())
          or (not goal_milestones.is_private and private.is_assigned_staff(g.user_id))
        )
    )
  );
create policy "insert" on public.goal_milestones for insert to authenticated with check (private.owns_goal(goal_id));
create policy "update" on public.goal_milestones for update to authenticated using (private.owns_goal(goal_id));
create policy "delete" on public.goal_milestones for delete to authenticated using (private.owns_goal(goal_id));
