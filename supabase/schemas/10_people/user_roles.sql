create table public.user_roles (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  role public.app_role not null,
  created_at timestamptz default now(),
  constraint user_roles_user_id_role_key unique (user_id, role)
);

comment on table public.user_roles is 'The platform roles of a user; one user can hold several.';

create index user_roles_admin_idx on public.user_roles (user_id) where role = 'admin';

alter table public.user_roles enable row level security;
revoke all on table public.user_roles from public, anon, authenticated, service_role;
-- An upsert on (user_id, role) needs the right to update both.
grant select, insert (user_id, role), update (user_id, role), delete on table public.user_roles to authenticated;
grant all on table public.user_roles to service_role;

create policy "select" on public.user_roles for select to authenticated
  using ((select private.is_admin()) or user_id = (select auth.uid()));
create policy "insert" on public.user_roles for insert to authenticated with check ((select private.is_admin()));
create policy "update" on public.user_roles for update to authenticated using ((select private.is_admin()));
create policy "delete" on public.user_roles for delete to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.user_roles
  for each row execute function private.audit_writes();
