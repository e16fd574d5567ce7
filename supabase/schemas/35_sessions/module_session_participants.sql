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
grant select, insert, update, delete on table public.module_session_participants to authenticated;
grant all on table public.module_session_participants to service_role;

create policy "select" on public.module_session_participants for select to authenticated
  using (
    (select private.is_admin())
    or user_id = (select auth.uid())
    or private.can_manage_module_session((select auth.uid()), session_id)
  );
create policy "insert" on public.module_session_participants for insert to authenticated
  with check (
    (select private.is_admin()) or private.can_manage_module_session((select auth.uid()), session_id)
  );
create policy "update" on public.module_session_participants for update to authenticated
  using (
    (select private.is_admin())
    or user_id = (select auth.uid())
    or private.can_manage_module_session((select auth.uid()), session_id)
  );
create policy "delete" on public.module_session_participants for delete to authenticated
  using ((select private.is_admin()) or private.can_manage_module_session((select auth.uid()), session_id));

create or replace function private.guard_participation_move()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
begin
  if current_user in ('anon', 'authenticated')
    and not (
      private.can_manage_module_session(auth.uid(), old.session_id)
      and private.can_manage_module_session(auth.uid(), new.session_id)
    )
  then
    raise exception 'a participation can only be moved between sessions that you manage'
      using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
comment on function private.guard_participation_move() is
  'Trigger: only who manages both sessions may change whose participation it is, and in which session.';
revoke execute on function private.guard_participation_move() from public;

create or replace trigger guard_move
  before update on public.module_session_participants
  for each row
  when (
    (old.session_id, old.user_id, old.enrollment_id)
    is distinct from (new.session_id, new.user_id, new.enrollment_id)
  )
  execute function private.guard_participation_move();
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
