create table public.module_types (
  id uuid primary key default gen_random_uuid(),
  name text not null unique
);

comment on table public.module_types is
  'Names of the kinds of module; referred to by name. Only the key is here: production has more columns.';

alter table public.module_types enable row level security;
revoke all on table public.module_types from public, anon, authenticated, service_role;
-- as a whole: production has more columns, which admins, and by policy nobody else, write
grant select, insert, update, delete on table public.module_types to authenticated;
grant all on table public.module_types to service_role;

create policy "select" on public.module_types for select to authenticated using (true);
create policy "insert" on public.module_types for insert to authenticated with check ((select private.is_admin()));
create policy "update" on public.module_types for update to authenticated using ((select private.is_admin()));
create policy "delete" on public.module_types for delete to authenticated using ((select private.is_admin()));
