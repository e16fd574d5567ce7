create table public.cohort_sessions (
  id uuid primary key default gen_random_uuid(),
  cohort_id uuid not null references public.program_cohorts (id) on delete cascade,
  module_id uuid references public.program_modules (id) on delete set null,
  title text not null,
  description text,
  session_date date not null,
  start_time time,
  end_time time,
  location text,
  meeting_link text,
  notes text,
  order_index integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  timezone text default 'UTC',
  instructor_id uuid references auth.users (id) on delete set null,
  recap text,
  recording_url text,
  calendar_sequence integer not null default 0,
  calendar_changed_at timestamptz,
  constraint cohort_sessions_texts_check check (
    char_length(title) <= 300
    and char_length(description) <= 5000
    and char_length(location) <= 5000
    and char_length(meeting_link) <= 5000
    and char_length(notes) <= 5000
    and char_length(recap) <= 5000
    and char_length(recording_url) <= 5000
    and char_length(timezone) <= 200
  ),
  constraint cohort_sessions_times_check check (
    session_date between '2000-01-01' and '2100-01-01'
  )
);

comment on table public.cohort_sessions is
  'Sessions of a cohort. session_date is a date; start_time and end_time are times in timezone.';
comment on column public.cohort_sessions.calendar_sequence is
  'SEQUENCE of the event (RFC 5545 §3.8.7.4): rises with time, place and status. Kept by a trigger.';
comment on column public.cohort_sessions.calendar_changed_at is 'When calendar_sequence rose last.';

create index cohort_sessions_cohort_date_idx
  on public.cohort_sessions (cohort_id, session_date);
create index cohort_sessions_instructor_date_idx
  on public.cohort_sessions (instructor_id, session_date);
create index cohort_sessions_session_date_idx on public.cohort_sessions (session_date);

alter table public.cohort_sessions enable row level security;
revoke all on table public.cohort_sessions from public, anon, authenticated, service_role;
grant select, delete on table public.cohort_sessions to authenticated;
grant insert (
  cohort_id, title, description, session_date, start_time, end_time, location, meeting_link, module_id,
  instructor_id, notes, recap, recording_url, order_index, timezone
) on table public.cohort_sessions to authenticated;
grant update (
  cohort_id, title, description, session_date, start_time, end_time, location, meeting_link, module_id,
  instructor_id, notes, recap, recording_url, order_index, timezone
) on table public.cohort_sessions to authenticated;
grant all on table public.cohort_sessions to service_role;

create policy "select" on public.cohort_sessions for select to authenticated
  using ((select private.is_admin()) or private.is_in_cohort(cohort_id) or private.runs_cohort(cohort_id));
create policy "insert" on public.cohort_sessions for insert to authenticated with check ((select private.is_admin()));
create policy "update" on public.cohort_sessions for update to authenticated
  using ((select private.is_admin()) or private.runs_cohort(cohort_id));
create policy "delete" on public.cohort_sessions for delete to authenticated using ((select private.is_admin()));

-- What an instructor or coach of the program adds afterwards: the recap and the recording.
create or replace trigger guard_columns
  before update on public.cohort_sessions
  for each row execute function private.guard_columns(
    'cohort_id', 'module_id', 'instructor_id', 'title', 'description', 'session_date', 'start_time', 'end_time',
    'timezone', 'location', 'meeting_link', 'notes', 'order_index'
  );
create or replace trigger guard_links
  before insert or update on public.cohort_sessions
  for each row execute function private.guard_meeting_links('meeting_link', 'location', 'recording_url=any');
create or replace trigger note_calendar_changes_delete
  after delete on public.cohort_sessions
  referencing old table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, cohort_id, instructor_id, title, description, session_date, start_time, end_time, timezone, location, meeting_link, calendar_sequence, calendar_changed_at, created_at, updated_at', '(''user'', c.instructor_id), (''cohort'', c.cohort_id)');
create or replace trigger note_calendar_changes_insert
  after insert on public.cohort_sessions
  referencing new table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, cohort_id, instructor_id, title, description, session_date, start_time, end_time, timezone, location, meeting_link, calendar_sequence, calendar_changed_at, created_at, updated_at', '(''user'', c.instructor_id), (''cohort'', c.cohort_id)');
create or replace trigger note_calendar_changes_truncate
  after truncate on public.cohort_sessions
  for each statement
  execute function private.note_calendar_changes('id, cohort_id, instructor_id, title, description, session_date, start_time, end_time, timezone, location, meeting_link, calendar_sequence, calendar_changed_at, created_at, updated_at', '(''user'', c.instructor_id), (''cohort'', c.cohort_id)');
create or replace trigger note_calendar_changes_update
  after update on public.cohort_sessions
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function private.note_calendar_changes('id, cohort_id, instructor_id, title, description, session_date, start_time, end_time, timezone, location, meeting_link, calendar_sequence, calendar_changed_at, created_at, updated_at', '(''user'', c.instructor_id), (''cohort'', c.cohort_id)');
create or replace trigger track_calendar_sequence
  before insert or update on public.cohort_sessions for each row
  execute function private.track_calendar_sequence(
    'session_date', 'start_time', 'end_time', 'timezone', 'location', 'meeting_link',
    'calendar_changed_at' -- touched when the cohort is cancelled, below
  );
create or replace trigger update_cohort_sessions_updated_at
  before update on public.cohort_sessions
  for each row execute function public.update_updated_at_column();
