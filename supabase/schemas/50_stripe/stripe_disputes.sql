create table public.stripe_disputes (
  id text primary key,
  payment_id text not null,
  amount bigint not null,
  state text not null check (state in ('open', 'won', 'lost')),
  as_of timestamptz not null
);

comment on table public.stripe_disputes is
  'Disputes, in the state that Stripe last told: a lost one may be won on appeal. An inquiry counts as a dispute: '
  'Stripe sends no event of ours when it becomes one.';

create index stripe_disputes_payment_idx on public.stripe_disputes (payment_id);

alter table public.stripe_disputes enable row level security;
revoke all on table public.stripe_disputes from public, anon, authenticated, service_role;
grant select on table public.stripe_disputes to authenticated, service_role;

create policy "select" on public.stripe_disputes for select to authenticated using ((select private.is_admin()));
