create table public.user_tracks (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  track_id uuid not null references public.tracks (id) on delete cascade,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint user_tracks_user_id_track_id_key unique (user_id, track_id)
);

comment on table public.user_tracks is
  'The tracks a user follows. There is no status column, only is_active.';

alter table public.user_tracks enable row level security;
revoke all on table public.user_tracks from public, anon, authenticated, service_role;
grant select on table public.user_tracks to authenticated;
grant insert (user_id, track_id, is_active) on table public.user_tracks to authenticated;
grant update (is_active) on table public.user_tracks to authenticated;
grant all on table public.user_tracks to service_role;

create policy "all" on public.user_tracks for all to authenticated
  using ((select private.is_admin()) or user_id = (select auth.uid()));

create or replace trigger audit_writes
  after insert or update or delete on public.user_tracks
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes('admins');
create or replace trigger update_user_tracks_updated_at
  before update on public.user_tracks
  for each row execute function public.update_updated_at_column();
