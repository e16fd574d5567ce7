create table public.group_session_participants (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null references public.group_sessions (id) on delete cascade,
  group_id uuid not null references public.groups (id) on delete cascade,
  user_id uuid not null,
  response_status text not null default 'pending'
    check (response_status in ('pending', 'accepted', 'declined')),
  responded_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint group_session_participants_session_id_user_id_key unique (session_id, user_id),
  constraint group_session_participants_times_check check (
    responded_at between '2000-01-01+00' and '2100-01-01+00'
  )
);

comment on table public.group_session_participants is
  'Who was asked to a peer group session, and what they answered.';

create index group_session_participants_user_id_idx
  on public.group_session_participants (user_id);

alter table public.group_session_participants enable row level security;
revoke all on table public.group_session_participants from public, anon, authenticated, service_role;
grant select on table public.group_session_participants to authenticated;
grant insert (
  session_id, group_id, user_id, response_status, responded_at
) on table public.group_session_participants to authenticated;
grant update (response_status, responded_at) on table public.group_session_participants to authenticated;
grant all on table public.group_session_participants to service_role;

create policy "select" on public.group_session_participants for select to authenticated
  using (
    (select private.is_admin())
    or user_id = (select auth.uid())
    or private.is_group_member((select auth.uid()), group_id)
  );
-- Who adds a session asks the group's members to it, and answers for nobody else.
create policy "insert" on public.group_session_participants for insert to authenticated
  with check (
    (select private.is_admin())
    or (
      private.may_invite_to_group_session(session_id, group_id, user_id)
      and (user_id = (select auth.uid()) or (response_status = 'pending' and responded_at is null))
    )
  );
create policy "update" on public.group_session_participants for update to authenticated
  using (user_id = (select auth.uid()));

create or replace trigger note_calendar_changes_delete
  after delete on public.group_session_participants
  referencing old table as changed_rows
  for each statement
  execute function private.note_calendar_changes('user_id, session_id, response_status', '(''user'', c.user_id)');
create or replace trigger note_calendar_changes_insert
  after insert on public.group_session_participants
  referencing new table as changed_rows
  for each statement
  execute function private.note_calendar_changes('user_id, session_id, response_status', '(''user'', c.user_id)');
create or replace trigger note_calendar_changes_truncate
  after truncate on public.group_session_participants
  for each statement
  execute function private.note_calendar_changes('user_id, session_id, response_status', '(''user'', c.user_id)');
create or replace trigger note_calendar_changes_update
  after update on public.group_session_participants
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function private.note_calendar_changes('user_id, session_id, response_status', '(''user'', c.user_id)');
create or replace trigger tell_of_group_invitation
  after insert on public.group_session_participants for each row
  execute function private.tell_of_group_invitation();
create or replace trigger update_group_session_participants_updated_at
  before update on public.group_session_participants
  for each row execute function public.update_updated_at_column();
