create table public.stripe_invoices (
  id text primary key,
  subscription_id text not null references public.stripe_subscriptions (id),
  status text not null,
  billing_reason text,
  currency text,
  amount_paid bigint not null default 0,
  total bigint,
  net bigint,
  subtotal bigint,
  regular bigint,
  attempt_count integer not null default 0,
  next_payment_attempt timestamptz,
  metadata jsonb not null default '{}',
  created_at timestamptz not null,
  paid_at timestamptz,
  failed_at timestamptz,
  installment integer,
  is_surplus boolean not null default false,
  is_odd boolean not null default false,
  as_of timestamptz not null,
  as_of_event text not null
);

comment on table public.stripe_invoices is
  'Invoices of subscriptions: one row, so one payment, an invoice. Paid and void are final.';
comment on column public.stripe_invoices.metadata is 'The subscription''s, as the invoice carries it.';
comment on column public.stripe_invoices.total is
  'What it is about, tax included, however it is settled: by a payment, the customer''s balance, out of band. net: '
  'without tax; subtotal: before discounts as well; regular: what of that is no proration.';
comment on column public.stripe_invoices.installment is
  'Which payment of an instalment plan it is; is_surplus: beyond the agreed number; is_odd: paid, and none.';

-- What needs a person's attention: next to nothing, so the indexes are next to nothing as well.
create index stripe_invoices_given_up_idx on public.stripe_invoices (failed_at)
  where status not in ('paid', 'void') and failed_at is not null and next_payment_attempt is null;
create index stripe_invoices_given_up_subscription_idx on public.stripe_invoices (subscription_id)
  where status not in ('paid', 'void') and failed_at is not null and next_payment_attempt is null;
create index stripe_invoices_odd_idx on public.stripe_invoices (id) where is_odd;
create index stripe_invoices_subscription_idx on public.stripe_invoices (subscription_id, created_at);
create index stripe_invoices_surplus_idx on public.stripe_invoices (id)
  where is_surplus;
create index stripe_invoices_surplus_subscription_idx on public.stripe_invoices (subscription_id)
  where is_surplus;

alter table public.stripe_invoices enable row level security;
revoke all on table public.stripe_invoices from public, anon, authenticated, service_role;
grant select on table public.stripe_invoices to authenticated, service_role;

create policy "select" on public.stripe_invoices for select to authenticated using ((select private.is_admin()));
