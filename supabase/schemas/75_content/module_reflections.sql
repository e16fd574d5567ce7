create table public.module_reflections (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  module_progress_id uuid not null references public.module_progress (id) on delete cascade,
  content text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint module_reflections_texts_check check (char_length(content) <= 5000)
);

comment on table public.module_reflections is 'What a client wrote about a module.';

create index module_reflections_module_progress_id_idx
  on public.module_reflections (module_progress_id);
create index module_reflections_user_id_idx on public.module_reflections (user_id);

alter table public.module_reflections enable row level security;
revoke all on table public.module_reflections from public, anon, authenticated, service_role;
grant select, insert (user_id, module_progress_id, content), update (content), delete
  on table public.module_reflections to authenticated;
grant all on table public.module_reflections to service_role;

create policy "select" on public.module_reflections for select to authenticated
  using (
    user_id = (select auth.uid())
    or private.is_assigned_staff(module_reflections.user_id)
    or exists (
      select from public.module_progress p
      join public.client_enrollments e on e.id = p.enrollment_id
      where p.id = module_reflections.module_progress_id
        and private.is_program_instructor_or_coach((select auth.uid()), e.program_id)
    )
    or exists (
      select from public.module_progress p
      where p.id = module_reflections.module_progress_id and private.is_module_staff(p.module_id)
    )
  );
create policy "insert" on public.module_reflections for insert to authenticated
  with check (user_id = (select auth.uid()) and private.owns_progress(module_progress_id));
create policy "update" on public.module_reflections for update to authenticated using (user_id = (select auth.uid()));
create policy "delete" on public.module_reflections for delete to authenticated using (user_id = (select auth.uid()));

create or replace trigger update_module_reflections_updated_at
  before update on public.module_reflections
  for each row execute function public.update_updated_at_column();
