create table public.features (
  id uuid primary key default gen_random_uuid(),
  key text not null,
  name text not null,
  description text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  is_consumable boolean not null default false,
  category_id uuid references public.feature_categories (id) on delete set null,
  is_system boolean not null default false,
  is_active boolean not null default true,
  constraint features_key_key unique (key)
);

comment on table public.features is
  'Everything a plan, programme plan, track or add-on can switch on; code refers to key.';

alter table public.features enable row level security;
revoke all on table public.features from public, anon, authenticated, service_role;
grant select, delete on table public.features to authenticated;
grant insert (key, name, description, is_consumable, category_id) on table public.features to authenticated;
grant update (key, name, description, is_consumable, category_id) on table public.features to authenticated;
grant all on table public.features to service_role;

create policy "select" on public.features for select to authenticated using (true);
create policy "insert" on public.features for insert to authenticated with check ((select private.is_admin()));
create policy "update" on public.features for update to authenticated using ((select private.is_admin()));
create policy "delete" on public.features for delete to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.features
  for each row execute function private.audit_writes();
create or replace trigger update_features_updated_at
  before update on public.features
  for each row execute function public.update_updated_at_column();
