create table public.plan_features (
  id uuid primary key default gen_random_uuid(),
  plan_id uuid not null references public.plans (id) on delete cascade,
  feature_id uuid not null references public.features (id) on delete cascade,
  enabled boolean not null default true,
  limit_value integer,
  created_at timestamptz not null default now(),
  is_restrictive boolean not null default false,
  constraint plan_features_plan_id_feature_id_key unique (plan_id, feature_id)
);

comment on table public.plan_features is 'Which features a plan switches on, and up to which limit.';

alter table public.plan_features enable row level security;
revoke all on table public.plan_features from public, anon, authenticated, service_role;
grant select on table public.plan_features to authenticated;
grant insert (
  plan_id, feature_id, enabled, limit_value, is_restrictive
) on table public.plan_features to authenticated;
grant update (enabled, limit_value, is_restrictive) on table public.plan_features to authenticated;
grant all on table public.plan_features to service_role;

create policy "select" on public.plan_features for select to authenticated using (true);
create policy "insert" on public.plan_features for insert to authenticated with check ((select private.is_admin()));
create policy "update" on public.plan_features for update to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.plan_features
  for each row execute function private.audit_writes();
