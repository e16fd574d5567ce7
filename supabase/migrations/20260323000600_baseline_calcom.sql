-- Baseline: what Cal.com books, and its deliveries, as production had them
-- before the audit, so that an empty database can be built from this folder alone.
--
-- Production has this already: there the file is marked as applied and never runs.
-- Locks: access exclusive on the tables it makes; share row exclusive, briefly, on those they refer to.
-- Can be run again: it then changes nothing.

create table if not exists public.calcom_event_type_mappings (
  id uuid primary key default gen_random_uuid(),
  calcom_event_type_id integer not null,
  calcom_event_type_slug text,
  calcom_event_type_name text,
  session_target text not null check (session_target in ('module_session', 'group_session')),
  default_program_id uuid references public.programs (id),
  default_group_id uuid references public.groups (id),
  default_module_id uuid references public.program_modules (id),
  is_active boolean default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  module_type text references public.module_types (name) on update cascade,
  scheduling_url text,
  constraint calcom_event_type_mappings_calcom_event_type_id_key unique (calcom_event_type_id)
);
alter table public.calcom_event_type_mappings enable row level security;
create or replace trigger update_calcom_event_type_mappings_updated_at
  before update on public.calcom_event_type_mappings
  for each row execute function public.update_updated_at_column();

create table if not exists public.instructor_calcom_event_types (
  id uuid primary key default gen_random_uuid(),
  instructor_id uuid not null references public.profiles (id) on delete cascade,
  module_type text not null references public.module_types (name) on delete cascade,
  child_event_type_id integer not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  booking_url text,
  constraint instructor_calcom_event_types_instructor_id_module_type_key
    unique (instructor_id, module_type)
);
alter table public.instructor_calcom_event_types enable row level security;
create or replace trigger update_instructor_calcom_event_types_updated_at
  before update on public.instructor_calcom_event_types
  for each row execute function public.update_updated_at_column();

create table if not exists public.calcom_webhook_logs (
  id uuid primary key default gen_random_uuid(),
  event_type text not null,
  payload jsonb not null,
  processed boolean default false,
  error_message text,
  created_at timestamptz not null default now()
);
alter table public.calcom_webhook_logs enable row level security;

-- The two tables refer to each other, so this half of the pair comes last.
do $$
begin
  if not exists (
    select from pg_catalog.pg_constraint
    where conrelid = 'public.groups'::regclass
      and conname = 'groups_calcom_mapping_id_fkey'
  ) then
    alter table public.groups add constraint groups_calcom_mapping_id_fkey
      foreign key (calcom_mapping_id) references public.calcom_event_type_mappings (id) on delete set null;
  end if;
end
$$;
