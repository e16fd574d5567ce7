create table public.credit_source_types (
  key text primary key,
  display_name text not null,
  description text,
  is_active boolean not null default true,
  default_expiry_months integer,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

comment on table public.credit_source_types is
  'Where a batch of credits can come from; key is the primary key.';

alter table public.credit_source_types enable row level security;
revoke all on table public.credit_source_types from public, anon, authenticated, service_role;
grant select on table public.credit_source_types to authenticated;
grant all on table public.credit_source_types to service_role;

create policy "select" on public.credit_source_types for select to authenticated using (true);

create or replace trigger update_credit_source_types_updated_at
  before update on public.credit_source_types
  for each row execute function public.update_updated_at_column();
