-- Baseline: plans, features, tracks and add-ons, as production had them
-- before the audit, so that an empty database can be built from this folder alone.
--
-- Production has this already: there the file is marked as applied and never runs.
-- Locks: access exclusive on the tables it makes; share row exclusive, briefly, on those they refer to.
-- Can be run again: it then changes nothing.

create table if not exists public.plans (
  id uuid primary key default gen_random_uuid(),
  key text not null,
  name text not null,
  description text,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  stripe_product_id text,
  is_free boolean not null default false,
  tier_level integer not null default 1,
  fallback_plan_id uuid references public.plans (id),
  is_purchasable boolean not null default true,
  credit_allowance integer,
  credit_validity_months integer default 24,
  display_name text default 'plan',
  constraint plans_key_key unique (key)
);
alter table public.plans enable row level security;
create or replace trigger update_plans_updated_at
  before update on public.plans
  for each row execute function public.update_updated_at_column();

create table if not exists public.plan_prices (
  id uuid primary key default gen_random_uuid(),
  plan_id uuid not null references public.plans (id) on delete cascade,
  billing_interval text not null,
  price_cents integer not null,
  stripe_price_id text,
  is_default boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint plan_prices_plan_id_billing_interval_key unique (plan_id, billing_interval)
);
alter table public.plan_prices enable row level security;
create or replace trigger update_plan_prices_updated_at
  before update on public.plan_prices
  for each row execute function public.update_updated_at_column();

create table if not exists public.feature_categories (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  description text,
  display_order integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
alter table public.feature_categories enable row level security;
create or replace trigger update_feature_categories_updated_at
  before update on public.feature_categories
  for each row execute function public.update_updated_at_column();

create table if not exists public.features (
  id uuid primary key default gen_random_uuid(),
  key text not null,
  name text not null,
  description text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  is_consumable boolean not null default false,
  category_id uuid references public.feature_categories (id) on delete set null,
  is_system boolean not null default false,
  is_active boolean not null default true,
  constraint features_key_key unique (key)
);
alter table public.features enable row level security;
create or replace trigger update_features_updated_at
  before update on public.features
  for each row execute function public.update_updated_at_column();

create table if not exists public.plan_features (
  id uuid primary key default gen_random_uuid(),
  plan_id uuid not null references public.plans (id) on delete cascade,
  feature_id uuid not null references public.features (id) on delete cascade,
  enabled boolean not null default true,
  limit_value integer,
  created_at timestamptz not null default now(),
  is_restrictive boolean not null default false,
  constraint plan_features_plan_id_feature_id_key unique (plan_id, feature_id)
);
alter table public.plan_features enable row level security;

create table if not exists public.program_plans (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  description text,
  tier_level integer not null default 0,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  credit_allowance integer,
  display_name text default 'program'
);
alter table public.program_plans enable row level security;
create or replace trigger update_program_plans_updated_at
  before update on public.program_plans
  for each row execute function public.update_updated_at_column();

create table if not exists public.program_plan_features (
  id uuid primary key default gen_random_uuid(),
  program_plan_id uuid not null references public.program_plans (id) on delete cascade,
  feature_id uuid not null references public.features (id) on delete cascade,
  enabled boolean not null default true,
  limit_value integer,
  created_at timestamptz not null default now(),
  constraint program_plan_features_program_plan_id_feature_id_key unique (program_plan_id, feature_id)
);
alter table public.program_plan_features enable row level security;

create table if not exists public.tracks (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  key text not null,
  description text,
  icon text,
  is_active boolean not null default true,
  display_order integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  display_name text default 'learning track',
  constraint tracks_key_key unique (key)
);
alter table public.tracks enable row level security;
create or replace trigger update_tracks_updated_at
  before update on public.tracks
  for each row execute function public.update_updated_at_column();

create table if not exists public.track_features (
  id uuid primary key default gen_random_uuid(),
  track_id uuid not null references public.tracks (id) on delete cascade,
  feature_id uuid not null references public.features (id) on delete cascade,
  is_enabled boolean not null default true,
  limit_value integer,
  created_at timestamptz not null default now(),
  constraint track_features_track_id_feature_id_key unique (track_id, feature_id)
);
alter table public.track_features enable row level security;

create table if not exists public.user_tracks (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  track_id uuid not null references public.tracks (id) on delete cascade,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint user_tracks_user_id_track_id_key unique (user_id, track_id)
);
alter table public.user_tracks enable row level security;
create or replace trigger update_user_tracks_updated_at
  before update on public.user_tracks
  for each row execute function public.update_updated_at_column();

create table if not exists public.add_ons (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  description text,
  price_cents integer,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  is_consumable boolean not null default false,
  initial_quantity integer,
  key text not null,
  display_name text default 'add-on'
);
create unique index if not exists idx_add_ons_key
  on public.add_ons (key);
alter table public.add_ons enable row level security;
create or replace trigger update_add_ons_updated_at
  before update on public.add_ons
  for each row execute function public.update_updated_at_column();

create table if not exists public.add_on_features (
  id uuid primary key default gen_random_uuid(),
  add_on_id uuid not null references public.add_ons (id) on delete cascade,
  feature_id uuid not null references public.features (id) on delete cascade,
  created_at timestamptz not null default now(),
  constraint add_on_features_add_on_id_feature_id_key unique (add_on_id, feature_id)
);
alter table public.add_on_features enable row level security;

create table if not exists public.user_add_ons (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  add_on_id uuid not null references public.add_ons (id) on delete cascade,
  granted_at timestamptz not null default now(),
  expires_at timestamptz,
  granted_by uuid,
  notes text,
  created_at timestamptz not null default now(),
  quantity_granted integer,
  quantity_remaining integer,
  quantity_used integer not null default 0,
  constraint user_add_ons_user_id_add_on_id_key unique (user_id, add_on_id)
);
alter table public.user_add_ons enable row level security;

create table if not exists public.add_on_consumption_log (
  id uuid primary key default gen_random_uuid(),
  user_add_on_id uuid not null references public.user_add_ons (id) on delete cascade,
  user_id uuid not null,
  quantity_consumed integer not null default 1,
  action_type text not null,
  action_reference_id uuid,
  notes text,
  created_at timestamptz not null default now()
);
alter table public.add_on_consumption_log enable row level security;

create table if not exists public.usage_tracking (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  feature_key text not null,
  used_count integer not null default 0,
  period_start timestamptz not null default date_trunc('month', now()),
  period_end timestamptz not null default (date_trunc('month', now()) + interval '1 mon'),
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint usage_tracking_user_id_feature_key_period_start_key
    unique (user_id, feature_key, period_start)
);
alter table public.usage_tracking enable row level security;
create or replace trigger update_usage_tracking_updated_at
  before update on public.usage_tracking
  for each row execute function public.update_updated_at_column();
