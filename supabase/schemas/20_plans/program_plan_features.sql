create table public.program_plan_features (
  id uuid primary key default gen_random_uuid(),
  program_plan_id uuid not null references public.program_plans (id) on delete cascade,
  feature_id uuid not null references public.features (id) on delete cascade,
  enabled boolean not null default true,
  limit_value integer,
  created_at timestamptz not null default now(),
  constraint program_plan_features_program_plan_id_feature_id_key unique (program_plan_id, feature_id)
);

comment on table public.program_plan_features is
  'Which features a programme plan switches on, and up to which limit.';

alter table public.program_plan_features enable row level security;
revoke all on table public.program_plan_features from public, anon, authenticated, service_role;
grant select on table public.program_plan_features to authenticated;
grant insert (
  program_plan_id, feature_id, enabled, limit_value
) on table public.program_plan_features to authenticated;
grant update (enabled, limit_value) on table public.program_plan_features to authenticated;
grant all on table public.program_plan_features to service_role;

create policy "select" on public.program_plan_features for select to authenticated using (true);
create policy "insert" on public.program_plan_features for insert to authenticated
  with check ((select private.is_admin()));
create policy "update" on public.program_plan_features for update to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.program_plan_features
  for each row execute function private.audit_writes();
