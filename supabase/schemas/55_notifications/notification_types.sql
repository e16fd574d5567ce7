create table public.notification_types (
  id uuid primary key default gen_random_uuid(),
  key text not null,
  category_id uuid references public.notification_categories (id) on delete set null,
  name text not null,
  description text,
  icon text default 'bell',
  is_critical boolean default false,
  default_email_enabled boolean default true,
  default_in_app_enabled boolean default true,
  email_template_key text,
  is_active boolean default true,
  order_index integer default 0,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  preference text,
  constraint notification_types_key_key unique (key)
);

comment on table public.notification_types is
  'Kinds of notification. Critical ones ignore the user''s preferences.';
comment on column public.notification_types.preference is
  'The column of notification_preferences that switches this type''s mails off. Null: none does.';

alter table public.notification_types enable row level security;
revoke all on table public.notification_types from public, anon, authenticated, service_role;
grant select, delete on table public.notification_types to authenticated;
grant insert (
  key, category_id, name, description, icon, is_critical, default_email_enabled, default_in_app_enabled,
  email_template_key, order_index
) on table public.notification_types to authenticated;
grant update (
  key, category_id, name, description, icon, is_critical, default_email_enabled, default_in_app_enabled,
  email_template_key, is_active, order_index
) on table public.notification_types to authenticated;
grant all on table public.notification_types to service_role;

create policy "select" on public.notification_types for select to authenticated
  using ((select private.is_admin()) or is_active);
create policy "insert" on public.notification_types for insert to authenticated
  with check ((select private.is_admin()));
create policy "update" on public.notification_types for update to authenticated using ((select private.is_admin()));
create policy "delete" on public.notification_types for delete to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.notification_types
  for each row execute function private.audit_writes();
create or replace trigger update_notification_types_updated_at
  before update on public.notification_types
  for each row execute function public.update_updated_at_column();
