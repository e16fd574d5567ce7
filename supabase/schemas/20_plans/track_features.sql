create table public.track_features (
  id uuid primary key default gen_random_uuid(),
  track_id uuid not null references public.tracks (id) on delete cascade,
  feature_id uuid not null references public.features (id) on delete cascade,
  is_enabled boolean not null default true,
  limit_value integer,
  created_at timestamptz not null default now(),
  constraint track_features_track_id_feature_id_key unique (track_id, feature_id)
);

comment on table public.track_features is 'Which features a track switches on, and up to which limit.';

alter table public.track_features enable row level security;
revoke all on table public.track_features from public, anon, authenticated, service_role;
grant select on table public.track_features to authenticated;
grant insert (track_id, feature_id, is_enabled, limit_value) on table public.track_features to authenticated;
grant update (is_enabled, limit_value) on table public.track_features to authenticated;
grant all on table public.track_features to service_role;

create policy "select" on public.track_features for select to authenticated using (true);
create policy "insert" on public.track_features for insert to authenticated with check ((select private.is_admin()));
create policy "update" on public.track_features for update to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.track_features
  for each row execute function private.audit_writes();
