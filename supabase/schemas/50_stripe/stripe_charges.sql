create table public.stripe_charges (
  id text primary key,
  payment_id text not null,
  amount bigint not null,
  amount_refunded bigint not null,
  as_of timestamptz not null
);

comment on table public.stripe_charges is
  'How much of each charge was refunded as Stripe last told: cumulative, and less what failed until then.';

create index stripe_charges_payment_idx on public.stripe_charges (payment_id);

alter table public.stripe_charges enable row level security;
revoke all on table public.stripe_charges from public, anon, authenticated, service_role;
grant select on table public.stripe_charges to authenticated, service_role;

create policy "select" on public.stripe_charges for select to authenticated using ((select private.is_admin()));
