create table public.org_credit_packages (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  slug text not null,
  description text,
  price_cents integer not null default 0,
  credit_value integer not null default 0,
  currency text not null default 'eur',
  stripe_price_id text,
  validity_months integer default 24,
  display_order integer default 0,
  is_active boolean default true,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint org_credit_packages_slug_key unique (slug)
);

comment on table public.org_credit_packages is 'Packages of credits an organisation can buy.';

alter table public.org_credit_packages enable row level security;
revoke all on table public.org_credit_packages from public, anon, authenticated, service_role;
grant select, delete on table public.org_credit_packages to authenticated;
grant insert (
  name, slug, description, price_cents, credit_value, currency, validity_months, display_order, is_active
) on table public.org_credit_packages to authenticated;
grant update (
  name, description, price_cents, credit_value, currency, validity_months, display_order, is_active, updated_at
) on table public.org_credit_packages to authenticated;
grant all on table public.org_credit_packages to service_role;

create policy "select" on public.org_credit_packages for select to authenticated
  using ((select private.is_admin()) or is_active);
create policy "insert" on public.org_credit_packages for insert to authenticated
  with check ((select private.is_admin()));
create policy "update" on public.org_credit_packages for update to authenticated using ((select private.is_admin()));
create policy "delete" on public.org_credit_packages for delete to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.org_credit_packages
  for each row execute function private.audit_writes();
create or replace trigger update_org_credit_packages_updated_at
  before update on public.org_credit_packages
  for each row execute function public.update_updated_at_column();
