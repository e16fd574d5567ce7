create table public.org_credit_balances (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  available_credits integer not null default 0,
  total_purchased integer not null default 0,
  total_consumed integer not null default 0,
  reserved_credits integer not null default 0,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint org_credit_balances_organization_id_key unique (organization_id)
);

comment on table public.org_credit_balances is
  'Older balance of an organisation, superseded by credit_batches.';

alter table public.org_credit_balances enable row level security;
revoke all on table public.org_credit_balances from public, anon, authenticated, service_role;
grant select on table public.org_credit_balances to authenticated;
grant all on table public.org_credit_balances to service_role;

create policy "select" on public.org_credit_balances for select to authenticated
  using ((select private.is_admin()) or private.is_org_admin_or_manager((select auth.uid()), organization_id));

create or replace trigger update_org_credit_balances_updated_at
  before update on public.org_credit_balances
  for each row execute function public.update_updated_at_column();
