create table public.plan_prices (
  id uuid primary key default gen_random_uuid(),
  plan_id uuid not null references public.plans (id) on delete cascade,
  billing_interval text not null,
  price_cents integer not null,
  stripe_price_id text,
  is_default boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint plan_prices_plan_id_billing_interval_key unique (plan_id, billing_interval)
);

comment on table public.plan_prices is 'The price of a plan per billing interval, with its Stripe price.';

create index plan_prices_stripe_price_idx on public.plan_prices (stripe_price_id)
  where stripe_price_id is not null;

alter table public.plan_prices enable row level security;
revoke all on table public.plan_prices from public, anon, authenticated, service_role;
grant select, delete on table public.plan_prices to authenticated;
grant insert (
  plan_id, billing_interval, price_cents, stripe_price_id, is_default
) on table public.plan_prices to authenticated;
grant update (
  billing_interval, price_cents, stripe_price_id, is_default
) on table public.plan_prices to authenticated;
grant all on table public.plan_prices to service_role;

create policy "select" on public.plan_prices for select to authenticated using (true);
create policy "insert" on public.plan_prices for insert to authenticated with check ((select private.is_admin()));
create policy "update" on public.plan_prices for update to authenticated using ((select private.is_admin()));
create policy "delete" on public.plan_prices for delete to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.plan_prices
  for each row execute function private.audit_writes();
create or replace trigger update_plan_prices_updated_at
  before update on public.plan_prices
  for each row execute function public.update_updated_at_column();
