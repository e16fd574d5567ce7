create table public.stripe_payments (
  id text primary key,
  invoice_id text
);

comment on table public.stripe_payments is
  'Which invoice a payment intent (or a charge without one) paid; null: none, as Stripe said when it was '
  'asked.';

create index stripe_payments_invoice_idx on public.stripe_payments (invoice_id);

alter table public.stripe_payments enable row level security;
revoke all on table public.stripe_payments from public, anon, authenticated, service_role;
grant select on table public.stripe_payments to authenticated, service_role;

create policy "select" on public.stripe_payments for select to authenticated using ((select private.is_admin()));
