create table public.add_on_features (
  id uuid primary key default gen_random_uuid(),
  add_on_id uuid not null references public.add_ons (id) on delete cascade,
  feature_id uuid not null references public.features (id) on delete cascade,
  created_at timestamptz not null default now(),
  constraint add_on_features_add_on_id_feature_id_key unique (add_on_id, feature_id)
);

comment on table public.add_on_features is 'Which features an add-on switches on.';

alter table public.add_on_features enable row level security;
revoke all on table public.add_on_features from public, anon, authenticated, service_role;
grant select, delete on table public.add_on_features to authenticated;
grant insert (add_on_id, feature_id) on table public.add_on_features to authenticated;
grant all on table public.add_on_features to service_role;

create policy "select" on public.add_on_features for select to authenticated using (true);
create policy "insert" on public.add_on_features for insert to authenticated with check ((select private.is_admin()));
create policy "delete" on public.add_on_features for delete to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.add_on_features
  for each row execute function private.audit_writes();
