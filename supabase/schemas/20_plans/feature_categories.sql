create table public.feature_categories (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  description text,
  display_order integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

comment on table public.feature_categories is 'Headings under which the admin pages group the features.';

alter table public.feature_categories enable row level security;
revoke all on table public.feature_categories from public, anon, authenticated, service_role;
grant select, delete on table public.feature_categories to authenticated;
grant insert (name, description, display_order) on table public.feature_categories to authenticated;
grant update (name, description, display_order) on table public.feature_categories to authenticated;
grant all on table public.feature_categories to service_role;

create policy "select" on public.feature_categories for select to authenticated using (true);
create policy "insert" on public.feature_categories for insert to authenticated
  with check ((select private.is_admin()));
create policy "update" on public.feature_categories for update to authenticated using ((select private.is_admin()));
create policy "delete" on public.feature_categories for delete to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.feature_categories
  for each row execute function private.audit_writes();
create or replace trigger update_feature_categories_updated_at
  before update on public.feature_categories
  for each row execute function public.update_updated_at_column();
