-- Baseline: module sessions, peer groups and free-standing sessions, as production had them
-- before the audit, so that an empty database can be built from this folder alone.
--
-- Production has this already: there the file is marked as applied and never runs.
-- Locks: access exclusive on the tables it makes; share row exclusive, briefly, on those they refer to.
-- Can be run again: it then changes nothing.

create table if not exists public.module_sessions (
  id uuid primary key default gen_random_uuid(),
  module_id uuid not null references public.program_modules (id) on delete cascade,
  enrollment_id uuid references public.client_enrollments (id) on delete cascade,
  title text not null,
  description text,
  session_date timestamptz,
  duration_minutes integer default 60,
  location text,
  meeting_url text,
  status text not null default 'scheduled'
    check (
      status in (
        'draft', 'scheduled', 'requested', 'confirmed', 'in_progress', 'completed', 'cancelled',
        'rescheduled'
      )
    ),
  booked_by uuid references auth.users (id),
  instructor_id uuid references auth.users (id),
  notes text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  session_type text not null default 'individual',
  program_id uuid references public.programs (id) on delete cascade,
  requested_by uuid references auth.users (id),
  request_message text,
  client_response text check (client_response in ('accepted', 'rejected', 'pending')),
  is_recurring boolean not null default false,
  recurrence_pattern text,
  recurrence_end_date date,
  recurrence_count integer,
  parent_session_id uuid references public.module_sessions (id) on delete cascade,
  source text default 'staff' check (source in ('staff', 'client_request', 'client_external')),
  request_notes text,
  requested_at timestamptz,
  preferred_date timestamptz,
  timezone text default 'UTC',
  calcom_booking_id text,
  calcom_booking_uid text,
  calcom_event_type_id integer,
  calcom_event_type_slug text,
  calcom_reschedule_uid text,
  booking_source text default 'manual',
  constraint module_sessions_type_check check (
    (session_type = 'individual' and enrollment_id is not null)
    or (session_type = 'group' and program_id is not null)
  )
);
create unique index if not exists module_sessions_unique_individual
  on public.module_sessions (module_id, enrollment_id)
  where session_type = 'individual' and status <> 'cancelled';
alter table public.module_sessions enable row level security;
create or replace trigger update_module_sessions_updated_at
  before update on public.module_sessions
  for each row execute function public.update_updated_at_column();

create table if not exists public.module_session_participants (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null references public.module_sessions (id) on delete cascade,
  user_id uuid not null,
  enrollment_id uuid references public.client_enrollments (id) on delete cascade,
  created_at timestamptz not null default now(),
  response_status text not null default 'pending'
    check (response_status in ('pending', 'accepted', 'declined')),
  constraint module_session_participants_session_id_user_id_key unique (session_id, user_id)
);
alter table public.module_session_participants enable row level security;

create table if not exists public.groups (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  description text,
  program_id uuid references public.programs (id) on delete set null,
  theme text,
  join_type public.group_join_type not null default 'invitation_only',
  status public.group_status not null default 'draft',
  start_date date,
  end_date date,
  circle_group_id text,
  circle_group_url text,
  max_members integer,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  calendly_event_url text,
  google_drive_folder_url text,
  slack_channel_url text,
  calcom_mapping_id uuid
);
alter table public.groups enable row level security;
create or replace trigger update_groups_updated_at
  before update on public.groups
  for each row execute function public.update_updated_at_column();

create table if not exists public.group_memberships (
  id uuid primary key default gen_random_uuid(),
  group_id uuid not null references public.groups (id) on delete cascade,
  user_id uuid not null references public.profiles (id) on delete cascade,
  role public.group_member_role not null default 'member',
  status public.group_membership_status not null default 'active',
  joined_at timestamptz not null default now(),
  left_at timestamptz,
  constraint group_memberships_group_id_user_id_key unique (group_id, user_id)
);
alter table public.group_memberships enable row level security;

