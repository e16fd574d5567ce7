create table public.session_types (
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
  constraint session_types_name_key unique (name),
  constraint session_types_texts_check check (
    char_length(name) <= 200
    and char_length(description) <= 5000
    and char_length(feature_key) <= 200
  ),
  constraint session_types_times_check check (
    default_duration_minutes between 1 and 44640
  )
);

comment on table public.session_types is 'Kinds of free-standing session.';

alter table public.session_types enable row level security;
revoke all on table public.session_types from public, anon, authenticated, service_role;
grant select, delete on table public.session_types to authenticated;
grant insert (
  name, description, default_duration_minutes, max_participants, allow_self_registration, feature_key,
  is_active
) on table public.session_types to authenticated;
grant update (
  name, description, default_duration_minutes, max_participants, allow_self_registration, feature_key,
  is_active
) on table public.session_types to authenticated;
grant all on table public.session_types to service_role;

create policy "select" on public.session_types for select to authenticated
  using ((select private.is_admin()) or is_active or (select private.is_staff()));
create policy "insert" on public.session_types for insert to authenticated with check ((select private.is_admin()));
create policy "update" on public.session_types for update to authenticated using ((select private.is_admin()));
create policy "delete" on public.session_types for delete to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.session_types
  for each row execute function private.audit_writes();
create or replace trigger update_session_types_updated_at
  before update on public.session_types
  for each row execute function public.update_updated_at_column();
