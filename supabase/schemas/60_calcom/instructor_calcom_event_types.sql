create table public.instructor_calcom_event_types (
  id uuid primary key default gen_random_uuid(),
  instructor_id uuid not null references public.profiles (id) on delete cascade,
  module_type text not null references public.module_types (name) on delete cascade,
  child_event_type_id integer not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  booking_url text,
  constraint instructor_calcom_event_types_instructor_id_module_type_key
    unique (instructor_id, module_type),
  constraint instructor_calcom_event_types_texts_check check (
    char_length(booking_url) <= 5000
  ),
  constraint instructor_calcom_event_types_links_check check (private.are_web_links(booking_url))
);

comment on table public.instructor_calcom_event_types is
  'The Cal.com event type of a staff person for a kind of module. child_event_type_id is not unique.';

create index instructor_calcom_event_types_child_idx
  on public.instructor_calcom_event_types (child_event_type_id);

alter table public.instructor_calcom_event_types enable row level security;
revoke all on table public.instructor_calcom_event_types from public, anon, authenticated, service_role;
grant select, delete on table public.instructor_calcom_event_types to authenticated;
grant insert (
  instructor_id, module_type, child_event_type_id, booking_url
) on table public.instructor_calcom_event_types to authenticated;
grant update (
  child_event_type_id, booking_url
) on table public.instructor_calcom_event_types to authenticated;
grant all on table public.instructor_calcom_event_types to service_role;

create policy "select" on public.instructor_calcom_event_types for select to authenticated
  using (
    (select private.is_admin())
    or instructor_id = (select auth.uid())
    or private.client_can_view_staff_profile((select auth.uid()), instructor_id)
  );
create policy "insert" on public.instructor_calcom_event_types for insert to authenticated
  with check ((select private.is_admin()));
create policy "update" on public.instructor_calcom_event_types for update to authenticated
  using ((select private.is_admin()));
create policy "delete" on public.instructor_calcom_event_types for delete to authenticated
  using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.instructor_calcom_event_types
  for each row execute function private.audit_writes();
create or replace trigger update_instructor_calcom_event_types_updated_at
  before update on public.instructor_calcom_event_types
  for each row execute function public.update_updated_at_column();
