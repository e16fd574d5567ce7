create table public.module_external_mappings (
  id uuid primary key default gen_random_uuid(),
  module_id uuid not null references public.program_modules (id) on delete cascade,
  external_source_id uuid not null references public.external_sources (id) on delete cascade,
  external_content_id text not null,
  external_content_name text,
  sync_completion boolean default true,
  sync_progress boolean default true,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint module_external_mappings_module_id_external_source_id_key
    unique (module_id, external_source_id)
);

comment on table public.module_external_mappings is 'Which course of an external source a module stands for.';

alter table public.module_external_mappings enable row level security;
revoke all on table public.module_external_mappings from public, anon, authenticated, service_role;
grant select on table public.module_external_mappings to authenticated;
grant all on table public.module_external_mappings to service_role;

create policy "select" on public.module_external_mappings for select to authenticated
  using (
    (select private.is_admin())
    or exists (
      select from public.program_modules m
      join public.programs p on p.id = m.program_id
      where m.id = module_external_mappings.module_id
        and p.is_active
    )
  );

create or replace trigger update_module_external_mappings_updated_at
  before update on public.module_external_mappings
  for each row execute function public.update_updated_at_column();
