create table public.stripe_checkouts (
  id text primary key,
  mode text not null,
  state text not null check (state in ('open', 'expired', 'failed', 'paid')),
  customer_id text,
  subscription_id text references public.stripe_subscriptions (id),
  payment_intent_id text,
  invoice_id text,
  amount_total bigint,
  amount_subtotal bigint,
  currency text,
  metadata jsonb not null default '{}',
  created_at timestamptz not null,
  email_user_id uuid references public.profiles (id) on delete set null
);

comment on table public.stripe_checkouts is
  'Checkout sessions. A session that needs no payment is paid; one that an asynchronous method has yet to '
  'pay is open.';
comment on column public.stripe_checkouts.email_user_id is
  'Who has the e-mail address that was typed at the checkout: a hint for a person, for anybody can type it.';

create index stripe_checkouts_customer_idx on public.stripe_checkouts (customer_id);
create index stripe_checkouts_email_user_idx on public.stripe_checkouts (email_user_id);
create index stripe_checkouts_payment_idx on public.stripe_checkouts (payment_intent_id);
create index stripe_checkouts_subscription_idx on public.stripe_checkouts (subscription_id);

alter table public.stripe_checkouts enable row level security;
revoke all on table public.stripe_checkouts from public, anon, authenticated, service_role;
grant select on table public.stripe_checkouts to authenticated, service_role;

create policy "select" on public.stripe_checkouts for select to authenticated using ((select private.is_admin()));
