create table public.scenario_templates (
  id uuid primary key default gen_random_uuid()
);

comment on table public.scenario_templates is
  'Written scenarios for assessment. Only the key is here: production has more columns.';

alter table public.scenario_templates enable row level security;
revoke all on table public.scenario_templates from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.scenario_templates to authenticated;
grant all on table public.scenario_templates to service_role;

create policy "all" on public.scenario_templates for all to authenticated using ((select private.is_admin()));
