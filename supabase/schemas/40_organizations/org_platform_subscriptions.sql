create table public.org_platform_subscriptions (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  tier_id uuid references public.org_platform_tiers (id),
  stripe_subscription_id text,
  stripe_customer_id text,
  billing_email text,
  billing_period text default 'annual',
  starts_at timestamptz default now(),
  current_period_start timestamptz,
  current_period_end timestamptz,
  status text default 'active',
  canceled_at timestamptz,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint org_platform_subscriptions_organization_id_key unique (organization_id)
);

comment on table public.org_platform_subscriptions is
  'The platform subscription of an organisation, one row each. There is no plan_id.';

create index org_platform_subscriptions_stripe_customer_idx
  on public.org_platform_subscriptions (stripe_customer_id) where stripe_customer_id is not null;
create index org_platform_subscriptions_stripe_subscription_idx
  on public.org_platform_subscriptions (stripe_subscription_id) where stripe_subscription_id is not null;

alter table public.org_platform_subscriptions enable row level security;
revoke all on table public.org_platform_subscriptions from public, anon, authenticated, service_role;
grant select on table public.org_platform_subscriptions to authenticated;
grant all on table public.org_platform_subscriptions to service_role;

create policy "select" on public.org_platform_subscriptions for select to authenticated
  using ((select private.is_admin()) or private.is_org_admin_or_manager((select auth.uid()), organization_id));

create or replace trigger update_org_platform_subscriptions_updated_at
  before update on public.org_platform_subscriptions
  for each row execute function public.update_updated_at_column();
