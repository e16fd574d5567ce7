create table public.goals (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  title text not null,
  description text,
  category public.goal_category not null,
  timeframe_type text not null check (timeframe_type in ('short_term', 'medium_term', 'long_term')),
  priority text not null default 'medium' check (priority in ('low', 'medium', 'high')),
  target_date date,
  status text not null default 'active' check (status in ('active', 'on_hold', 'retired', 'completed')),
  progress_percentage integer not null default 0 check (progress_percentage between 0 and 100),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  is_public boolean not null default false,
  is_private boolean not null default false,
  template_goal_id uuid references public.guided_path_template_goals (id) on delete set null,
  instantiation_id uuid references public.guided_path_instantiations (id) on delete set null,
  constraint goals_texts_check check (char_length(title) <= 300 and char_length(description) <= 5000),
  constraint goals_times_check check (target_date between '2000-01-01' and '2100-01-01')
);

comment on table public.goals is
  'A user''s goals. status is active, on_hold, retired or completed; assigned staff read what is not private.';

create index goals_instantiation_id_idx on public.goals (instantiation_id)
  where instantiation_id is not null;
create index goals_user_id_idx on public.goals (user_id);

alter table public.goals enable row level security;
revoke all on table public.goals from public, anon, authenticated, service_role;
grant select, delete on table public.goals to authenticated;
grant insert (
  user_id, title, description, category, timeframe_type, priority, target_date, status, progress_percentage,
  is_private, template_goal_id, instantiation_id
) on table public.goals to authenticated;
-- user_id is sent along, and cannot become another's.
grant update (
  user_id, title, description, category, timeframe_type, priority, target_date, status, is_private, is_public
) on table public.goals to authenticated;
grant all on table public.goals to service_role;

create policy "select" on public.goals for select to authenticated
  using (
    (select private.is_admin())
    or user_id = (select auth.uid())
    or (not is_private and private.is_assigned_staff(user_id))
    or id in (select private.goals_shared_with_caller())
  );
create policy "insert" on public.goals for insert to authenticated
  with check (
    user_id = (select auth.uid())
    and progress_percentage = 0
    and (
      (template_goal_id is null and instantiation_id is null)
      or private.is_goal_of_path(template_goal_id, instantiation_id)
    )
  );
create policy "update" on public.goals for update to authenticated using (user_id = (select auth.uid()));
create policy "delete" on public.goals for delete to authenticated using (user_id = (select auth.uid()));

create or replace trigger update_goals_updated_at
  before update on public.goals
  for each row execute function public.update_updated_at_column();
