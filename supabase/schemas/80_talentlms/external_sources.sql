create table public.external_sources (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  display_name text not null,
  is_active boolean default true,
  config jsonb default '{}',
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint external_sources_name_key unique (name)
);

comment on table public.external_sources is 'Learning systems whose progress can be imported.';

alter table public.external_sources enable row level security;
revoke all on table public.external_sources from public, anon, authenticated, service_role;
-- config holds what opens the other system: no user reads it, and nobody writes here but with the secret key.
grant select (id, name, display_name, is_active, created_at, updated_at)
  on table public.external_sources to authenticated;
grant all on table public.external_sources to service_role;

create policy "select" on public.external_sources for select to authenticated
  using ((select private.is_admin()) or is_active);

create or replace trigger update_external_sources_updated_at
  before update on public.external_sources
  for each row execute function public.update_updated_at_column();
