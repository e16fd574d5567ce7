create table public.org_credit_purchases (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  package_id uuid references public.org_credit_packages (id),
  credits_purchased integer not null,
  amount_cents integer not null,
  currency text not null default 'eur',
  stripe_payment_intent_id text,
  stripe_checkout_session_id text,
  expires_at timestamptz,
  status text default 'completed',
  purchased_by uuid references auth.users (id),
  notes text,
  created_at timestamptz default now(),
  duplicate_of uuid references public.org_credit_purchases (id) on delete set null
);

comment on table public.org_credit_purchases is 'Purchases of credit packages by organisations.';
comment on column public.org_credit_purchases.duplicate_of is
  'The row that stands for the same checkout session, whose id this one had, too.';

create index org_credit_purchases_duplicate_idx on public.org_credit_purchases (duplicate_of)
  where duplicate_of is not null;
create index org_credit_purchases_payment_intent_idx
  on public.org_credit_purchases (stripe_payment_intent_id) where stripe_payment_intent_id is not null;
create index org_credit_purchases_purchased_by_idx on public.org_credit_purchases (purchased_by)
  where purchased_by is not null;
create unique index org_credit_purchases_session_key
  on public.org_credit_purchases (stripe_checkout_session_id);

alter table public.org_credit_purchases enable row level security;
revoke all on table public.org_credit_purchases from public, anon, authenticated, service_role;
grant select on table public.org_credit_purchases to authenticated;
grant all on table public.org_credit_purchases to service_role;

create policy "select" on public.org_credit_purchases for select to authenticated
  using ((select private.is_admin()) or private.is_org_admin_or_manager((select auth.uid()), organization_id));
