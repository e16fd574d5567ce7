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
grant select, insert, update, delete on table public.external_sources to authenticated;
grant all on table public.external_sources to service_role;

create policy "select" on public.external_sources for select to authenticated
  using ((select private.is_admin()) or is_active);
create policy "insert" on public.external_sources for insert to authenticated with check ((select private.is_admin()));
create policy "update" on public.external_sources for update to authenticated using ((select private.is_admin()));
create policy "delete" on public.external_sources for delete to authenticated using ((select private.is_admin()));

create or replace trigger update_external_sources_updated_at
  before update on public.external_sources
  for each row execute function public.update_updated_at_column();
