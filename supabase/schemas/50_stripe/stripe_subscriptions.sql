create table public.stripe_subscriptions (
  id text primary key,
  customer_id text,
  metadata jsonb not null default '{}',
  status text,
  price_ids text[] not null default '{}',
  created_at timestamptz,
  period_start timestamptz,
  period_end timestamptz,
  canceled_at timestamptz,
  ended_at timestamptz,
  trial_end timestamptz,
  as_of timestamptz,
  as_of_rank integer,
  as_of_event text,
  was_live boolean not null default false,
  kind text check (kind in ('user_subscription', 'org_platform_subscription', 'credit_installment')),
  user_id uuid references public.profiles (id) on delete set null,
  organization_id uuid references public.organizations (id) on delete set null,
  plan_id uuid references public.plans (id) on delete set null,
  tier_id uuid references public.org_platform_tiers (id) on delete set null,
  knows_price boolean not null default true,
  holds boolean not null default false,
  held boolean not null default false
);

comment on table public.stripe_subscriptions is
  'The newest state known of each subscription, and whose it is. Without a status, only its invoices or its '
  'checkout are known.';
comment on column public.stripe_subscriptions.as_of is
  'When the state was; as_of_rank orders within the second: -1 fetched for a checkout, 0 created, 1 '
  'updated, 2 deleted, 3 fetched to decide between updates.';
comment on column public.stripe_subscriptions.was_live is
  'Whether any snapshot, stale ones too, said that it is paid for.';
comment on column public.stripe_subscriptions.knows_price is
  'Whether its newest price is that of a plan or tier; else plan_id and tier_id are what it had before.';
comment on column public.stripe_subscriptions.holds is 'Whether it entitles now; held: whether it ever did.';

create index stripe_subscriptions_customer_idx on public.stripe_subscriptions (customer_id);
create index stripe_subscriptions_organization_idx on public.stripe_subscriptions (organization_id);
create index stripe_subscriptions_plan_idx on public.stripe_subscriptions (plan_id);
create index stripe_subscriptions_tier_idx on public.stripe_subscriptions (tier_id);
create index stripe_subscriptions_user_idx on public.stripe_subscriptions (user_id);

alter table public.stripe_subscriptions enable row level security;
revoke all on table public.stripe_subscriptions from public, anon, authenticated, service_role;
grant select on table public.stripe_subscriptions to authenticated, service_role;

create policy "select" on public.stripe_subscriptions for select to authenticated using ((select private.is_admin()));
