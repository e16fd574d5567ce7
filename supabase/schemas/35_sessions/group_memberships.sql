create table public.group_memberships (
  id uuid primary key default gen_random_uuid(),
  group_id uuid not null references public.groups (id) on delete cascade,
  user_id uuid not null references public.profiles (id) on delete cascade,
  role public.group_member_role not null default 'member',
  status public.group_membership_status not null default 'active',
  joined_at timestamptz not null default now(),
  left_at timestamptz,
  constraint group_memberships_group_id_user_id_key unique (group_id, user_id),
  constraint group_memberships_times_check check (
    joined_at between '2000-01-01+00' and '2100-01-01+00'
    and left_at between '2000-01-01+00' and '2100-01-01+00'
  )
);

comment on table public.group_memberships is 'Who belongs to which peer group. user_id refers to profiles.';

create index group_memberships_user_idx on public.group_memberships (user_id);

alter table public.group_memberships enable row level security;
revoke all on table public.group_memberships from public, anon, authenticated, service_role;
grant select on table public.group_memberships to authenticated;
grant insert (group_id, user_id, role, status) on table public.group_memberships to authenticated;
grant update (role, status, left_at) on table public.group_memberships to authenticated;
grant all on table public.group_memberships to service_role;

create policy "select" on public.group_memberships for select to authenticated
  using (
    (select private.is_admin())
    or user_id = (select auth.uid())
    or private.is_group_member((select auth.uid()), group_id)
  );
create policy "insert" on public.group_memberships for insert to authenticated with check ((select private.is_admin()));
create policy "update" on public.group_memberships for update to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.group_memberships
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes('admins');
create or replace trigger follow_group_membership_change
  after update of status on public.group_memberships for each row
  when ((old.status = 'active') is distinct from (new.status = 'active'))
  execute function private.follow_group_membership();
create or replace trigger follow_group_membership_end
  after delete on public.group_memberships for each row
  execute function private.follow_group_membership();
create or replace trigger follow_group_membership_start
  after insert on public.group_memberships for each row
  when (new.status = 'active')
  execute function private.follow_group_membership();
create or replace trigger note_calendar_changes_delete
  after delete on public.group_memberships
  referencing old table as changed_rows
  for each statement
  execute function private.note_calendar_changes('user_id, group_id, status', '(''user'', c.user_id)');
create or replace trigger note_calendar_changes_insert
  after insert on public.group_memberships
  referencing new table as changed_rows
  for each statement
  execute function private.note_calendar_changes('user_id, group_id, status', '(''user'', c.user_id)');
create or replace trigger note_calendar_changes_truncate
  after truncate on public.group_memberships
  for each statement
  execute function private.note_calendar_changes('user_id, group_id, status', '(''user'', c.user_id)');
create or replace trigger note_calendar_changes_update
  after update on public.group_memberships
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function private.note_calendar_changes('user_id, group_id, status', '(''user'', c.user_id)');
