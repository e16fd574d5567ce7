create table public.payment_schedules (
  id uuid primary key default gen_random_uuid(),
  enrollment_id uuid references public.client_enrollments (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  stripe_subscription_id text not null,
  stripe_customer_id text,
  total_amount_cents integer not null,
  currency text not null default 'eur',
  installment_count integer not null,
  installment_amount_cents integer not null,
  installments_paid integer not null default 0,
  amount_paid_cents integer not null default 0,
  next_payment_date timestamptz,
  started_at timestamptz not null default now(),
  completed_at timestamptz,
  cancelled_at timestamptz,
  status text not null default 'active' check (status in ('active', 'completed', 'defaulted', 'cancelled')),
  credit_package_id uuid,
  credits_granted integer not null default 0,
  metadata jsonb default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  duplicate_of uuid references public.payment_schedules (id) on delete set null,
  counted_until timestamptz,
  counts_from timestamptz,
  installments_before integer not null default 0,
  amount_before_cents integer not null default 0,
  credits_expire_at timestamptz
);

comment on table public.payment_schedules is
  'Instalment plans by Stripe subscription, which is not unique here. enrollment_id is not null.';
comment on column public.payment_schedules.duplicate_of is
  'The row that stands for the same subscription: a redelivery made this one before there was a key.';
comment on column public.payment_schedules.counted_until is
  'Until when payments were counted without being kept one by one: installments_before, '
  'amount_before_cents.';
comment on column public.payment_schedules.counts_from is
  'From when on invoices are counted one by one, those paid after counted_until in any case; null: the function before '
  'this one has the schedule still.';
comment on column public.payment_schedules.credits_expire_at is
  'The expiry that was last given to the batch; a batch with another was changed by somebody else.';

create index payment_schedules_defaulted_idx on public.payment_schedules (id)
  where status = 'defaulted' and duplicate_of is null;
create index payment_schedules_duplicate_idx on public.payment_schedules (duplicate_of)
  where duplicate_of is not null;
create index payment_schedules_enrollment_id_idx on public.payment_schedules (enrollment_id)
  where enrollment_id is not null;
create unique index payment_schedules_subscription_key on public.payment_schedules (stripe_subscription_id)
  where duplicate_of is null;
create index payment_schedules_user_idx on public.payment_schedules (user_id);

alter table public.payment_schedules enable row level security;
revoke all on table public.payment_schedules from public, anon, authenticated, service_role;
grant select on table public.payment_schedules to authenticated;
grant all on table public.payment_schedules to service_role;

create policy "select" on public.payment_schedules for select to authenticated using (user_id = (select auth.uid()));

create or replace trigger update_payment_schedules_updated_at
  before update on public.payment_schedules
  for each row execute function public.update_updated_at_column();
