create table public.talentlms_users (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  talentlms_user_id text not null,
  talentlms_username text not null,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint talentlms_users_user_id_key unique (user_id),
  constraint talentlms_users_texts_check check (
    char_length(talentlms_user_id) <= 200 and char_length(talentlms_username) <= 200
  )
);

comment on table public.talentlms_users is
  'The TalentLMS account of a user, as an admin says.';

alter table public.talentlms_users enable row level security;
revoke all on table public.talentlms_users from public, anon, authenticated, service_role;
-- An admin says whose account it is; its owner may let go of it, and no more.
grant select, delete,
  insert (user_id, talentlms_user_id, talentlms_username),
  update (talentlms_user_id, talentlms_username)
  on table public.talentlms_users to authenticated;
grant all on table public.talentlms_users to service_role;

create policy "select" on public.talentlms_users for select to authenticated
  using ((select private.is_admin()) or user_id = (select auth.uid()));
create policy "insert" on public.talentlms_users for insert to authenticated with check ((select private.is_admin()));
create policy "update" on public.talentlms_users for update to authenticated using ((select private.is_admin()));
create policy "delete" on public.talentlms_users for delete to authenticated
  using ((select private.is_admin()) or user_id = (select auth.uid()));

create or replace trigger audit_writes
  after insert or update or delete on public.talentlms_users
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes('admins');
create or replace trigger update_talentlms_users_updated_at
  before update on public.talentlms_users
  for each row execute function public.update_updated_at_column();
