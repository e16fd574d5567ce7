create table private.stripe_plans (
  user_id uuid primary key references public.profiles (id) on delete cascade,
  plan_id uuid references public.plans (id) on delete set null,
  subscription_id text not null references public.stripe_subscriptions (id),
  subscribed_at timestamptz,
  base_plan_id uuid references public.plans (id) on delete set null,
  base_expires_at timestamptz,
  base_since timestamptz
);

comment on table private.stripe_plans is
  'The plan that Stripe''s subscriptions last left a user with, and by which of them: tells it from a plan that '
  'somebody else gave.';
comment on column private.stripe_plans.base_plan_id is
  'What Stripe did not give: the plan that was there before, or that somebody gave since. It comes back when the '
  'subscription ends, and no lower plan replaces it.';
comment on column private.stripe_plans.base_since is
  'When the newest subscription was made that was known when somebody gave the plan; null: before all of them.';

create index stripe_plans_base_plan_idx on private.stripe_plans (base_plan_id) where base_plan_id is not null;
create index stripe_plans_plan_idx on private.stripe_plans (plan_id);
create index stripe_plans_subscription_idx on private.stripe_plans (subscription_id);

alter table private.stripe_plans enable row level security;
revoke all on table private.stripe_plans from public, anon, authenticated, service_role;

create table private.plans_before_stripe (
  user_id uuid primary key references public.profiles (id) on delete cascade,
  plan_id uuid not null references public.plans (id) on delete cascade,
  noted_at timestamptz not null default now()
);

comment on table private.plans_before_stripe is
  'Who had which plan that is sold by Stripe when the facts began: it may have been Stripe''s, so it does not outlast '
  'a subscription that is older.';

create index plans_before_stripe_plan_idx on private.plans_before_stripe (plan_id);

alter table private.plans_before_stripe enable row level security;
revoke all on table private.plans_before_stripe from public, anon, authenticated, service_role;
