create table public.client_coaches (
  id uuid primary key default gen_random_uuid(),
  client_id uuid not null references auth.users (id) on delete cascade,
  coach_id uuid not null references auth.users (id) on delete cascade,
  created_at timestamptz default now(),
  constraint client_coaches_client_id_coach_id_key unique (client_id, coach_id)
);

comment on table public.client_coaches is 'Coaches who look after a client directly, outside any programme.';

-- Whom the caller works with, and where.
create index client_coaches_coach_id_idx on public.client_coaches (coach_id);

alter table public.client_coaches enable row level security;
revoke all on table public.client_coaches from public, anon, authenticated, service_role;
grant select, insert (client_id, coach_id), delete on table public.client_coaches to authenticated;
grant all on table public.client_coaches to service_role;

create policy "select" on public.client_coaches for select to authenticated
  using ((select private.is_admin()) or client_id = (select auth.uid()) or coach_id = (select auth.uid()));
create policy "insert" on public.client_coaches for insert to authenticated with check ((select private.is_admin()));
create policy "delete" on public.client_coaches for delete to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.client_coaches
  for each row execute function private.audit_writes();
