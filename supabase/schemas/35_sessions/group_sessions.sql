create table public.group_sessions (
  id uuid primary key default gen_random_uuid(),
  group_id uuid not null references public.groups (id) on delete cascade,
  title text not null,
  description text,
  session_date timestamptz not null,
  duration_minutes integer default 60,
  location text,
  calendly_event_uri text,
  calendly_invitee_uri text,
  status text not null default 'scheduled' check (status in ('requested', 'scheduled', 'completed', 'cancelled')),
  booked_by uuid references auth.users (id),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  is_recurring boolean default false,
  recurrence_pattern text check (recurrence_pattern in ('weekly', 'bi-weekly', 'monthly')),
  recurrence_end_date date,
  parent_session_id uuid references public.group_sessions (id) on delete set null,
  timezone text default 'UTC',
  calcom_booking_id text,
  calcom_booking_uid text,
  calcom_event_type_id integer,
  calcom_event_type_slug text,
  calcom_reschedule_uid text,
  booking_source text default 'manual',
  enrollment_id uuid references public.client_enrollments (id) on delete set null,
  meeting_link text,
  start_time timestamptz,
  end_time timestamptz,
  calendar_sequence integer not null default 0,
  calendar_changed_at timestamptz,
  constraint group_sessions_texts_check check (
    char_length(title) <= 300
    and char_length(description) <= 5000
    and char_length(location) <= 5000
    and char_length(meeting_link) <= 5000
    and char_length(timezone) <= 200
  ),
  constraint group_sessions_times_check check (
    session_date between '2000-01-01+00' and '2100-01-01+00'
    and start_time between '2000-01-01+00' and '2100-01-01+00'
    and end_time between '2000-01-01+00' and '2100-01-01+00'
    and recurrence_end_date between '2000-01-01' and '2100-01-01'
    and duration_minutes between 1 and 44640
    and end_time > start_time
    and end_time <= start_time + interval '31 days'
  )
);

comment on table public.group_sessions is
  'Sessions of a peer group. The link is meeting_link; there is no host column.';
comment on column public.group_sessions.calendar_sequence is
  'SEQUENCE of the event (RFC 5545 §3.8.7.4): rises with time, place and status. Kept by a trigger.';
comment on column public.group_sessions.calendar_changed_at is 'When calendar_sequence rose last.';

create index group_sessions_booked_by_idx on public.group_sessions (booked_by)
  where booked_by is not null;
create index group_sessions_enrollment_id_idx on public.group_sessions (enrollment_id)
  where enrollment_id is not null;
create index group_sessions_group_date_idx on public.group_sessions (group_id, session_date);

alter table public.group_sessions enable row level security;
revoke all on table public.group_sessions from public, anon, authenticated, service_role;
grant select, delete on table public.group_sessions to authenticated;
grant insert (
  group_id, title, description, session_date, duration_minutes, location, booked_by, status, is_recurring,
  recurrence_pattern, recurrence_end_date, timezone, parent_session_id
) on table public.group_sessions to authenticated;
grant update (
  title, description, session_date, duration_minutes, location, status
) on table public.group_sessions to authenticated;
grant all on table public.group_sessions to service_role;

create policy "select" on public.group_sessions for select to authenticated
  using ((select private.is_admin()) or private.is_group_member((select auth.uid()), group_id));
create policy "insert" on public.group_sessions for insert to authenticated
  with check (
    (select private.is_admin())
    or (
      booked_by = (select auth.uid())
      and status = 'scheduled'
      and private.may_add_group_session(group_id, parent_session_id)
    )
  );
create policy "update" on public.group_sessions for update to authenticated
  using (
    (select private.is_admin())
    or (booked_by = (select auth.uid()) and private.is_group_member((select auth.uid()), group_id))
    or private.is_group_leader(group_id)
  );
create policy "delete" on public.group_sessions for delete to authenticated
  using ((select private.is_admin()) or private.is_group_leader(group_id));

create or replace trigger guard_columns
  before update on public.group_sessions
  for each row execute function private.guard_columns('status');
create or replace trigger guard_links
  before insert or update on public.group_sessions
  for each row execute function private.guard_meeting_links('meeting_link', 'location');
create or replace trigger limit_group_sessions
  after insert on public.group_sessions
  referencing new table as added
  for each statement
  execute function private.limit_group_sessions();
create or replace trigger note_calendar_changes_delete
  after delete on public.group_sessions
  referencing old table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, group_id, title, description, status, session_date, start_time, end_time, duration_minutes, location, meeting_link, calendar_sequence, calendar_changed_at, created_at, updated_at', '(''group'', c.group_id)');
create or replace trigger note_calendar_changes_insert
  after insert on public.group_sessions
  referencing new table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, group_id, title, description, status, session_date, start_time, end_time, duration_minutes, location, meeting_link, calendar_sequence, calendar_changed_at, created_at, updated_at', '(''group'', c.group_id)');
create or replace trigger note_calendar_changes_truncate
  after truncate on public.group_sessions
  for each statement
  execute function private.note_calendar_changes('id, group_id, title, description, status, session_date, start_time, end_time, duration_minutes, location, meeting_link, calendar_sequence, calendar_changed_at, created_at, updated_at', '(''group'', c.group_id)');
create or replace trigger note_calendar_changes_update
  after update on public.group_sessions
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function private.note_calendar_changes('id, group_id, title, description, status, session_date, start_time, end_time, duration_minutes, location, meeting_link, calendar_sequence, calendar_changed_at, created_at, updated_at', '(''group'', c.group_id)');
create or replace trigger tell_of_group_session
  after update of status, session_date on public.group_sessions for each row
  execute function private.tell_of_group_session();
create or replace trigger track_calendar_sequence
  before insert or update on public.group_sessions for each row
  execute function private.track_calendar_sequence(
    'session_date', 'start_time', 'end_time', 'duration_minutes', 'location', 'meeting_link', 'status'
  );
create or replace trigger update_group_sessions_updated_at
  before update on public.group_sessions
  for each row execute function public.update_updated_at_column();
