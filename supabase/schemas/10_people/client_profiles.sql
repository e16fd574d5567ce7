create table public.client_profiles (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  status public.user_status not null default 'active',
  notes text,
  tags jsonb default '[]',
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  status_marker text,
  constraint client_profiles_user_id_key unique (user_id)
);

comment on table public.client_profiles is 'What staff keep about a client: status, notes, tags.';

alter table public.client_profiles enable row level security;
revoke all on table public.client_profiles from public, anon, authenticated, service_role;
-- What staff keep about somebody is not that person's to read or to write.
grant select, insert (user_id, status), update (status, status_marker), delete
  on table public.client_profiles to authenticated;
grant all on table public.client_profiles to service_role;

create policy "select" on public.client_profiles for select to authenticated using ((select private.is_admin()));
create policy "insert" on public.client_profiles for insert to authenticated with check ((select private.is_admin()));
create policy "update" on public.client_profiles for update to authenticated using ((select private.is_admin()));
create policy "delete" on public.client_profiles for delete to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.client_profiles
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes('admins');
create or replace trigger update_client_profiles_updated_at
  before update on public.client_profiles
  for each row execute function public.update_updated_at_column();
