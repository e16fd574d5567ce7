create table public.guided_path_templates (
  id uuid primary key default gen_random_uuid()
);

comment on table public.guided_path_templates is
  'Guided paths a client can start. Only the key is here: production has more columns.';

alter table public.guided_path_templates enable row level security;
revoke all on table public.guided_path_templates from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.guided_path_templates to authenticated;
grant all on table public.guided_path_templates to service_role;

create policy "select" on public.guided_path_templates for select to authenticated
  using ((select private.is_admin()) or private.follows_guided_path(id));
create policy "insert" on public.guided_path_templates for insert to authenticated
  with check ((select private.is_admin()));
create policy "update" on public.guided_path_templates for update to authenticated using ((select private.is_admin()));
create policy "delete" on public.guided_path_templates for delete to authenticated using ((select private.is_admin()));
