create table public.program_versions (
  id uuid primary key default gen_random_uuid()
);

comment on table public.program_versions is
  'Published states of a programme. Only the key is here: production has more columns.';

alter table public.program_versions enable row level security;
revoke all on table public.program_versions from public, anon, authenticated, service_role;
-- as a whole: production has more columns, which admins, and by policy nobody else, write
grant select, insert, update, delete on table public.program_versions to authenticated;
grant all on table public.program_versions to service_role;

create policy "all" on public.program_versions for all to authenticated using ((select private.is_admin()));
