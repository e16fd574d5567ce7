create table public.assessment_dimensions (
  id uuid primary key default gen_random_uuid()
);

comment on table public.assessment_dimensions is
  'Dimensions of a psychometric assessment. Only the key is here: production has more columns.';

alter table public.assessment_dimensions enable row level security;
revoke all on table public.assessment_dimensions from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.assessment_dimensions to authenticated;
grant all on table public.assessment_dimensions to service_role;

create policy "all" on public.assessment_dimensions for all to authenticated using ((select private.is_admin()));
