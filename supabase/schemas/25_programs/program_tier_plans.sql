create table public.program_tier_plans (
  id uuid primary key default gen_random_uuid(),
  program_id uuid not null references public.programs (id) on delete cascade,
  tier_name text not null,
  program_plan_id uuid not null references public.program_plans (id) on delete cascade,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  credit_cost integer,
  constraint program_tier_plans_program_id_tier_name_key unique (program_id, tier_name)
);

comment on table public.program_tier_plans is
  'Which programme plan, at which credit cost, each tier of a programme carries.';

create index program_tier_plans_program_plan_id_idx on public.program_tier_plans (program_plan_id);

alter table public.program_tier_plans enable row level security;
revoke all on table public.program_tier_plans from public, anon, authenticated, service_role;
grant select, delete on table public.program_tier_plans to authenticated;
grant insert (
  program_id, tier_name, program_plan_id, credit_cost
) on table public.program_tier_plans to authenticated;
grant all on table public.program_tier_plans to service_role;

create policy "select" on public.program_tier_plans for select to authenticated using (true);
create policy "insert" on public.program_tier_plans for insert to authenticated
  with check ((select private.is_admin()));
create policy "delete" on public.program_tier_plans for delete to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.program_tier_plans
  for each row execute function private.audit_writes();
create or replace trigger update_program_tier_plans_updated_at
  before update on public.program_tier_plans
  for each row execute function public.update_updated_at_column();
