create table public.org_credit_transactions (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  transaction_type text not null,
  amount integer not null,
  balance_after integer not null,
  purchase_id uuid references public.org_credit_purchases (id),
  enrollment_id uuid references public.client_enrollments (id),
  description text,
  performed_by uuid references auth.users (id),
  metadata jsonb default '{}',
  created_at timestamptz default now()
);

comment on table public.org_credit_transactions is 'Ledger of an organisation''s credits in the older model.';

create index org_credit_transactions_enrollment_id_idx
  on public.org_credit_transactions (enrollment_id)
  where enrollment_id is not null;
create index org_credit_transactions_performed_by_idx
  on public.org_credit_transactions (performed_by)
  where performed_by is not null;

alter table public.org_credit_transactions enable row level security;
revoke all on table public.org_credit_transactions from public, anon, authenticated, service_role;
grant select on table public.org_credit_transactions to authenticated;
grant all on table public.org_credit_transactions to service_role;

create policy "select" on public.org_credit_transactions for select to authenticated
  using ((select private.is_admin()) or private.is_org_admin_or_manager((select auth.uid()), organization_id));
