create table public.credit_usage_periods (
  id uuid primary key default gen_random_uuid(),
  owner_type text not null check (owner_type in ('user', 'org')),
  owner_id uuid not null,
  feature_key text,
  period_start date not null,
  period_end date not null,
  credits_used integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint credit_usage_periods_owner_type_owner_id_feature_key_period_key
    unique (owner_type, owner_id, feature_key, period_start)
);

comment on table public.credit_usage_periods is 'Credits used by owner and period. Nothing writes it.';

alter table public.credit_usage_periods enable row level security;
revoke all on table public.credit_usage_periods from public, anon, authenticated, service_role;
grant select on table public.credit_usage_periods to authenticated;
grant all on table public.credit_usage_periods to service_role;

create policy "select" on public.credit_usage_periods for select to authenticated
  using (
    (select private.is_admin())
    or (owner_type = 'user' and owner_id = (select auth.uid()))
    or (owner_type = 'org' and owner_id = (select private.get_user_organization_id((select auth.uid()))))
  );

create or replace trigger update_credit_usage_periods_updated_at
  before update on public.credit_usage_periods
  for each row execute function public.update_updated_at_column();
