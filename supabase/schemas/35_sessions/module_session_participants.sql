create table public.module_session_participants (
  id uuid primary key default gen_random_uuid(),
  session_id uuid not null references public.module_sessions (id) on delete cascade,
  user_id uuid not null,
  enrollment_id uuid references public.client_enrollments (id) on delete cascade,
  created_at timestamptz not null default now(),
  response_status text not null default 'pending'
    check (response_status in ('pending', 'accepted', 'declined')),
  constraint module_session_participants_session_id_user_id_key unique (session_id, user_id)
);

comment on table public.module_session_participants is
  'Who takes part in a module session. user_id has no foreign key.';

create index module_session_participants_enrollment_id_idx
  on public.module_session_participants (enrollment_id)
  where enrollment_id is not null;
create index module_session_participants_user_idx
  on public.module_session_participants (user_id);

alter table public.module_session_participants enable row level security;
revoke all on table public.module_session_participants from public, anon, authenticated, service_role;
grant select, delete on table public.module_session_participants to authenticated;
grant insert (
  session_id, user_id, enrollment_id
) on table public.module_session_participants to authenticated;
grant all on table public.module_session_participants to service_role;

create policy "select" on public.module_session_participants for select to authenticated
  using (
    (select private.is_admin())
    or user_id = (select auth.uid())
    or private.can_manage_module_session((select auth.uid()), session_id)
  );
create policy "insert" on public.module_session_participants for insert to authenticated
  with check (
    (select private.is_admin())
    or (
      private.may_change_module_session(session_id)
      and private.may_take_part(session_id, user_id, enrollment_id)
    )
  );
create policy "delete" on public.module_session_participants for delete to authenticated
  using ((select private.is_admin()) or private.may_change_module_session(session_id));

create or replace trigger note_calendar_changes_delete
  after delete on public.module_session_participants
  referencing old table as changed_rows
  for each statement
  execute function private.note_calendar_changes('user_id, session_id, response_status', '(''user'', c.user_id)');
create or replace trigger note_calendar_changes_insert
  after insert on public.module_session_participants
  referencing new table as changed_rows
  for each statement
  execute function private.note_calendar_changes('user_id, session_id, response_status', '(''user'', c.user_id)');
create or replace trigger note_calendar_changes_truncate
  after truncate on public.module_session_participants
  for each statement
  execute function private.note_calendar_changes('user_id, session_id, response_status', '(''user'', c.user_id)');
create or replace trigger note_calendar_changes_update
  after update on public.module_session_participants
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function private.note_calendar_changes('user_id, session_id, response_status', '(''user'', c.user_id)');
create or replace trigger notify_session_participant_added
  after insert on public.module_session_participants for each row
  execute function public.notify_session_participant_added();
