create table public.plan_credit_allocations (
  id uuid primary key default gen_random_uuid(),
  plan_id uuid not null references public.plans (id) on delete cascade,
  feature_key text not null,
  monthly_allocation integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint plan_credit_allocations_plan_id_feature_key_key unique (plan_id, feature_key)
);

comment on table public.plan_credit_allocations is 'How many credits of a feature a plan allots a month.';

alter table public.plan_credit_allocations enable row level security;
revoke all on table public.plan_credit_allocations from public, anon, authenticated, service_role;
grant select on table public.plan_credit_allocations to authenticated;
grant all on table public.plan_credit_allocations to service_role;

create policy "select" on public.plan_credit_allocations for select to authenticated using (true);

create or replace trigger update_plan_credit_allocations_updated_at
  before update on public.plan_credit_allocations
  for each row execute function public.update_updated_at_column();
