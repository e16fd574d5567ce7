create table public.capability_assessments (
  id uuid primary key default gen_random_uuid()
);

comment on table public.capability_assessments is
  'Self and staff assessments of capabilities. Only the key is here: production has more columns.';

alter table public.capability_assessments enable row level security;
revoke all on table public.capability_assessments from public, anon, authenticated, service_role;
-- as a whole: production has more columns, which admins, and by policy nobody else, write
grant select, insert, update, delete on table public.capability_assessments to authenticated;
grant all on table public.capability_assessments to service_role;

create policy "all" on public.capability_assessments for all to authenticated using ((select private.is_admin()));
