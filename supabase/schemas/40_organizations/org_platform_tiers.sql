create table public.org_platform_tiers (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  slug text not null,
  description text,
  annual_fee_cents integer not null default 0,
  monthly_fee_cents integer,
  currency text not null default 'eur',
  stripe_annual_price_id text,
  stripe_monthly_price_id text,
  features jsonb default '[]',
  max_members integer,
  includes_analytics boolean default true,
  display_order integer default 0,
  is_active boolean default true,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  max_sponsored_seats integer default 0,
  credit_allowance integer check ((credit_allowance > 0)),
  constraint org_platform_tiers_slug_key unique (slug)
);

comment on table public.org_platform_tiers is
  'Platform tiers for organisations. max_sponsored_seats: null is unlimited, 0 is none.';
comment on column public.org_platform_tiers.credit_allowance is
  'Credits an organisation of this tier is granted each calendar month; null: none.';

alter table public.org_platform_tiers enable row level security;
revoke all on table public.org_platform_tiers from public, anon, authenticated, service_role;
grant select, delete on table public.org_platform_tiers to authenticated;
grant insert (
  name, slug, description, annual_fee_cents, monthly_fee_cents, currency, features, max_members,
  includes_analytics, display_order, is_active, max_sponsored_seats
) on table public.org_platform_tiers to authenticated;
grant update (
  name, description, annual_fee_cents, monthly_fee_cents, currency, features, max_members, includes_analytics,
  display_order, is_active, updated_at, max_sponsored_seats
) on table public.org_platform_tiers to authenticated;
grant all on table public.org_platform_tiers to service_role;

create policy "select" on public.org_platform_tiers for select to authenticated
  using ((select private.is_admin()) or is_active);
create policy "insert" on public.org_platform_tiers for insert to authenticated
  with check ((select private.is_admin()));
create policy "update" on public.org_platform_tiers for update to authenticated using ((select private.is_admin()));
create policy "delete" on public.org_platform_tiers for delete to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.org_platform_tiers
  for each row execute function private.audit_writes();
create or replace trigger update_org_platform_tiers_updated_at
  before update on public.org_platform_tiers
  for each row execute function public.update_updated_at_column();
