-- Baseline: assignments, assessments, feedback and partners, as production had them
-- before the audit, so that an empty database can be built from this folder alone.
--
-- Production has this already: there the file is marked as applied and never runs.
-- Locks: access exclusive on the tables it makes; share row exclusive, briefly, on those they refer to.
-- Can be run again: it then changes nothing.

create table if not exists public.scenario_templates (
  id uuid primary key default gen_random_uuid()
);
alter table public.scenario_templates enable row level security;

create table if not exists public.section_paragraphs (
  id uuid primary key default gen_random_uuid()
);
alter table public.section_paragraphs enable row level security;

create table if not exists public.scenario_assignments (
  id uuid primary key default gen_random_uuid(),
  template_id uuid not null references public.scenario_templates (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  assigned_by uuid references auth.users (id) on delete set null,
  enrollment_id uuid references public.client_enrollments (id) on delete set null,
  status text not null default 'draft' check (status in ('draft', 'submitted', 'in_review', 'evaluated')),
  assigned_at timestamptz not null default now(),
  submitted_at timestamptz,
  evaluated_at timestamptz,
  evaluated_by uuid references auth.users (id) on delete set null,
  overall_notes text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  module_id uuid references public.program_modules (id) on delete set null,
  parent_assignment_id uuid references public.scenario_assignments (id),
  attempt_number integer not null default 1,
  revision_notes text,
  constraint scenario_assignments_template_id_user_id_enrollment_id_key
    unique (template_id, user_id, enrollment_id)
);
alter table public.scenario_assignments enable row level security;
create or replace trigger update_scenario_assignments_updated_at
  before update on public.scenario_assignments
  for each row execute function public.update_updated_at_column();

create table if not exists public.paragraph_evaluations (
  id uuid primary key default gen_random_uuid(),
  assignment_id uuid not null references public.scenario_assignments (id) on delete cascade,
  paragraph_id uuid not null references public.section_paragraphs (id) on delete cascade,
  evaluator_id uuid references auth.users (id) on delete set null,
  feedback text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint paragraph_evaluations_assignment_id_paragraph_id_key unique (assignment_id, paragraph_id)
);
alter table public.paragraph_evaluations enable row level security;
create or replace trigger update_paragraph_evaluations_updated_at
  before update on public.paragraph_evaluations
  for each row execute function public.update_updated_at_column();

create table if not exists public.capability_snapshots (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references public.profiles (id) on delete cascade,
  assessment_id uuid not null references public.capability_assessments (id) on delete cascade,
  enrollment_id uuid references public.client_enrollments (id) on delete set null,
  title text,
  notes text,
  shared_with_coach boolean not null default false,
  completed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  is_self_assessment boolean not null default true,
  evaluator_id uuid references public.profiles (id),
  evaluation_relationship text,
  status text not null default 'completed' check (status in ('draft', 'completed')),
  is_private boolean not null default false,
  shared_with_instructor boolean not null default false,
  constraint evaluator_required_for_external check (is_self_assessment or evaluator_id is not null)
);
alter table public.capability_snapshots enable row level security;
create or replace trigger update_capability_snapshots_updated_at
  before update on public.capability_snapshots
  for each row execute function public.update_updated_at_column();

create table if not exists public.module_assignments (
  id uuid constraint module_assessments_pkey primary key default gen_random_uuid(),
  module_progress_id uuid not null
    constraint module_assessments_module_progress_id_fkey
    references public.module_progress (id) on delete cascade,
  assignment_type_id uuid not null
    constraint module_assessments_assessment_type_id_fkey
    references public.module_assignment_types (id) on delete cascade,
  assessor_id uuid not null,
  responses jsonb not null default '{}',
  overall_score numeric(5,2),
  overall_comments text,
  status text not null default 'draft' check (status in ('draft', 'submitted', 'reviewed', 'completed')),
  completed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  scoring_snapshot_id uuid references public.capability_snapshots (id) on delete set null,
  scored_by uuid,
  scored_at timestamptz,
  instructor_notes text,
  is_private boolean not null default false,
  constraint module_assessments_module_progress_id_assessment_type_id_key
    unique (module_progress_id, assignment_type_id)
);
alter table public.module_assignments enable row level security;
create or replace trigger update_module_assignments_updated_at
  before update on public.module_assignments
  for each row execute function public.update_updated_at_column();

create table if not exists public.feedback_template_types (
  id uuid primary key default gen_random_uuid()
);
alter table public.feedback_template_types enable row level security;

create table if not exists public.coach_module_feedback (
  id uuid primary key default gen_random_uuid(),
  module_progress_id uuid not null references public.module_progress (id) on delete cascade,
  coach_id uuid not null,
  feedback text,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  template_type_id uuid references public.feedback_template_types (id),
  structured_responses jsonb default '{}',
  status text not null default 'draft' check (status in ('draft', 'published'))
);
create unique index if not exists coach_module_feedback_unique
  on public.coach_module_feedback (module_progress_id, coach_id);
alter table public.coach_module_feedback enable row level security;
create or replace trigger update_coach_module_feedback_updated_at
  before update on public.coach_module_feedback
  for each row execute function public.update_updated_at_column();

create table if not exists public.module_reflections (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  module_progress_id uuid not null references public.module_progress (id) on delete cascade,
  content text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
alter table public.module_reflections enable row level security;
create or replace trigger update_module_reflections_updated_at
  before update on public.module_reflections
  for each row execute function public.update_updated_at_column();

create table if not exists public.content_completions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  content_package_id uuid not null references public.content_packages (id) on delete cascade,
  completed_at timestamptz not null default now(),
  source_module_id uuid references public.program_modules (id) on delete set null,
  source_enrollment_id uuid references public.client_enrollments (id) on delete set null,
  result_score_scaled numeric,
  created_at timestamptz not null default now(),
  constraint content_completions_user_id_content_package_id_key unique (user_id, content_package_id)
);
alter table public.content_completions enable row level security;

create table if not exists public.partner_codes (
  id uuid primary key default gen_random_uuid(),
  partner_id uuid not null references auth.users (id),
  program_id uuid not null references public.programs (id),
  cohort_id uuid references public.program_cohorts (id),
  code text not null,
  label text,
  discount_percent integer default 0 check (discount_percent between 0 and 100),
  is_free boolean not null default false,
  max_uses integer,
  current_uses integer not null default 0,
  expires_at timestamptz,
  is_active boolean not null default true,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  grants_tier text,
  constraint partner_codes_code_key unique (code)
);
alter table public.partner_codes enable row level security;
create or replace trigger update_partner_codes_updated_at
  before update on public.partner_codes
  for each row execute function public.update_updated_at_column();

create table if not exists public.partner_referrals (
  id uuid primary key default gen_random_uuid(),
  partner_code_id uuid not null references public.partner_codes (id) on delete cascade,
  partner_id uuid not null references auth.users (id),
  referred_user_id uuid not null references auth.users (id),
  enrollment_id uuid references public.client_enrollments (id),
  referral_type text not null default 'enrollment' check (referral_type in ('enrollment', 'signup')),
  status text not null default 'attributed' check (status in ('attributed', 'paid', 'void')),
  created_at timestamptz default now()
);
alter table public.partner_referrals enable row level security;
