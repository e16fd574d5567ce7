create table public.guided_path_template_goals (
  id uuid primary key default gen_random_uuid(),
  template_id uuid not null references public.guided_path_templates (id) on delete cascade,
  title text not null,
  description text,
  category text not null,
  timeframe_type text not null default 'medium_term',
  priority text not null default 'medium',
  order_index integer not null default 0,
  created_at timestamptz not null default now(),
  constraint guided_path_template_goals_texts_check check (char_length(title) <= 300 and char_length(description) <= 5000)
);

comment on table public.guided_path_template_goals is 'The goals of a guided path.';

alter table public.guided_path_template_goals enable row level security;
revoke all on table public.guided_path_template_goals from public, anon, authenticated, service_role;
grant select, delete,
  insert (
    template_id, title, description, category, timeframe_type, priority, order_index
  ),
  update (
    template_id, title, description, category, timeframe_type, priority, order_index
  )
  on table public.guided_path_template_goals to authenticated;
grant all on table public.guided_path_template_goals to service_role;

create policy "select" on public.guided_path_template_goals for select to authenticated
  using (
    (select private.is_admin())
    or exists (select from public.guided_path_templates t where t.id = guided_path_template_goals.template_id)
  );
create policy "insert" on public.guided_path_template_goals for insert to authenticated
  with check ((select private.is_admin()));
create policy "update" on public.guided_path_template_goals for update to authenticated
  using ((select private.is_admin()));
create policy "delete" on public.guided_path_template_goals for delete to authenticated
  using ((select private.is_admin()));
