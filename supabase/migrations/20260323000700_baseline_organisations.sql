-- Baseline: organisations, their members and their platform subscription, as production had them
-- before the audit, so that an empty database can be built from this folder alone.
--
-- Production has this already: there the file is marked as applied and never runs.
-- Locks: access exclusive on the tables it makes; share row exclusive, briefly, on those they refer to.
-- Can be run again: it then changes nothing.

create table if not exists public.organizations (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  slug text not null,
  logo_url text,
  description text,
  website text,
  industry text,
  size_range text,
  settings jsonb default '{}',
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint organizations_slug_key unique (slug)
);
alter table public.organizations enable row level security;
create or replace trigger update_organizations_updated_at
  before update on public.organizations
  for each row execute function public.update_updated_at_column();

create table if not exists public.organization_members (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  role public.org_role not null default 'org_member',
  title text,
  department text,
  invited_by uuid references auth.users (id),
  invited_at timestamptz,
  joined_at timestamptz default now(),
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  sponsored_plan_id uuid references public.plans (id),
  constraint organization_members_user_id_key unique (user_id)
);
alter table public.organization_members enable row level security;
create or replace trigger update_organization_members_updated_at
  before update on public.organization_members
  for each row execute function public.update_updated_at_column();

create table if not exists public.organization_invites (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  email text not null,
  role public.org_role not null default 'org_member',
  token uuid not null default gen_random_uuid(),
  invited_by uuid not null references auth.users (id) on delete cascade,
  expires_at timestamptz not null default (now() + interval '7 days'),
  accepted_at timestamptz,
  created_at timestamptz default now(),
  constraint organization_invites_organization_id_email_key unique (organization_id, email)
);
alter table public.organization_invites enable row level security;

create table if not exists public.organization_sharing_consent (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  organization_id uuid not null references public.organizations (id) on delete cascade,
  share_goals boolean not null default false,
  share_decisions boolean not null default false,
  share_tasks boolean not null default false,
  share_progress boolean not null default false,
  share_assessments boolean not null default false,
  share_development_items boolean not null default false,
  share_assignments boolean not null default false,
  consent_given_at timestamptz,
  consent_updated_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  constraint organization_sharing_consent_user_id_organization_id_key unique (user_id, organization_id)
);
alter table public.organization_sharing_consent enable row level security;

create table if not exists public.organization_programs (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  program_id uuid not null references public.programs (id) on delete cascade,
  is_active boolean default true,
  max_enrollments integer,
  notes text,
  licensed_at timestamptz default now(),
  expires_at timestamptz,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint organization_programs_organization_id_program_id_key unique (organization_id, program_id)
);
alter table public.organization_programs enable row level security;
create or replace trigger update_organization_programs_updated_at
  before update on public.organization_programs
  for each row execute function public.update_updated_at_column();

create table if not exists public.organization_terms (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  version integer not null default 1,
  title text not null,
  content_html text not null,
  is_current boolean not null default false,
  is_blocking_on_first_access boolean not null default true,
  is_blocking_on_update boolean not null default false,
  effective_from timestamptz not null default now(),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  created_by uuid references auth.users (id),
  constraint organization_terms_organization_id_version_key unique (organization_id, version)
);
alter table public.organization_terms enable row level security;
create or replace trigger update_organization_terms_updated_at
  before update on public.organization_terms
  for each row execute function public.update_updated_at_column();

create table if not exists public.org_platform_tiers (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  slug text not null,
  description text,
  annual_fee_cents integer not null default 0,
  monthly_fee_cents integer,
  currency text not null default 'eur',
  stripe_annual_price_id text,
  stripe_monthly_price_id text,
  features jsonb default '[]',
  max_members integer,
  includes_analytics boolean default true,
  display_order integer default 0,
  is_active boolean default true,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  max_sponsored_seats integer default 0,
  constraint org_platform_tiers_slug_key unique (slug)
);
alter table public.org_platform_tiers enable row level security;
create or replace trigger update_org_platform_tiers_updated_at
  before update on public.org_platform_tiers
  for each row execute function public.update_updated_at_column();

create table if not exists public.org_platform_subscriptions (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  tier_id uuid references public.org_platform_tiers (id),
  stripe_subscription_id text,
  stripe_customer_id text,
  billing_email text,
  billing_period text default 'annual',
  starts_at timestamptz default now(),
  current_period_start timestamptz,
  current_period_end timestamptz,
  status text default 'active',
  canceled_at timestamptz,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint org_platform_subscriptions_organization_id_key unique (organization_id)
);
alter table public.org_platform_subscriptions enable row level security;
create or replace trigger update_org_platform_subscriptions_updated_at
  before update on public.org_platform_subscriptions
  for each row execute function public.update_updated_at_column();
