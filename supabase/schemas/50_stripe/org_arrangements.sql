create table private.org_arrangements (
  organization_id uuid primary key references public.organizations (id) on delete cascade,
  tier_id uuid not null references public.org_platform_tiers (id) on delete cascade,
  billing_period text,
  starts_at timestamptz,
  current_period_start timestamptz,
  current_period_end timestamptz
);

comment on table private.org_arrangements is
  'The tier that an organisation had before its first subscription of Stripe''s: it comes back when that ends, and no '
  'lower tier replaces it.';

create index org_arrangements_tier_idx on private.org_arrangements (tier_id);

alter table private.org_arrangements enable row level security;
revoke all on table private.org_arrangements from public, anon, authenticated, service_role;

create or replace function private.restore_org_arrangement(p_organization_id uuid)
returns text
language sql
volatile
set search_path = ''
as $$
  update public.org_platform_subscriptions o
  set tier_id = a.tier_id, billing_period = a.billing_period, starts_at = a.starts_at,
    current_period_start = a.current_period_start, current_period_end = a.current_period_end, status = 'active',
    stripe_subscription_id = null, stripe_customer_id = null, canceled_at = null
  from private.org_arrangements a
  where a.organization_id = p_organization_id and o.organization_id = p_organization_id
    and (o.tier_id, o.status, o.stripe_subscription_id) is distinct from (a.tier_id, 'active', null);
  select 'organization_kept';
$$;
comment on function private.restore_org_arrangement(uuid) is 'Gives an organisation the tier back that Stripe did not give.';
revoke execute on function private.restore_org_arrangement(uuid) from public;
