-- Baseline: credits, credit purchases and instalments, as production had them
-- before the audit, so that an empty database can be built from this folder alone.
--
-- Production has this already: there the file is marked as applied and never runs.
-- Locks: access exclusive on the tables it makes; share row exclusive, briefly, on those they refer to.
-- Can be run again: it then changes nothing.

create table if not exists public.credit_source_types (
  key text primary key,
  display_name text not null,
  description text,
  is_active boolean not null default true,
  default_expiry_months integer,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
alter table public.credit_source_types enable row level security;
create or replace trigger update_credit_source_types_updated_at
  before update on public.credit_source_types
  for each row execute function public.update_updated_at_column();

create table if not exists public.credit_batches (
  id uuid primary key default gen_random_uuid(),
  owner_type text not null check (owner_type in ('user', 'org')),
  owner_id uuid not null,
  feature_key text,
  original_amount integer not null check (original_amount > 0),
  remaining_amount integer not null check (remaining_amount >= 0),
  granted_at timestamptz not null default now(),
  expires_at timestamptz not null,
  source_type text not null references public.credit_source_types (key)
    check (
      source_type in (
        'subscription', 'purchase', 'grant', 'rollover', 'plan', 'program', 'addon', 'admin_grant'
      )
    ),
  source_reference_id text,
  description text,
  is_expired boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
alter table public.credit_batches enable row level security;
create or replace trigger update_credit_batches_updated_at
  before update on public.credit_batches
  for each row execute function public.update_updated_at_column();

create table if not exists public.credit_consumption_log (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  organization_id uuid,
  batch_id uuid,
  quantity integer not null default 1,
  source_type text not null,
  feature_key text,
  description text,
  action_type text,
  action_reference_id text,
  consumed_at timestamptz not null default now(),
  created_at timestamptz not null default now()
);
alter table public.credit_consumption_log enable row level security;

create table if not exists public.credit_services (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  description text,
  credit_cost integer not null default 0,
  category text not null default 'general',
  feature_id uuid references public.features (id) on delete set null,
  track_id uuid references public.tracks (id) on delete set null,
  linked_entity_type text,
  linked_entity_id uuid,
  track_discounted_cost integer,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
alter table public.credit_services enable row level security;
create or replace trigger update_credit_services_updated_at
  before update on public.credit_services
  for each row execute function public.update_updated_at_column();

create table if not exists public.credit_usage_periods (
  id uuid primary key default gen_random_uuid(),
  owner_type text not null check (owner_type in ('user', 'org')),
  owner_id uuid not null,
  feature_key text,
  period_start date not null,
  period_end date not null,
  credits_used integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint credit_usage_periods_owner_type_owner_id_feature_key_period_key
    unique (owner_type, owner_id, feature_key, period_start)
);
alter table public.credit_usage_periods enable row level security;
create or replace trigger update_credit_usage_periods_updated_at
  before update on public.credit_usage_periods
  for each row execute function public.update_updated_at_column();

create table if not exists public.credit_topup_packages (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  slug text not null,
  description text,
  price_cents integer not null default 0,
  credit_value integer not null default 0,
  currency text not null default 'eur',
  stripe_price_id text,
  validity_months integer default 24,
  max_per_user integer,
  display_order integer default 0,
  is_active boolean default true,
  is_featured boolean default false,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint credit_topup_packages_slug_key unique (slug)
);
alter table public.credit_topup_packages enable row level security;
create or replace trigger update_credit_topup_packages_updated_at
  before update on public.credit_topup_packages
  for each row execute function public.update_updated_at_column();

create table if not exists public.user_credit_purchases (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  package_id uuid references public.credit_topup_packages (id),
  credits_purchased integer not null,
  amount_cents integer not null,
  currency text not null default 'eur',
  stripe_payment_intent_id text,
  stripe_checkout_session_id text,
  expires_at timestamptz,
  status text default 'completed',
  notes text,
  created_at timestamptz default now()
);
alter table public.user_credit_purchases enable row level security;

create table if not exists public.user_credit_balances (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  available_credits integer not null default 0,
  total_received integer not null default 0,
  total_consumed integer not null default 0,
  reserved_credits integer not null default 0,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint user_credit_balances_user_id_key unique (user_id)
);
alter table public.user_credit_balances enable row level security;
create or replace trigger update_user_credit_balances_updated_at
  before update on public.user_credit_balances
  for each row execute function public.update_updated_at_column();

create table if not exists public.user_credit_transactions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  transaction_type text not null,
  amount integer not null,
  balance_after integer not null,
  plan_id uuid references public.plans (id),
  add_on_id uuid references public.user_add_ons (id),
  enrollment_id uuid references public.client_enrollments (id),
  description text,
  action_type text,
  action_reference_id text,
  metadata jsonb default '{}',
  created_at timestamptz default now(),
  batch_id uuid references public.credit_batches (id)
);
alter table public.user_credit_transactions enable row level security;

create table if not exists public.org_credit_packages (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  slug text not null,
  description text,
  price_cents integer not null default 0,
  credit_value integer not null default 0,
  currency text not null default 'eur',
  stripe_price_id text,
  validity_months integer default 24,
  display_order integer default 0,
  is_active boolean default true,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint org_credit_packages_slug_key unique (slug)
);
alter table public.org_credit_packages enable row level security;
create or replace trigger update_org_credit_packages_updated_at
  before update on public.org_credit_packages
  for each row execute function public.update_updated_at_column();

create table if not exists public.org_credit_purchases (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  package_id uuid references public.org_credit_packages (id),
  credits_purchased integer not null,
  amount_cents integer not null,
  currency text not null default 'eur',
  stripe_payment_intent_id text,
  stripe_checkout_session_id text,
  expires_at timestamptz,
  status text default 'completed',
  purchased_by uuid references auth.users (id),
  notes text,
  created_at timestamptz default now()
);
alter table public.org_credit_purchases enable row level security;

create table if not exists public.org_credit_balances (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  available_credits integer not null default 0,
  total_purchased integer not null default 0,
  total_consumed integer not null default 0,
  reserved_credits integer not null default 0,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint org_credit_balances_organization_id_key unique (organization_id)
);
alter table public.org_credit_balances enable row level security;
create or replace trigger update_org_credit_balances_updated_at
  before update on public.org_credit_balances
  for each row execute function public.update_updated_at_column();

create table if not exists public.org_credit_transactions (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  transaction_type text not null,
  amount integer not null,
  balance_after integer not null,
  purchase_id uuid references public.org_credit_purchases (id),
  enrollment_id uuid references public.client_enrollments (id),
  description text,
  performed_by uuid references auth.users (id),
  metadata jsonb default '{}',
  created_at timestamptz default now()
);
alter table public.org_credit_transactions enable row level security;

create table if not exists public.plan_credit_allocations (
  id uuid primary key default gen_random_uuid(),
  plan_id uuid not null references public.plans (id) on delete cascade,
  feature_key text not null,
  monthly_allocation integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint plan_credit_allocations_plan_id_feature_key_key unique (plan_id, feature_key)
);
alter table public.plan_credit_allocations enable row level security;
create or replace trigger update_plan_credit_allocations_updated_at
  before update on public.plan_credit_allocations
  for each row execute function public.update_updated_at_column();

create table if not exists public.plan_credit_rollovers (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  feature_key text not null,
  rollover_credits integer not null default 0,
  last_period_end timestamptz not null,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  expires_at timestamptz,
  source_period_start timestamptz,
  constraint plan_credit_rollovers_user_id_feature_key_key unique (user_id, feature_key)
);
alter table public.plan_credit_rollovers enable row level security;
create or replace trigger update_plan_credit_rollovers_updated_at
  before update on public.plan_credit_rollovers
  for each row execute function public.update_updated_at_column();

create table if not exists public.payment_schedules (
  id uuid primary key default gen_random_uuid(),
  enrollment_id uuid not null references public.client_enrollments (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  stripe_subscription_id text not null,
  stripe_customer_id text,
  total_amount_cents integer not null,
  currency text not null default 'eur',
  installment_count integer not null,
  installment_amount_cents integer not null,
  installments_paid integer not null default 0,
  amount_paid_cents integer not null default 0,
  next_payment_date timestamptz,
  started_at timestamptz not null default now(),
  completed_at timestamptz,
  cancelled_at timestamptz,
  status text not null default 'active' check (status in ('active', 'completed', 'defaulted', 'cancelled')),
  credit_package_id uuid,
  credits_granted integer not null default 0,
  metadata jsonb default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
alter table public.payment_schedules enable row level security;
create or replace trigger update_payment_schedules_updated_at
  before update on public.payment_schedules
  for each row execute function public.update_updated_at_column();
