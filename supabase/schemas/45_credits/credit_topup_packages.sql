create table public.credit_topup_packages (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  slug text not null,
  description text,
  price_cents integer not null default 0,
  credit_value integer not null default 0,
  currency text not null default 'eur',
  stripe_price_id text,
  validity_months integer default 24,
  max_per_user integer,
  display_order integer default 0,
  is_active boolean default true,
  is_featured boolean default false,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint credit_topup_packages_slug_key unique (slug)
);

comment on table public.credit_topup_packages is 'Packages of credits a user can buy.';

alter table public.credit_topup_packages enable row level security;
revoke all on table public.credit_topup_packages from public, anon, authenticated, service_role;
grant select, delete on table public.credit_topup_packages to authenticated;
grant insert (
  name, slug, description, price_cents, credit_value, currency, stripe_price_id, validity_months, max_per_user,
  display_order, is_active, is_featured
) on table public.credit_topup_packages to authenticated;
grant update (
  name, slug, description, price_cents, credit_value, currency, stripe_price_id, validity_months, max_per_user,
  display_order, is_active, is_featured
) on table public.credit_topup_packages to authenticated;
grant all on table public.credit_topup_packages to service_role;

create policy "select" on public.credit_topup_packages for select to authenticated
  using ((select private.is_admin()) or is_active);
create policy "insert" on public.credit_topup_packages for insert to authenticated
  with check ((select private.is_admin()));
create policy "update" on public.credit_topup_packages for update to authenticated using ((select private.is_admin()));
create policy "delete" on public.credit_topup_packages for delete to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.credit_topup_packages
  for each row execute function private.audit_writes();
create or replace trigger update_credit_topup_packages_updated_at
  before update on public.credit_topup_packages
  for each row execute function public.update_updated_at_column();
