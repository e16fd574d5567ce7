create table public.goal_comments (
  id uuid primary key default gen_random_uuid(),
  goal_id uuid not null references public.goals (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  comment text not null,
  created_at timestamptz not null default now(),
  is_private boolean not null default false,
  constraint goal_comments_texts_check check (char_length(comment) <= 5000)
);

comment on table public.goal_comments is 'Comments on a goal.';

create index goal_comments_goal_id_idx on public.goal_comments (goal_id);
create index goal_comments_user_id_idx on public.goal_comments (user_id);

alter table public.goal_comments enable row level security;
revoke all on table public.goal_comments from public, anon, authenticated, service_role;
grant select, insert (goal_id, user_id, comment), delete on table public.goal_comments to authenticated;
grant all on table public.goal_comments to service_role;

-- As private as the goal, whose own policy answers in the subqueries.
create policy "select" on public.goal_comments for select to authenticated
  using (
    user_id = (select auth.uid())
    or exists (
      select from public.goals g
      where g.id = goal_comments.goal_id
        and (not goal_comments.is_private or g.user_id = (select auth.uid()) or (select private.is_admin()))
    )
  );
create policy "insert" on public.goal_comments for insert to authenticated
  with check (
    user_id = (select auth.uid())
    and exists (select from public.goals g where g.id = goal_comments.goal_id)
  );
create policy "delete" on public.goal_comments for delete to authenticated using (user_id = (select auth.uid()));
