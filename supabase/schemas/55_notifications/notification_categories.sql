create table public.notification_categories (
  id uuid primary key default gen_random_uuid(),
  key text not null,
  name text not null,
  description text,
  icon text default 'bell',
  order_index integer default 0,
  is_active boolean default true,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint notification_categories_key_key unique (key)
);

comment on table public.notification_categories is 'Headings under which notification types are shown.';

alter table public.notification_categories enable row level security;
revoke all on table public.notification_categories from public, anon, authenticated, service_role;
grant select, delete on table public.notification_categories to authenticated;
grant insert (key, name, description, icon, order_index) on table public.notification_categories to authenticated;
grant update (
  key, name, description, icon, order_index, is_active
) on table public.notification_categories to authenticated;
grant all on table public.notification_categories to service_role;

create policy "select" on public.notification_categories for select to authenticated
  using ((select private.is_admin()) or is_active);
create policy "insert" on public.notification_categories for insert to authenticated
  with check ((select private.is_admin()));
create policy "update" on public.notification_categories for update to authenticated
  using ((select private.is_admin()));
create policy "delete" on public.notification_categories for delete to authenticated
  using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.notification_categories
  for each row execute function private.audit_writes();
create or replace trigger update_notification_categories_updated_at
  before update on public.notification_categories
  for each row execute function public.update_updated_at_column();
