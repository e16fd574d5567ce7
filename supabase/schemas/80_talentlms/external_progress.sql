create table public.external_progress (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  module_external_mapping_id uuid not null
    references public.module_external_mappings (id) on delete cascade,
  progress_percentage integer default 0,
  completion_status text default 'not_started',
  external_score numeric,
  completed_at timestamptz,
  last_synced_at timestamptz default now(),
  external_metadata jsonb default '{}',
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint external_progress_user_id_module_external_mapping_id_key
    unique (user_id, module_external_mapping_id)
);

comment on table public.external_progress is 'Progress in external courses by mapping.';

alter table public.external_progress enable row level security;
revoke all on table public.external_progress from public, anon, authenticated, service_role;
-- Written by whoever imports it, with the secret key.
grant select on table public.external_progress to authenticated;
grant all on table public.external_progress to service_role;

create policy "select" on public.external_progress for select to authenticated
  using ((select private.is_admin()) or user_id = (select auth.uid()));

create or replace trigger update_external_progress_updated_at
  before update on public.external_progress
  for each row execute function public.update_updated_at_column();
