create table public.assessment_definitions (
  id uuid primary key default gen_random_uuid()
);

comment on table public.assessment_definitions is
  'Psychometric assessments. Only the key is here: production has more columns.';

alter table public.assessment_definitions enable row level security;
revoke all on table public.assessment_definitions from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.assessment_definitions to authenticated;
grant all on table public.assessment_definitions to service_role;

create policy "all" on public.assessment_definitions for all to authenticated using ((select private.is_admin()));
