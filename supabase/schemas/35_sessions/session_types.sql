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
  constraint session_types_name_key unique (name)
);

comment on table public.session_types is 'Kinds of free-standing session.';

alter table public.session_types enable row level security;
revoke all on table public.session_types from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.session_types to authenticated;
grant all on table public.session_types to service_role;

create policy "select" on public.session_types for select to authenticated
  using ((select private.is_admin()) or is_active or (select private.is_staff()));
create policy "insert" on public.session_types for insert to authenticated
  with check ((select private.is_admin()) or (select private.is_staff()));
create policy "update" on public.session_types for update to authenticated
  using ((select private.is_admin()) or (select private.is_staff()));
create policy "delete" on public.session_types for delete to authenticated
  using ((select private.is_admin()) or (select private.is_staff()));

create or replace trigger update_session_types_updated_at
  before update on public.session_types
  for each row execute function public.update_updated_at_column();
