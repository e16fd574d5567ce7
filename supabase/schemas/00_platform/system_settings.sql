create table public.system_settings (
  id uuid primary key default gen_random_uuid(),
  key text not null,
  value text not null,
  description text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint system_settings_key_key unique (key)
);

comment on table public.system_settings is 'Settings of the platform by key, as text.';

alter table public.system_settings enable row level security;
revoke all on table public.system_settings from public, anon, authenticated, service_role;
grant select on table public.system_settings to authenticated;
grant insert (key, value, updated_at) on table public.system_settings to authenticated;
grant update (key, value, updated_at) on table public.system_settings to authenticated;
grant all on table public.system_settings to service_role;

create policy "all" on public.system_settings for all to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.system_settings
  for each row execute function private.audit_writes();
create or replace trigger update_system_settings_updated_at
  before insert or update on public.system_settings
  for each row execute function public.update_updated_at_column();
