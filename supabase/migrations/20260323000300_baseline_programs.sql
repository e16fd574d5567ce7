-- Baseline: programmes, their modules and their staff, as production had them
-- before the audit, so that an empty database can be built from this folder alone.
--
-- Production has this already: there the file is marked as applied and never runs.
-- Locks: access exclusive on the tables it makes; share row exclusive, briefly, on those they refer to.
-- Can be run again: it then changes nothing.

create table if not exists public.module_types (
  id uuid primary key default gen_random_uuid(),
  name text not null unique
);
alter table public.module_types enable row level security;

create table if not exists public.capability_assessments (
  id uuid primary key default gen_random_uuid()
);
alter table public.capability_assessments enable row level security;

create table if not exists public.content_packages (
  id uuid primary key default gen_random_uuid(),
  title text not null,
  description text,
  storage_path text not null,
  package_type text not null default 'web' check (package_type in ('web', 'xapi')),
  file_count integer default 0,
  original_filename text,
  uploaded_by uuid references auth.users (id) on delete set null,
  is_active boolean default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
alter table public.content_packages enable row level security;
create or replace trigger update_content_packages_updated_at
  before update on public.content_packages
  for each row execute function public.update_updated_at_column();

create table if not exists public.programs (
  id uuid primary key default gen_random_uuid(),
  slug text not null,
  name text not null,
  description text,
  category public.program_category not null,
  is_active boolean default true,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  tiers jsonb default '["Essentials", "Premium"]',
  scheduled_dates jsonb default '[]',
  logo_url text,
  code text,
  plan_id uuid references public.plans (id),
  min_plan_tier integer default 0,
  default_program_plan_id uuid references public.program_plans (id),
  requires_separate_purchase boolean not null default false,
  credit_cost integer,
  allow_repeat_enrollment boolean not null default false,
  capacity integer,
  installment_options jsonb,
  upfront_discount_percent numeric default 0 check (upfront_discount_percent between 0 and 100),
  constraint programs_code_key unique (code),
  constraint programs_slug_key unique (slug)
);
alter table public.programs enable row level security;
create or replace trigger update_programs_updated_at
  before update on public.programs
  for each row execute function public.update_updated_at_column();

create table if not exists public.program_versions (
  id uuid primary key default gen_random_uuid()
);
alter table public.program_versions enable row level security;

create table if not exists public.program_tier_plans (
  id uuid primary key default gen_random_uuid(),
  program_id uuid not null references public.programs (id) on delete cascade,
  tier_name text not null,
  program_plan_id uuid not null references public.program_plans (id) on delete cascade,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  credit_cost integer,
  constraint program_tier_plans_program_id_tier_name_key unique (program_id, tier_name)
);
alter table public.program_tier_plans enable row level security;
create or replace trigger update_program_tier_plans_updated_at
  before update on public.program_tier_plans
  for each row execute function public.update_updated_at_column();

create table if not exists public.program_entitlements (
  id uuid primary key default gen_random_uuid(),
  program_id uuid not null references public.programs (id) on delete cascade,
  feature_key text not null,
  quantity integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint program_entitlements_program_id_feature_key_key unique (program_id, feature_key)
);
alter table public.program_entitlements enable row level security;
create or replace trigger update_program_entitlements_updated_at
  before update on public.program_entitlements
  for each row execute function public.update_updated_at_column();

create table if not exists public.program_modules (
  id uuid primary key default gen_random_uuid(),
  program_id uuid not null references public.programs (id) on delete cascade,
  title text not null,
  description text,
  order_index integer not null,
  estimated_minutes integer default 0,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  links jsonb default '[]',
  is_active boolean default true,
  tier_required text default 'essentials',
  is_individualized boolean not null default false,
  code text,
  learning_mode public.learning_mode default 'asynchronous',
  domain text,
  capability_tags text[] default '{}',
  content text,
  module_type text not null references public.module_types (name) on update cascade,
  calendly_event_url text,
  plan_id uuid references public.plans (id),
  min_plan_tier integer default 0,
  feature_key text references public.features (key),
  canonical_code text,
  capability_assessment_id uuid references public.capability_assessments (id) on delete set null,
  content_package_path text,
  content_package_type text default 'web' check (content_package_type in ('web', 'xapi')),
  content_package_id uuid references public.content_packages (id) on delete set null,
  available_from_date date,
  unlock_after_days integer
    constraint unlock_after_days_non_negative check (unlock_after_days is null or unlock_after_days >= 0),
  constraint program_modules_program_id_order_index_key unique (program_id, order_index)
);
create unique index if not exists idx_program_modules_code_per_program
  on public.program_modules (program_id, code) where code is not null;
alter table public.program_modules enable row level security;
create or replace trigger update_program_modules_updated_at
  before update on public.program_modules
  for each row execute function public.update_updated_at_column();

create table if not exists public.program_instructors (
  id uuid primary key default gen_random_uuid(),
  program_id uuid not null references public.programs (id) on delete cascade,
  instructor_id uuid not null references auth.users (id) on delete cascade,
  created_at timestamptz default now(),
  is_primary boolean not null default false,
  constraint program_instructors_program_id_instructor_id_key unique (program_id, instructor_id)
);
alter table public.program_instructors enable row level security;

create table if not exists public.program_coaches (
  id uuid primary key default gen_random_uuid(),
  program_id uuid not null references public.programs (id) on delete cascade,
  coach_id uuid not null references auth.users (id) on delete cascade,
  created_at timestamptz default now(),
  constraint program_coaches_program_id_coach_id_key unique (program_id, coach_id)
);
alter table public.program_coaches enable row level security;

create table if not exists public.module_instructors (
  id uuid primary key default gen_random_uuid(),
  module_id uuid not null references public.program_modules (id) on delete cascade,
  instructor_id uuid not null references auth.users (id) on delete cascade,
  created_at timestamptz default now(),
  constraint module_instructors_module_id_instructor_id_key unique (module_id, instructor_id)
);
alter table public.module_instructors enable row level security;

create table if not exists public.module_coaches (
  id uuid primary key default gen_random_uuid(),
  module_id uuid not null references public.program_modules (id) on delete cascade,
  coach_id uuid not null references auth.users (id) on delete cascade,
  created_at timestamptz default now(),
  constraint module_coaches_module_id_coach_id_key unique (module_id, coach_id)
);
alter table public.module_coaches enable row level security;

create table if not exists public.module_assignment_types (
  id uuid constraint module_assessment_types_pkey primary key default gen_random_uuid(),
  name text not null,
  description text,
  structure jsonb not null default '[]',
  is_active boolean default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  scoring_assessment_id uuid references public.capability_assessments (id) on delete set null
);
alter table public.module_assignment_types enable row level security;
create or replace trigger update_module_assignment_types_updated_at
  before update on public.module_assignment_types
  for each row execute function public.update_updated_at_column();
