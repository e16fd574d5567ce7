create table public.user_credit_transactions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  transaction_type text not null,
  amount integer not null,
  balance_after integer not null,
  plan_id uuid references public.plans (id),
  add_on_id uuid references public.user_add_ons (id),
  enrollment_id uuid references public.client_enrollments (id),
  description text,
  action_type text,
  action_reference_id text,
  metadata jsonb default '{}',
  created_at timestamptz default now(),
  batch_id uuid references public.credit_batches (id)
);

comment on table public.user_credit_transactions is 'Ledger of a user''s credits, of both models.';

create index user_credit_transactions_add_on_id_idx
  on public.user_credit_transactions (add_on_id)
  where add_on_id is not null;
create index user_credit_transactions_enrollment_id_idx
  on public.user_credit_transactions (enrollment_id)
  where enrollment_id is not null;
create index user_credit_transactions_user_id_idx on public.user_credit_transactions (user_id);

alter table public.user_credit_transactions enable row level security;
revoke all on table public.user_credit_transactions from public, anon, authenticated, service_role;
grant select on table public.user_credit_transactions to authenticated;
grant all on table public.user_credit_transactions to service_role;

create policy "select" on public.user_credit_transactions for select to authenticated
  using ((select private.is_admin()) or user_id = (select auth.uid()));