create table if not exists public.group_sessions (
  id uuid primary key default gen_random_uuid(),
  group_id uuid not null references public.groups (id) on delete cascade,
  title text not null,
  description text,
  session_date timestamptz not null,
  duration_minutes integer default 60,
  location text,
  calendly_event_uri text,
  calendly_invitee_uri text,
  status text not null default 'scheduled' check (status in ('scheduled', 'completed', 'cancelled')),
  booked_by uuid references auth.users (id),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  is_recurring boolean default false,
  recurrence_pattern text check (recurrence_pattern in ('weekly', 'bi-weekly', 'monthly')),
  recurrence_end_date date,
  parent_session_id uuid references public.group_sessions (id) on delete set null,
  timezone text default 'UTC',
  calcom_booking_id text,
  calcom_booking_uid text,
  calcom_event_type_id integer,
  calcom_event_type_slug text,
  calcom_reschedule_uid text,
  booking_source text default 'manual',
  enrollment_id uuid references public.client_enrollments (id) on delete set null,
  meeting_link text,
  start_time timestamptz,
  end_time timestamptz
);
alter table public.group_sessions enable row level security;
create or replace trigger update_group_sessions_updated_at
  before update on public.group_sessions
  for each row execute function public.update_updated_at_column();

create table if not exists public.group_session_participants (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null references public.group_sessions (id) on delete cascade,
  group_id uuid not null references public.groups (id) on delete cascade,
  user_id uuid not null,
  response_status text not null default 'pending'
    check (response_status in ('pending', 'accepted', 'declined')),
  responded_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint group_session_participants_session_id_user_id_key unique (session_id, user_id)
);
alter table public.group_session_participants enable row level security;
create or replace trigger update_group_session_participants_updated_at
  before update on public.group_session_participants
  for each row execute function public.update_updated_at_column();

create table if not exists public.session_types (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  description text,
  default_duration_minutes integer default 60,
  max_participants integer,
  allow_self_registration boolean default false,
  feature_key text,
  is_active boolean default true,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint session_types_name_key unique (name)
);
alter table public.session_types enable row level security;
create or replace trigger update_session_types_updated_at
  before update on public.session_types
  for each row execute function public.update_updated_at_column();

create table if not exists public.session_type_roles (
  id uuid primary key default gen_random_uuid(),
  session_type_id uuid not null references public.session_types (id) on delete cascade,
  role_name text not null,
  description text,
  max_per_session integer,
  is_required boolean default false,
  order_index integer default 0,
  created_at timestamptz default now(),
  constraint session_type_roles_session_type_id_role_name_key unique (session_type_id, role_name)
);
alter table public.session_type_roles enable row level security;

create table if not exists public.sessions (
  id uuid primary key default gen_random_uuid(),
  session_type_id uuid not null references public.session_types (id),
  title text not null,
  description text,
  session_date timestamptz,
  duration_minutes integer default 60,
  location text,
  meeting_url text,
  status text default 'draft'
    check (
      status in (
        'draft', 'scheduled', 'requested', 'confirmed', 'in_progress', 'completed', 'cancelled'
      )
    ),
  max_participants integer,
  allow_self_registration boolean default false,
  registration_deadline timestamptz,
  notes text,
  created_by uuid references auth.users (id),
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);
alter table public.sessions enable row level security;
create or replace trigger update_sessions_updated_at
  before update on public.sessions
  for each row execute function public.update_updated_at_column();

create table if not exists public.session_participants (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null references public.sessions (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  role_id uuid references public.session_type_roles (id) on delete set null,
  custom_role text,
  status text default 'registered'
    check (status in ('invited', 'registered', 'confirmed', 'attended', 'no_show', 'cancelled')),
  registered_at timestamptz default now(),
  confirmed_at timestamptz,
  attended_at timestamptz,
  notes text,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint session_participants_session_id_user_id_key unique (session_id, user_id)
);
alter table public.session_participants enable row level security;
create or replace trigger update_session_participants_updated_at
  before update on public.session_participants
  for each row execute function public.update_updated_at_column();
