create table private.stripe_plans (
  user_id uuid primary key references public.profiles (id) on delete cascade,
  plan_id uuid references public.plans (id) on delete set null,
  subscription_id text not null references public.stripe_subscriptions (id),
  subscribed_at timestamptz
);

comment on table private.stripe_plans is
  'The plan that Stripe last gave a user, fallbacks included, and by which subscription: tells it from a '
  'plan that somebody else gave.';

create index stripe_plans_plan_idx on private.stripe_plans (plan_id);
create index stripe_plans_subscription_idx on private.stripe_plans (subscription_id);

alter table private.stripe_plans enable row level security;
revoke all on table private.stripe_plans from public, anon, authenticated, service_role;
