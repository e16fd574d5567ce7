-- Baseline: notifications, mail and the change of address, as production had them
-- before the audit, so that an empty database can be built from this folder alone.
--
-- Production has this already: there the file is marked as applied and never runs.
-- Locks: access exclusive on the tables it makes; share row exclusive, briefly, on those they refer to.
-- Can be run again: it then changes nothing.

create table if not exists public.notification_categories (
  id uuid primary key default gen_random_uuid(),
  key text not null,
  name text not null,
  description text,
  icon text default 'bell',
  order_index integer default 0,
  is_active boolean default true,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint notification_categories_key_key unique (key)
);
alter table public.notification_categories enable row level security;
create or replace trigger update_notification_categories_updated_at
  before update on public.notification_categories
  for each row execute function public.update_updated_at_column();

create table if not exists public.notification_types (
  id uuid primary key default gen_random_uuid(),
  key text not null,
  category_id uuid references public.notification_categories (id) on delete set null,
  name text not null,
  description text,
  icon text default 'bell',
  is_critical boolean default false,
  default_email_enabled boolean default true,
  default_in_app_enabled boolean default true,
  email_template_key text,
  is_active boolean default true,
  order_index integer default 0,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint notification_types_key_key unique (key)
);
alter table public.notification_types enable row level security;
create or replace trigger update_notification_types_updated_at
  before update on public.notification_types
  for each row execute function public.update_updated_at_column();

create table if not exists public.notifications (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  notification_type_id uuid references public.notification_types (id) on delete set null,
  title text not null,
  message text,
  link text,
  metadata jsonb default '{}',
  is_read boolean default false,
  read_at timestamptz,
  email_sent boolean default false,
  email_sent_at timestamptz,
  email_error text,
  created_at timestamptz default now()
);
alter table public.notifications enable row level security;

create table if not exists public.notification_preferences (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  profile_updates boolean default true,
  password_changes boolean default true,
  email_changes boolean default true,
  program_assignments boolean default true,
  program_completions boolean default true,
  module_completions boolean default false,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  instructor_program_assignments boolean default true,
  instructor_module_assignments boolean default true,
  coach_program_assignments boolean default true,
  coach_module_assignments boolean default true,
  session_requests boolean not null default true,
  session_scheduled boolean not null default true,
  assignment_graded boolean default true,
  assignment_submitted boolean default true,
  constraint notification_preferences_user_id_key unique (user_id)
);
alter table public.notification_preferences enable row level security;
create or replace trigger update_notification_preferences_updated_at
  before update on public.notification_preferences
  for each row execute function public.update_updated_at_column();

create table if not exists public.user_notification_preferences (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  notification_type_id uuid not null references public.notification_types (id) on delete cascade,
  email_enabled boolean default true,
  in_app_enabled boolean default true,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint user_notification_preferences_user_id_notification_type_id_key
    unique (user_id, notification_type_id)
);
alter table public.user_notification_preferences enable row level security;
create or replace trigger update_user_notification_preferences_updated_at
  before update on public.user_notification_preferences
  for each row execute function public.update_updated_at_column();

create table if not exists public.email_change_requests (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  old_email text not null,
  new_email text not null,
  verification_token text not null,
  expires_at timestamptz not null,
  created_at timestamptz default now(),
  token_hash text,
  verified_at timestamptz,
  constraint email_change_requests_verification_token_key unique (verification_token)
);
alter table public.email_change_requests enable row level security;

create table if not exists public.email_queue (
  id uuid primary key default gen_random_uuid(),
  notification_id uuid references public.notifications (id) on delete cascade,
  recipient_email text not null,
  recipient_name text,
  template_key text not null,
  template_data jsonb default '{}',
  status text default 'pending',
  attempts integer default 0,
  max_attempts integer default 3,
  last_attempt_at timestamptz,
  sent_at timestamptz,
  error_message text,
  scheduled_for timestamptz default now(),
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);
alter table public.email_queue enable row level security;
create or replace trigger update_email_queue_updated_at
  before update on public.email_queue
  for each row execute function public.update_updated_at_column();

create table if not exists public.email_templates (
  id uuid primary key default gen_random_uuid(),
  template_key text not null,
  name text not null,
  subject text not null,
  html_content text not null,
  description text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint email_templates_template_key_key unique (template_key)
);
alter table public.email_templates enable row level security;
create or replace trigger update_email_templates_updated_at
  before update on public.email_templates
  for each row execute function public.update_updated_at_column();

create table if not exists public.system_settings (
  id uuid primary key default gen_random_uuid(),
  key text not null,
  value text not null,
  description text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint system_settings_key_key unique (key)
);
alter table public.system_settings enable row level security;
create or replace trigger update_system_settings_updated_at
  before update on public.system_settings
  for each row execute function public.update_updated_at_column();
