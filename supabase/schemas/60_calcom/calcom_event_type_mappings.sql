create table public.calcom_event_type_mappings (
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
  constraint calcom_event_type_mappings_calcom_event_type_id_key unique (calcom_event_type_id),
  constraint calcom_event_type_mappings_texts_check check (
    char_length(calcom_event_type_slug) <= 500
    and char_length(calcom_event_type_name) <= 300
    and char_length(scheduling_url) <= 5000
  ),
  constraint calcom_event_type_mappings_links_check check (private.are_web_links(scheduling_url))
);

comment on table public.calcom_event_type_mappings is
  'What a Cal.com event type books here: a module session or a peer group session.';

create index calcom_event_type_mappings_module_type_idx
  on public.calcom_event_type_mappings (module_type);
create index calcom_event_type_mappings_slug_idx
  on public.calcom_event_type_mappings (calcom_event_type_slug);

-- The other way round: a group may name the event type that books its sessions.
alter table public.groups add constraint groups_calcom_mapping_id_fkey
  foreign key (calcom_mapping_id) references public.calcom_event_type_mappings (id) on delete set null;

alter table public.calcom_event_type_mappings enable row level security;
revoke all on table public.calcom_event_type_mappings from public, anon, authenticated, service_role;
grant select, delete on table public.calcom_event_type_mappings to authenticated;
grant insert (
  calcom_event_type_id, calcom_event_type_name, session_target, default_program_id, default_group_id,
  default_module_id, module_type, scheduling_url, is_active
) on table public.calcom_event_type_mappings to authenticated;
grant update (
  calcom_event_type_id, calcom_event_type_name, session_target, default_program_id, default_group_id,
  default_module_id, module_type, scheduling_url, is_active
) on table public.calcom_event_type_mappings to authenticated;
grant all on table public.calcom_event_type_mappings to service_role;

create policy "all" on public.calcom_event_type_mappings for all to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.calcom_event_type_mappings
  for each row execute function private.audit_writes();
create or replace trigger update_calcom_event_type_mappings_updated_at
  before update on public.calcom_event_type_mappings
  for each row execute function public.update_updated_at_column();
