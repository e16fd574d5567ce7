-- Baseline: the wheel of life, goals, guided paths and reflection, as production had them
-- before the audit, so that an empty database can be built from this folder alone.
--
-- Production has this already: there the file is marked as applied and never runs.
-- Locks: access exclusive on the tables it makes; share row exclusive, briefly, on those they refer to.
-- Can be run again: it then changes nothing.

create table if not exists public.wheel_categories (
  id uuid primary key default gen_random_uuid(),
  key text not null,
  name text not null,
  description text,
  color text,
  icon text,
  order_index integer not null default 0,
  is_active boolean not null default true,
  is_legacy boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint wheel_categories_key_key unique (key)
);
alter table public.wheel_categories enable row level security;
create or replace trigger update_wheel_categories_updated_at
  before update on public.wheel_categories
  for each row execute function public.update_updated_at_column();

create table if not exists public.wheel_of_life_snapshots (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  snapshot_date date not null default current_date,
  notes text,
  health_fitness integer check (health_fitness between 1 and 10),
  career_business integer check (career_business between 1 and 10),
  finances integer check (finances between 1 and 10),
  relationships integer check (relationships between 1 and 10),
  personal_growth integer check (personal_growth between 1 and 10),
  fun_recreation integer check (fun_recreation between 1 and 10),
  physical_environment integer check (physical_environment between 1 and 10),
  family_friends integer check (family_friends between 1 and 10),
  romance integer check (romance between 1 and 10),
  contribution integer check (contribution between 1 and 10),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  shared_with_coach boolean not null default false
);
alter table public.wheel_of_life_snapshots enable row level security;
create or replace trigger update_wheel_of_life_snapshots_updated_at
  before update on public.wheel_of_life_snapshots
  for each row execute function public.update_updated_at_column();

create table if not exists public.guided_path_templates (
  id uuid primary key default gen_random_uuid()
);
alter table public.guided_path_templates enable row level security;

create table if not exists public.guided_path_survey_responses (
  id uuid primary key default gen_random_uuid()
);
alter table public.guided_path_survey_responses enable row level security;

create table if not exists public.guided_path_template_goals (
  id uuid primary key default gen_random_uuid(),
  template_id uuid not null references public.guided_path_templates (id) on delete cascade,
  title text not null,
  description text,
  category text not null,
  timeframe_type text not null default 'medium_term',
  priority text not null default 'medium',
  order_index integer not null default 0,
  created_at timestamptz not null default now()
);
alter table public.guided_path_template_goals enable row level security;

create table if not exists public.guided_path_template_milestones (
  id uuid primary key default gen_random_uuid(),
  template_goal_id uuid not null references public.guided_path_template_goals (id) on delete cascade,
  title text not null,
  description text,
  order_index integer not null default 0,
  recommended_days_min integer,
  recommended_days_max integer,
  created_at timestamptz not null default now(),
  recommended_days_optimal integer
);
alter table public.guided_path_template_milestones enable row level security;

create table if not exists public.capability_domains (
  id uuid primary key default gen_random_uuid()
);
alter table public.capability_domains enable row level security;

create table if not exists public.assessment_definitions (
  id uuid primary key default gen_random_uuid()
);
alter table public.assessment_definitions enable row level security;

create table if not exists public.assessment_dimensions (
  id uuid primary key default gen_random_uuid()
);
alter table public.assessment_dimensions enable row level security;

create table if not exists public.guided_path_milestone_gates (
  id uuid primary key default gen_random_uuid(),
  template_milestone_id uuid not null
    references public.guided_path_template_milestones (id) on delete cascade,
  capability_assessment_id uuid references public.capability_assessments (id) on delete cascade,
  capability_domain_id uuid references public.capability_domains (id) on delete cascade,
  assessment_definition_id uuid references public.assessment_definitions (id) on delete cascade,
  assessment_dimension_id uuid references public.assessment_dimensions (id) on delete cascade,
  min_score numeric not null,
  gate_label text,
  created_at timestamptz not null default now()
);
alter table public.guided_path_milestone_gates enable row level security;

create table if not exists public.guided_path_instantiations (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  template_id uuid not null references public.guided_path_templates (id) on delete set null,
  survey_response_id uuid references public.guided_path_survey_responses (id) on delete set null,
  pace_multiplier numeric not null default 1.0,
  started_at timestamptz not null default now(),
  estimated_completion_date date,
  actual_completion_date date,
  status text not null default 'active' check (status in ('active', 'paused', 'completed', 'abandoned')),
  created_at timestamptz not null default now()
);
alter table public.guided_path_instantiations enable row level security;

