create table public.program_entitlements (
  id uuid primary key default gen_random_uuid(),
  program_id uuid not null references public.programs (id) on delete cascade,
  feature_key text not null,
  quantity integer not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint program_entitlements_program_id_feature_key_key unique (program_id, feature_key)
);

comment on table public.program_entitlements is
  'How much of a feature an enrolment in a programme includes. Everyone may read it.';

alter table public.program_entitlements enable row level security;
revoke all on table public.program_entitlements from public, anon, authenticated, service_role;
grant select on table public.program_entitlements to anon;
grant select on table public.program_entitlements to authenticated;
grant all on table public.program_entitlements to service_role;

create policy "select" on public.program_entitlements for select to anon, authenticated using (true);

create or replace trigger update_program_entitlements_updated_at
  before update on public.program_entitlements
  for each row execute function public.update_updated_at_column();
