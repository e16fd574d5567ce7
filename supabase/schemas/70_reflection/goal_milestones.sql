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
  is_private boolean not null default false,
  constraint goal_milestones_texts_check check (char_length(title) <= 300 and char_length(description) <= 5000),
  constraint goal_milestones_times_check check (due_date between '2000-01-01' and '2100-01-01')
);

comment on table public.goal_milestones is 'Steps of a goal. There is no completed_at.';

create index goal_milestones_goal_id_idx on public.goal_milestones (goal_id);

alter table public.goal_milestones enable row level security;
revoke all on table public.goal_milestones from public, anon, authenticated, service_role;
grant select, delete,
  insert (goal_id, title, description, status, due_date, order_index, is_private),
  update (title, description, status, due_date, order_index, is_private)
  on table public.goal_milestones to authenticated;
grant all on table public.goal_milestones to service_role;

-- As private as the goal, whose own policy answers in the subquery.
create policy "select" on public.goal_milestones for select to authenticated
  using (
    exists (
      select from public.goals g
      where g.id = goal_milestones.goal_id
        and (not goal_milestones.is_private or g.user_id = (select auth.uid()) or (select private.is_admin()))
    )
  );
create policy "insert" on public.goal_milestones for insert to authenticated with check (private.owns_goal(goal_id));
create policy "update" on public.goal_milestones for update to authenticated using (private.owns_goal(goal_id));
create policy "delete" on public.goal_milestones for delete to authenticated using (private.owns_goal(goal_id));
