-- Baseline: TalentLMS and other external learning systems, as production had them
-- before the audit, so that an empty database can be built from this folder alone.
--
-- Production has this already: there the file is marked as applied and never runs.
-- Locks: access exclusive on the tables it makes; share row exclusive, briefly, on those they refer to.
-- Can be run again: it then changes nothing.

create table if not exists public.talentlms_users (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  talentlms_user_id text not null,
  talentlms_username text not null,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint talentlms_users_user_id_key unique (user_id)
);
alter table public.talentlms_users enable row level security;
create or replace trigger update_talentlms_users_updated_at
  before update on public.talentlms_users
  for each row execute function public.update_updated_at_column();

create table if not exists public.talentlms_progress (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  talentlms_course_id text not null,
  course_name text,
  completion_status text not null check (completion_status in ('not_started', 'in_progress', 'completed')),
  progress_percentage integer default 0 check (progress_percentage between 0 and 100),
  time_spent_minutes integer default 0,
  test_score numeric(5,2),
  completed_at timestamptz,
  last_synced_at timestamptz default now(),
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint talentlms_progress_user_id_talentlms_course_id_key unique (user_id, talentlms_course_id)
);
alter table public.talentlms_progress enable row level security;
create or replace trigger update_talentlms_progress_updated_at
  before update on public.talentlms_progress
  for each row execute function public.update_updated_at_column();

create table if not exists public.external_sources (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  display_name text not null,
  is_active boolean default true,
  config jsonb default '{}',
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint external_sources_name_key unique (name)
);
alter table public.external_sources enable row level security;
create or replace trigger update_external_sources_updated_at
  before update on public.external_sources
  for each row execute function public.update_updated_at_column();

create table if not exists public.module_external_mappings (
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
alter table public.module_external_mappings enable row level security;
create or replace trigger update_module_external_mappings_updated_at
  before update on public.module_external_mappings
  for each row execute function public.update_updated_at_column();

create table if not exists public.external_progress (
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
alter table public.external_progress enable row level security;
create or replace trigger update_external_progress_updated_at
  before update on public.external_progress
  for each row execute function public.update_updated_at_column();
