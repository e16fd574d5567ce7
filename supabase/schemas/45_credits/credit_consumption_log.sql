create table public.credit_consumption_log (
  id uuid primary key default gen_random_uuid(),
  user_id uuid,
  organization_id uuid,
  batch_id uuid,
  quantity integer not null default 1,
  source_type text not null,
  feature_key text,
  description text,
  action_type text,
  action_reference_id text,
  consumed_at timestamptz not null default now(),
  created_at timestamptz not null default now(),
  spend_id uuid references public.credit_spends (id),
  constraint credit_consumption_log_owner_check check (user_id is not null or organization_id is not null)
);

comment on table public.credit_consumption_log is
  'What was drawn and from where. user_id is not null, so organisations cannot be logged.';

create index credit_consumption_log_plan_idx
  on public.credit_consumption_log (user_id, consumed_at) where source_type = 'plan';
create index credit_consumption_log_plan_month_idx
  on public.credit_consumption_log (consumed_at) where source_type = 'plan';
create index credit_consumption_log_spend_idx
  on public.credit_consumption_log (spend_id) where spend_id is not null;

alter table public.credit_consumption_log enable row level security;
revoke all on table public.credit_consumption_log from public, anon, authenticated, service_role;
grant select on table public.credit_consumption_log to authenticated;
grant all on table public.credit_consumption_log to service_role;

create policy "select" on public.credit_consumption_log for select to authenticated
  using ((select private.is_admin()) or user_id = (select auth.uid()));
create policy "insert" on public.credit_consumption_log for insert to authenticated
  with check ((select private.is_admin()) or user_id = (select auth.uid()));
