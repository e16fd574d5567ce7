create table public.session_type_roles (
  id uuid primary key default gen_random_uuid(),
  session_type_id uuid not null references public.session_types (id) on delete cascade,
  role_name text not null,
  description text,
  max_per_session integer,
  is_required boolean default false,
  order_index integer default 0,
  created_at timestamptz default now(),
  constraint session_type_roles_session_type_id_role_name_key unique (session_type_id, role_name),
  constraint session_type_roles_texts_check check (
    char_length(role_name) <= 200
    and char_length(description) <= 5000
  )
);

comment on table public.session_type_roles is 'The roles people can have in a kind of session.';

alter table public.session_type_roles enable row level security;
revoke all on table public.session_type_roles from public, anon, authenticated, service_role;
grant select, delete on table public.session_type_roles to authenticated;
grant insert (
  session_type_id, role_name, description, max_per_session, is_required, order_index
) on table public.session_type_roles to authenticated;
grant update (
  session_type_id, role_name, description, max_per_session, is_required, order_index
) on table public.session_type_roles to authenticated;
grant all on table public.session_type_roles to service_role;

create policy "select" on public.session_type_roles for select to authenticated using (true);
create policy "insert" on public.session_type_roles for insert to authenticated with check ((select private.is_admin()));
create policy "update" on public.session_type_roles for update to authenticated using ((select private.is_admin()));
create policy "delete" on public.session_type_roles for delete to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.session_type_roles
  for each row execute function private.audit_writes();
