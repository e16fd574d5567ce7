create table public.stripe_subscription_prices (
  subscription_id text not null references public.stripe_subscriptions (id),
  prices text not null,
  as_of timestamptz not null,
  as_of_rank integer not null,
  primary key (subscription_id, prices)
);

comment on table public.stripe_subscription_prices is
  'The prices that each subscription has had, by any of its snapshots, and when it last had them: while the newest '
  'is one that nobody has entered, the one before it counts.';

comment on column public.stripe_subscription_prices.prices is 'The ids of all items'' prices, with spaces between.';

alter table public.stripe_subscription_prices enable row level security;
revoke all on table public.stripe_subscription_prices from public, anon, authenticated, service_role;
grant select on table public.stripe_subscription_prices to authenticated, service_role;

create policy "select" on public.stripe_subscription_prices for select to authenticated
  using ((select private.is_admin()));
