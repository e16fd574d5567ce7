create table public.tracks (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  key text not null,
  description text,
  icon text,
  is_active boolean not null default true,
  display_order integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  display_name text default 'learning track',
  constraint tracks_key_key unique (key)
);

comment on table public.tracks is 'Learning tracks a user can follow; they switch features on.';

alter table public.tracks enable row level security;
revoke all on table public.tracks from public, anon, authenticated, service_role;
grant select, delete on table public.tracks to authenticated;
grant insert (
  name, key, description, icon, is_active, display_order, display_name
) on table public.tracks to authenticated;
grant update (
  name, key, description, icon, is_active, display_order, display_name
) on table public.tracks to authenticated;
grant all on table public.tracks to service_role;

create policy "select" on public.tracks for select to authenticated using (true);
create policy "insert" on public.tracks for insert to authenticated with check ((select private.is_admin()));
create policy "update" on public.tracks for update to authenticated using ((select private.is_admin()));
create policy "delete" on public.tracks for delete to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.tracks
  for each row execute function private.audit_writes();
create or replace trigger update_tracks_updated_at
  before update on public.tracks
  for each row execute function public.update_updated_at_column();
