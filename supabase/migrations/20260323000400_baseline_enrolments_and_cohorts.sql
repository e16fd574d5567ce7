-- Baseline: enrolments, cohorts and the codes that lead to them, as production had them
-- before the audit, so that an empty database can be built from this folder alone.
--
-- Production has this already: there the file is marked as applied and never runs.
-- Locks: access exclusive on the tables it makes; share row exclusive, briefly, on those they refer to.
-- Can be run again: it then changes nothing.

create table if not exists public.program_cohorts (
  id uuid primary key default gen_random_uuid(),
  program_id uuid not null references public.programs (id) on delete cascade,
  name text not null,
  description text,
  start_date date,
  end_date date,
  capacity integer,
  status text not null default 'upcoming'
    check (status in ('upcoming', 'active', 'completed', 'cancelled')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  lead_instructor_id uuid references auth.users (id) on delete set null
);
alter table public.program_cohorts enable row level security;
create or replace trigger update_program_cohorts_updated_at
  before update on public.program_cohorts
  for each row execute function public.update_updated_at_column();

create table if not exists public.enrollment_codes (
  id uuid primary key default gen_random_uuid(),
  program_id uuid not null references public.programs (id) on delete cascade,
  cohort_id uuid references public.program_cohorts (id) on delete set null,
  code text not null,
  code_type text not null default 'single_use' check (code_type in ('single_use', 'multi_use')),
  max_uses integer,
  current_uses integer not null default 0,
  grants_plan_id uuid references public.plans (id),
  grants_tier text,
  discount_percent integer check (discount_percent is null or discount_percent between 0 and 100),
  is_free boolean not null default false,
  expires_at timestamptz,
  created_by uuid not null references auth.users (id),
  created_at timestamptz not null default now(),
  is_active boolean not null default true,
  constraint enrollment_codes_code_key unique (code)
);
alter table public.enrollment_codes enable row level security;

create table if not exists public.discount_codes (
  id uuid primary key default gen_random_uuid(),
  code text not null,
  description text,
  discount_type text not null check (discount_type in ('percent', 'fixed_amount')),
  discount_value numeric not null check (discount_value > 0),
  valid_for_program_ids uuid[],
  valid_for_tier_names text[],
  max_uses integer,
  uses_count integer default 0,
  assigned_user_id uuid references auth.users (id) on delete set null,
  assigned_user_email text,
  starts_at timestamptz default now(),
  expires_at timestamptz,
  is_active boolean default true,
  created_by uuid references auth.users (id) on delete set null,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint discount_codes_code_key unique (code)
);
alter table public.discount_codes enable row level security;
create or replace trigger update_discount_codes_updated_at
  before update on public.discount_codes
  for each row execute function public.update_updated_at_column();

create table if not exists public.client_enrollments (
  id uuid primary key default gen_random_uuid(),
  client_user_id uuid references auth.users (id) on delete cascade,
  program_id uuid not null references public.programs (id) on delete cascade,
  status public.enrollment_status not null default 'active',
  start_date date default current_date,
  end_date date,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  program_version_id uuid references public.program_versions (id) on delete set null,
  tier text default 'essentials',
  is_public boolean not null default false,
  payment_type text default 'upfront' check (payment_type in ('upfront', 'payment_plan', 'free')),
  payment_status text default 'paid' check (payment_status in ('paid', 'outstanding', 'overdue')),
  program_plan_id uuid references public.program_plans (id),
  cohort_id uuid references public.program_cohorts (id) on delete set null,
  discount_code_id uuid references public.discount_codes (id) on delete set null,
  discount_percent numeric,
  original_credit_cost integer,
  final_credit_cost integer,
  enrollment_number integer default 1,
  enrollment_code_id uuid references public.enrollment_codes (id),
  enrollment_source text,
  referred_by uuid references auth.users (id),
  referral_note text,
  completed_at timestamptz,
  stripe_subscription_id text
);
alter table public.client_enrollments enable row level security;
create or replace trigger update_client_enrollments_updated_at
  before update on public.client_enrollments
  for each row execute function public.update_updated_at_column();

create table if not exists public.enrollment_module_staff (
  id uuid primary key default gen_random_uuid(),
  enrollment_id uuid not null references public.client_enrollments (id) on delete cascade,
  module_id uuid not null references public.program_modules (id) on delete cascade,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  staff_user_id uuid not null references public.profiles (id) on delete cascade,
  role text not null,
  constraint enrollment_module_staff_valid_role check (role in ('instructor', 'coach')),
  constraint enrollment_module_staff_unique_assignment unique (enrollment_id, module_id, staff_user_id)
);
alter table public.enrollment_module_staff enable row level security;
create or replace trigger update_enrollment_module_staff_updated_at
  before update on public.enrollment_module_staff
  for each row execute function public.update_updated_at_column();

create table if not exists public.module_progress (
  id uuid primary key default gen_random_uuid(),
  enrollment_id uuid not null references public.client_enrollments (id) on delete cascade,
  module_id uuid not null references public.program_modules (id) on delete cascade,
  status public.progress_status not null default 'not_started',
  notes text,
  completed_at timestamptz,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint module_progress_enrollment_id_module_id_key unique (enrollment_id, module_id)
);
alter table public.module_progress enable row level security;
create or replace trigger update_module_progress_updated_at
  before update on public.module_progress
  for each row execute function public.update_updated_at_column();

create table if not exists public.cohort_sessions (
  id uuid primary key default gen_random_uuid(),
  cohort_id uuid not null references public.program_cohorts (id) on delete cascade,
  module_id uuid references public.program_modules (id) on delete set null,
  title text not null,
  description text,
  session_date date not null,
  start_time time,
  end_time time,
  location text,
  meeting_link text,
  notes text,
  order_index integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  timezone text default 'UTC',
  instructor_id uuid references auth.users (id) on delete set null,
  recap text,
  recording_url text
);
alter table public.cohort_sessions enable row level security;
create or replace trigger update_cohort_sessions_updated_at
  before update on public.cohort_sessions
  for each row execute function public.update_updated_at_column();

create table if not exists public.cohort_session_attendance (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null references public.cohort_sessions (id) on delete cascade,
  enrollment_id uuid not null references public.client_enrollments (id) on delete cascade,
  status text not null default 'present' check (status in ('present', 'absent', 'excused')),
  marked_by uuid references auth.users (id) on delete set null,
  marked_at timestamptz default now(),
  notes text,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint cohort_session_attendance_session_id_enrollment_id_key unique (session_id, enrollment_id)
);
alter table public.cohort_session_attendance enable row level security;
create or replace trigger update_cohort_session_attendance_updated_at
  before update on public.cohort_session_attendance
  for each row execute function public.update_updated_at_column();

create table if not exists public.cohort_waitlist (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  cohort_id uuid not null references public.program_cohorts (id) on delete cascade,
  position integer not null,
  notified boolean default false,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint cohort_waitlist_user_id_cohort_id_key unique (user_id, cohort_id)
);
alter table public.cohort_waitlist enable row level security;
create or replace trigger update_cohort_waitlist_updated_at
  before update on public.cohort_waitlist
  for each row execute function public.update_updated_at_column();

create table if not exists public.discount_code_uses (
  id uuid primary key default gen_random_uuid(),
  discount_code_id uuid not null references public.discount_codes (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  enrollment_id uuid references public.client_enrollments (id) on delete set null,
  program_id uuid references public.programs (id) on delete set null,
  tier_name text,
  original_price_credits integer,
  discount_amount_credits integer,
  final_price_credits integer,
  stripe_payment_intent_id text,
  created_at timestamptz default now(),
  constraint discount_code_uses_discount_code_id_user_id_enrollment_id_key
    unique (discount_code_id, user_id, enrollment_id)
);
alter table public.discount_code_uses enable row level security;

create table if not exists public.user_program_entitlement_usage (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  enrollment_id uuid not null references public.client_enrollments (id) on delete cascade,
  feature_key text not null,
  used_count integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint user_program_entitlement_usage_enrollment_id_feature_key_key
    unique (enrollment_id, feature_key)
);
alter table public.user_program_entitlement_usage enable row level security;
create or replace trigger update_user_program_entitlement_usage_updated_at
  before update on public.user_program_entitlement_usage
  for each row execute function public.update_updated_at_column();
