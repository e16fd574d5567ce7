create table public.client_instructors (
  id uuid primary key default gen_random_uuid(),
  client_id uuid not null,
  instructor_id uuid not null,
  created_at timestamptz default now(),
  constraint client_instructors_client_id_instructor_id_key unique (client_id, instructor_id)
);

comment on table public.client_instructors is
  'Instructors who look after a client directly. Neither side has a foreign key.';

create index client_instructors_instructor_id_idx on public.client_instructors (instructor_id);

alter table public.client_instructors enable row level security;
revoke all on table public.client_instructors from public, anon, authenticated, service_role;
grant select, insert (client_id, instructor_id), delete on table public.client_instructors to authenticated;
grant all on table public.client_instructors to service_role;

create policy "select" on public.client_instructors for select to authenticated
  using (
    (select private.is_admin()) or client_id = (select auth.uid()) or instructor_id = (select auth.uid())
  );
create policy "insert" on public.client_instructors for insert to authenticated
  with check ((select private.is_admin()));
create policy "delete" on public.client_instructors for delete to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.client_instructors
  for each row execute function private.audit_writes();
