create table public.resource_library (
  id uuid primary key default gen_random_uuid()
);

comment on table public.resource_library is
  'Shared resources staff can hand out. Only the key is here: production has more columns.';

alter table public.resource_library enable row level security;
revoke all on table public.resource_library from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.resource_library to authenticated;
grant all on table public.resource_library to service_role;

create policy "all" on public.resource_library for all to authenticated using ((select private.is_admin()));
