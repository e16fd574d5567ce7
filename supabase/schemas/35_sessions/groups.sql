create table public.groups (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  description text,
  program_id uuid references public.programs (id) on delete set null,
  theme text,
  join_type public.group_join_type not null default 'invitation_only',
  status public.group_status not null default 'draft',
  start_date date,
  end_date date,
  circle_group_id text,
  circle_group_url text,
  max_members integer,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  calendly_event_url text,
  google_drive_folder_url text,
  slack_channel_url text,
  calcom_mapping_id uuid,
  constraint groups_texts_check check (
    char_length(name) <= 200
    and char_length(description) <= 5000
    and char_length(theme) <= 300
    and char_length(circle_group_id) <= 200
    and char_length(circle_group_url) <= 5000
    and char_length(calendly_event_url) <= 5000
    and char_length(google_drive_folder_url) <= 5000
    and char_length(slack_channel_url) <= 5000
  ),
  constraint groups_times_check check (
    start_date between '2000-01-01' and '2100-01-01'
    and end_date between '2000-01-01' and '2100-01-01'
    and end_date >= start_date
  ),
  constraint groups_links_check check (
    private.are_web_links(
      circle_group_url, calendly_event_url, google_drive_folder_url, slack_channel_url
    )
  )
);

comment on table public.groups is 'Peer groups, of a programme or free-standing.';

create index groups_calcom_mapping_idx
  on public.groups (calcom_mapping_id) where calcom_mapping_id is not null;
create index groups_created_by_idx on public.groups (created_by);

alter table public.groups enable row level security;
revoke all on table public.groups from public, anon, authenticated, service_role;
grant select, delete on table public.groups to authenticated;
grant insert (
  name, description, program_id, theme, join_type, status, start_date, end_date, max_members,
  circle_group_url, calcom_mapping_id, created_by
) on table public.groups to authenticated;
grant update (
  name, description, google_drive_folder_url, slack_channel_url, status, calcom_mapping_id
) on table public.groups to authenticated;
grant all on table public.groups to service_role;

create policy "select" on public.groups for select to authenticated
  using (
    (select private.is_admin())
    or private.is_group_member((select auth.uid()), id)
    or (join_type = 'open' and status = 'active')
  );
create policy "insert" on public.groups for insert to authenticated with check ((select private.is_admin()));
create policy "update" on public.groups for update to authenticated using ((select private.is_admin()));
create policy "delete" on public.groups for delete to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.groups
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes('admins');
create or replace trigger note_calendar_changes_delete
  after delete on public.groups
  referencing old table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, name', '(''group'', c.id)');
create or replace trigger note_calendar_changes_insert
  after insert on public.groups
  referencing new table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, name', '(''group'', c.id)');
create or replace trigger note_calendar_changes_truncate
  after truncate on public.groups
  for each statement
  execute function private.note_calendar_changes('id, name', '(''group'', c.id)');
create or replace trigger note_calendar_changes_update
  after update on public.groups
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function private.note_calendar_changes('id, name', '(''group'', c.id)');
create or replace trigger update_groups_updated_at
  before update on public.groups
  for each row execute function public.update_updated_at_column();
