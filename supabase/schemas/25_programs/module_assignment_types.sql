create table public.module_assignment_types (
  id uuid constraint module_assessment_types_pkey primary key default gen_random_uuid(),
  name text not null,
  description text,
  structure jsonb not null default '[]',
  is_active boolean default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  scoring_assessment_id uuid references public.capability_assessments (id) on delete set null
);

comment on table public.module_assignment_types is
  'Kinds of assignment a module can set, with the structure of the form.';

alter table public.module_assignment_types enable row level security;
revoke all on table public.module_assignment_types from public, anon, authenticated, service_role;
grant select, delete on table public.module_assignment_types to authenticated;
grant insert (
  name, description, structure, is_active, scoring_assessment_id
) on table public.module_assignment_types to authenticated;
grant update (
  name, description, structure, is_active, scoring_assessment_id
) on table public.module_assignment_types to authenticated;
grant all on table public.module_assignment_types to service_role;

create policy "select" on public.module_assignment_types for select to authenticated
  using ((select private.is_admin()) or is_active);
create policy "insert" on public.module_assignment_types for insert to authenticated
  with check ((select private.is_admin()));
create policy "update" on public.module_assignment_types for update to authenticated
  using ((select private.is_admin()));
create policy "delete" on public.module_assignment_types for delete to authenticated
  using ((select private.is_admin()));

create or replace trigger update_module_assignment_types_updated_at
  before update on public.module_assignment_types
  for each row execute function public.update_updated_at_column();