create table if not exists public.goals (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  title text not null,
  description text,
  category public.goal_category not null,
  timeframe_type text not null check (timeframe_type in ('short_term', 'medium_term', 'long_term')),
  priority text not null default 'medium'::public.goal_priority check (priority in ('low', 'medium', 'high')),
  target_date date,
  status text not null default 'active' check (status in ('active', 'on_hold', 'retired', 'completed')),
  progress_percentage integer not null default 0 check (progress_percentage between 0 and 100),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  is_public boolean not null default false,
  is_private boolean not null default false,
  template_goal_id uuid references public.guided_path_template_goals (id) on delete set null,
  instantiation_id uuid references public.guided_path_instantiations (id) on delete set null
);
alter table public.goals enable row level security;
create or replace trigger update_goals_updated_at
  before update on public.goals
  for each row execute function public.update_updated_at_column();

create table if not exists public.goal_milestones (
  id uuid primary key default gen_random_uuid(),
  goal_id uuid not null references public.goals (id) on delete cascade,
  title text not null,
  description text,
  status text not null default 'not_started'::public.milestone_status check (status in ('not_started', 'in_progress', 'completed')),
  due_date date,
  order_index integer not null,
  created_at timestamptz not null default now(),
  category text,
  is_private boolean not null default false
);
alter table public.goal_milestones enable row level security;

create table if not exists public.goal_comments (
  id uuid primary key default gen_random_uuid(),
  goal_id uuid not null references public.goals (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  comment text not null,
  created_at timestamptz not null default now(),
  is_private boolean not null default false
);
alter table public.goal_comments enable row level security;

create table if not exists public.generated_prompts (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  prompt_text text not null,
  prompt_context jsonb default '{}',
  period_type text not null check (period_type in ('weekly', 'monthly', 'on_demand')),
  period_start date not null,
  status text not null default 'pending' check (status in ('pending', 'answered', 'skipped', 'expired')),
  response_item_id uuid,
  generated_at timestamptz not null default now(),
  answered_at timestamptz,
  skipped_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
alter table public.generated_prompts enable row level security;
create or replace trigger update_generated_prompts_updated_at
  before update on public.generated_prompts
  for each row execute function public.update_updated_at_column();

create table if not exists public.resource_library (
  id uuid primary key default gen_random_uuid()
);
alter table public.resource_library enable row level security;

create table if not exists public.development_items (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  item_type text not null check (item_type in ('reflection', 'resource', 'action_item', 'note')),
  title text,
  content text,
  resource_type text check (resource_type in ('link', 'file', 'image', 'library') or resource_type is null),
  resource_url text,
  file_path text,
  file_size integer,
  mime_type text,
  status text check (status in ('pending', 'in_progress', 'completed', 'cancelled') or status is null),
  due_date date,
  completed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  prompt_id uuid references public.generated_prompts (id) on delete set null,
  author_id uuid references auth.users (id),
  is_private boolean not null default false,
  library_resource_id uuid references public.resource_library (id) on delete set null,
  cohort_session_id uuid references public.cohort_sessions (id) on delete set null
);
alter table public.development_items enable row level security;
create or replace trigger update_development_items_updated_at
  before update on public.development_items
  for each row execute function public.update_updated_at_column();

create table if not exists public.ai_preferences (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  ai_insights_enabled boolean not null default false,
  ai_recommendations_enabled boolean not null default false,
  consent_given_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint ai_preferences_user_id_key unique (user_id)
);
alter table public.ai_preferences enable row level security;
create or replace trigger update_ai_preferences_updated_at
  before update on public.ai_preferences
  for each row execute function public.update_updated_at_column();

-- The two tables refer to each other, so this half of the pair comes last.
do $$
begin
  if not exists (
    select from pg_catalog.pg_constraint
    where conrelid = 'public.generated_prompts'::regclass
      and conname = 'generated_prompts_response_item_id_fkey'
  ) then
    alter table public.generated_prompts add constraint generated_prompts_response_item_id_fkey
      foreign key (response_item_id) references public.development_items (id) on delete set null;
  end if;
end
$$;
