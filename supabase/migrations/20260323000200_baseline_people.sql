-- Baseline: the people: profiles, roles, clients, staff, as production had them
-- before the audit, so that an empty database can be built from this folder alone.
--
-- Production has this already: there the file is marked as applied and never runs.
-- Locks: access exclusive on the tables it makes; share row exclusive, briefly, on those they refer to.
-- Can be run again: it then changes nothing.

create table if not exists public.profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  name text not null,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  avatar_url text,
  bio text,
  linkedin_url text,
  x_url text,
  bluesky_url text,
  education jsonb default '[]',
  certifications jsonb default '[]',
  plan_id uuid references public.plans (id),
  plan_expires_at timestamptz,
  username text,
  timezone text default 'UTC',
  preferred_meeting_times jsonb default '[]',
  desired_target_role text,
  youtube_url text,
  instagram_url text,
  facebook_url text,
  job_title text,
  organisation text,
  tagline text,
  external_credential_profiles jsonb default '[]',
  future_vision text,
  constraints text,
  future_vision_private boolean not null default false,
  constraints_private boolean not null default false,
  desired_target_role_private boolean not null default false,
  calendar_token uuid default gen_random_uuid(),
  calendar_sync_enabled boolean default false,
  scheduling_url text,
  real_email text,
  is_hidden boolean default false,
  registration_status text default 'complete',
  verification_status text,
  verified_at timestamptz,
  constraint profiles_username_format check (
    username is null
    or username ~ '^[A-Za-z0-9_]{3,30}$'
    or username ~ '^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$'
  ),
  constraint profiles_username_unique unique (username)
);
alter table public.profiles enable row level security;
create or replace trigger update_profiles_updated_at
  before update on public.profiles
  for each row execute function public.update_updated_at_column();

create table if not exists public.user_roles (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  role public.app_role not null,
  created_at timestamptz default now(),
  constraint user_roles_user_id_role_key unique (user_id, role)
);
alter table public.user_roles enable row level security;

create table if not exists public.client_profiles (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  status public.user_status not null default 'active',
  notes text,
  tags jsonb default '[]',
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  status_marker text,
  constraint client_profiles_user_id_key unique (user_id)
);
alter table public.client_profiles enable row level security;
create or replace trigger update_client_profiles_updated_at
  before update on public.client_profiles
  for each row execute function public.update_updated_at_column();

create table if not exists public.staff_profiles (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  relationship_type text not null default 'partner'
    check (relationship_type in ('employee', 'partner', 'contractor')),
  company_name text,
  contract_start_date date,
  contract_end_date date,
  specializations text[],
  notes text,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint staff_profiles_user_id_key unique (user_id)
);
alter table public.staff_profiles enable row level security;
create or replace trigger update_staff_profiles_updated_at
  before update on public.staff_profiles
  for each row execute function public.update_updated_at_column();

create table if not exists public.client_coaches (
  id uuid primary key default gen_random_uuid(),
  client_id uuid not null references auth.users (id) on delete cascade,
  coach_id uuid not null references auth.users (id) on delete cascade,
  created_at timestamptz default now(),
  constraint client_coaches_client_id_coach_id_key unique (client_id, coach_id)
);
alter table public.client_coaches enable row level security;

create table if not exists public.client_instructors (
  id uuid primary key default gen_random_uuid(),
  client_id uuid not null,
  instructor_id uuid not null,
  created_at timestamptz default now(),
  constraint client_instructors_client_id_instructor_id_key unique (client_id, instructor_id)
);
alter table public.client_instructors enable row level security;
