create table public.plan_credit_rollovers (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  feature_key text not null,
  rollover_credits integer not null default 0,
  last_period_end timestamptz not null,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  expires_at timestamptz,
  source_period_start timestamptz,
  constraint plan_credit_rollovers_user_id_feature_key_key unique (user_id, feature_key)
);

comment on table public.plan_credit_rollovers is
  'Unused plan credits carried over, one row a user and feature.';

alter table public.plan_credit_rollovers enable row level security;
revoke all on table public.plan_credit_rollovers from public, anon, authenticated, service_role;
grant select on table public.plan_credit_rollovers to authenticated;
grant all on table public.plan_credit_rollovers to service_role;

create policy "select" on public.plan_credit_rollovers for select to authenticated
  using ((select private.is_admin()) or user_id = (select auth.uid()));

create or replace trigger update_plan_credit_rollovers_updated_at
  before update on public.plan_credit_rollovers
  for each row execute function public.update_updated_at_column();
