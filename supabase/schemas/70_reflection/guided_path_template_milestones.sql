create table public.guided_path_template_milestones (
  id uuid primary key default gen_random_uuid(),
  template_goal_id uuid not null references public.guided_path_template_goals (id) on delete cascade,
  title text not null,
  description text,
  order_index integer not null default 0,
  recommended_days_min integer,
  recommended_days_max integer,
  created_at timestamptz not null default now(),
  recommended_days_optimal integer,
  constraint guided_path_template_milestones_texts_check check (char_length(title) <= 300 and char_length(description) <= 5000)
);

comment on table public.guided_path_template_milestones is
  'The milestones of a guided path''s goals, with recommended days.';

alter table public.guided_path_template_milestones enable row level security;
revoke all on table public.guided_path_template_milestones from public, anon, authenticated, service_role;
grant select, delete,
  insert (
    template_goal_id, title, description, order_index, recommended_days_min, recommended_days_max
  ),
  update (
    template_goal_id, title, description, order_index, recommended_days_min, recommended_days_max
  )
  on table public.guided_path_template_milestones to authenticated;
grant all on table public.guided_path_template_milestones to service_role;

create policy "select" on public.guided_path_template_milestones for select to authenticated
  using (
    (select private.is_admin())
    or exists (
      select from public.guided_path_template_goals g
      where g.id = guided_path_template_milestones.template_goal_id
    )
  );
create policy "insert" on public.guided_path_template_milestones for insert to authenticated
  with check ((select private.is_admin()));
create policy "update" on public.guided_path_template_milestones for update to authenticated
  using ((select private.is_admin()));
create policy "delete" on public.guided_path_template_milestones for delete to authenticated
  using ((select private.is_admin()));
