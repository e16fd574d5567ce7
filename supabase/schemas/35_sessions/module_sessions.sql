create table public.module_sessions (
  id uuid primary key default gen_random_uuid(),
  module_id uuid not null references public.program_modules (id) on delete cascade,
  enrollment_id uuid references public.client_enrollments (id) on delete cascade,
  title text not null,
  description text,
  session_date timestamptz,
  duration_minutes integer default 60,
  location text,
  meeting_url text,
  status text not null default 'scheduled'
    check (
      status in (
        'draft', 'scheduled', 'requested', 'confirmed', 'in_progress', 'completed', 'cancelled',
        'rescheduled'
      )
    ),
  booked_by uuid references auth.users (id),
  instructor_id uuid references auth.users (id),
  notes text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  session_type text not null default 'individual',
  program_id uuid references public.programs (id) on delete cascade,
  requested_by uuid references auth.users (id),
  request_message text,
  client_response text check (client_response in ('accepted', 'rejected', 'pending')),
  is_recurring boolean not null default false,
  recurrence_pattern text,
  recurrence_end_date date,
  recurrence_count integer,
  parent_session_id uuid references public.module_sessions (id) on delete cascade,
  source text default 'staff' check (source in ('staff', 'client_request', 'client_external')),
  request_notes text,
  requested_at timestamptz,
  preferred_date timestamptz,
  timezone text default 'UTC',
  calcom_booking_id text,
  calcom_booking_uid text,
  calcom_event_type_id integer,
  calcom_event_type_slug text,
  calcom_reschedule_uid text,
  booking_source text default 'manual',
  calendar_sequence integer not null default 0,
  calendar_changed_at timestamptz,
  constraint module_sessions_type_check check (
    (session_type = 'individual' and enrollment_id is not null)
    or (session_type = 'group' and program_id is not null)
  ),
  constraint module_sessions_texts_check check (
    char_length(title) <= 300
    and char_length(description) <= 5000
    and char_length(location) <= 5000
    and char_length(meeting_url) <= 5000
    and char_length(notes) <= 5000
    and char_length(request_message) <= 5000
    and char_length(request_notes) <= 5000
    and char_length(recurrence_pattern) <= 200
    and char_length(timezone) <= 200
  ),
  constraint module_sessions_times_check check (
    session_date between '2000-01-01+00' and '2100-01-01+00'
    and preferred_date between '2000-01-01+00' and '2100-01-01+00'
    and requested_at between '2000-01-01+00' and '2100-01-01+00'
    and recurrence_end_date between '2000-01-01' and '2100-01-01'
    and duration_minutes between 1 and 44640
    and recurrence_count between 0 and 1000
  )
);

comment on table public.module_sessions is
  'Sessions of a module. instructor_id is the host, coach or instructor; session_date may be null.';
comment on column public.module_sessions.calendar_sequence is
  'SEQUENCE of the event (RFC 5545 §3.8.7.4): rises with time, place and status. Kept by a trigger.';
comment on column public.module_sessions.calendar_changed_at is 'When calendar_sequence rose last.';

create index module_sessions_booked_by_idx on public.module_sessions (booked_by)
  where booked_by is not null;
create index module_sessions_enrollment_date_idx
  on public.module_sessions (enrollment_id, session_date);
create index module_sessions_instructor_date_idx
  on public.module_sessions (instructor_id, session_date);
create index module_sessions_module_idx on public.module_sessions (module_id);
create index module_sessions_parent_session_id_idx on public.module_sessions (parent_session_id)
  where parent_session_id is not null;
create index module_sessions_program_idx on public.module_sessions (program_id);
create index module_sessions_requested_by_idx on public.module_sessions (requested_by)
  where requested_by is not null;
create unique index module_sessions_unique_open_individual
  on public.module_sessions (module_id, enrollment_id)
  where session_type = 'individual'
    and status not in ('cancelled', 'completed')
    and calcom_booking_uid is null;

alter table public.module_sessions enable row level security;
revoke all on table public.module_sessions from public, anon, authenticated, service_role;
grant select, delete on table public.module_sessions to authenticated;
grant insert (
  module_id, enrollment_id, program_id, session_type, title, description, session_date, duration_minutes,
  location, meeting_url, status, instructor_id, notes, timezone, is_recurring, recurrence_pattern,
  recurrence_end_date, recurrence_count, parent_session_id, source, requested_by, requested_at,
  request_notes, client_response
) on table public.module_sessions to authenticated;
grant update (
  module_id, enrollment_id, program_id, session_type, title, description, session_date, duration_minutes,
  location, meeting_url, status, instructor_id, notes, timezone
) on table public.module_sessions to authenticated;
grant all on table public.module_sessions to service_role;

create policy "select" on public.module_sessions for select to authenticated
  using (
    (select private.is_admin())
    or instructor_id = (select auth.uid())
    or requested_by = (select auth.uid())
    or private.is_module_session_staff((select auth.uid()), module_id, program_id)
    or private.owns_enrollment(enrollment_id)
    or private.is_module_session_participant(id)
  );
create policy "insert" on public.module_sessions for insert to authenticated
  with check (
    (select private.is_admin())
    or (
      private.is_module_session_consistent(module_id, enrollment_id, program_id)
      and (
        -- staff schedule, and host what they schedule
        (
          private.is_module_session_staff((select auth.uid()), module_id, program_id)
          and (instructor_id is null or instructor_id = (select auth.uid()))
          and source = 'staff'
          and num_nonnulls(requested_by, requested_at, request_notes, client_response) = 0
          and (parent_session_id is null or private.may_change_module_session(parent_session_id))
        )
        -- a client notes down what was booked elsewhere
        or (
          private.owns_enrollment(enrollment_id)
          and (source, status, session_type, client_response)
            = ('client_external', 'scheduled', 'individual', 'accepted')
          and requested_by = (select auth.uid())
          and session_date is not null
          and not is_recurring
          and num_nonnulls(
            instructor_id, program_id, parent_session_id, description, location, notes, recurrence_pattern,
            recurrence_end_date, recurrence_count
          ) = 0
        )
      )
    )
  );
-- Which changes of a colleague's, guard_session says.
create policy "update" on public.module_sessions for update to authenticated
  using (
    (select private.is_admin())
    or (instructor_id = (select auth.uid()) and (select private.is_staff()))
    or private.is_module_session_staff((select auth.uid()), module_id, program_id)
  );
-- With a session go those of its series: a colleague's among them stays.
create policy "delete" on public.module_sessions for delete to authenticated
  using (
    (select private.is_admin())
    or (private.may_change_module_session(id) and not private.has_session_of_colleague(id))
  );

-- Security invoker for the reason given at private.guard_columns.
create or replace function private.guard_module_session()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
begin
  if current_user not in ('anon', 'authenticated') or private.is_admin() then
    return new;
  end if;

  -- whoever changes a colleague's takes it over, in the same statement
  if old.instructor_id <> auth.uid() and new.instructor_id is distinct from auth.uid() then
    raise exception 'a colleague''s module session is taken over by whoever changes it'
      using errcode = 'insufficient_privilege';
  end if;
  if new.instructor_id is distinct from old.instructor_id and new.instructor_id <> auth.uid() then
    raise exception 'a module session can be taken over, and not be given to somebody else'
      using errcode = 'insufficient_privilege';
  end if;

  if (new.module_id, new.session_type) is distinct from (old.module_id, old.session_type)
    or (
      new.program_id is distinct from old.program_id
      and not private.is_module_session_consistent(new.module_id, new.enrollment_id, new.program_id)
    )
    -- who accepts a request names an enrollment of whoever asked
    or (
      new.enrollment_id is distinct from old.enrollment_id
      and not coalesce(
        private.is_enrollment_of(new.enrollment_id, old.requested_by)
        and private.is_module_session_consistent(new.module_id, new.enrollment_id, new.program_id),
        false
      )
    )
  then
    raise exception 'a module session stays with its module and with whom it is for'
      using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
comment on function private.guard_module_session() is
  'Trigger: who is no admin changes a colleague''s session by taking it over, makes nobody else the host, and '
  'moves none to another module or person; a requested one gets an enrollment of whoever asked for it.';
revoke execute on function private.guard_module_session() from public;

create or replace trigger guard_links
  before insert or update on public.module_sessions
  for each row execute function private.guard_meeting_links('meeting_url', 'location');
create or replace trigger guard_session
  before update on public.module_sessions
  for each row execute function private.guard_module_session();
create or replace trigger note_calendar_changes_delete
  after delete on public.module_sessions
  referencing old table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, instructor_id, enrollment_id, module_id, program_id, session_type, title, description, status, session_date, preferred_date, duration_minutes, location, meeting_url, client_response, calendar_sequence, calendar_changed_at, created_at, updated_at', '(''user'', c.instructor_id), (''client'', c.enrollment_id), (''participants'', c.id)');
create or replace trigger note_calendar_changes_insert
  after insert on public.module_sessions
  referencing new table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, instructor_id, enrollment_id, module_id, program_id, session_type, title, description, status, session_date, preferred_date, duration_minutes, location, meeting_url, client_response, calendar_sequence, calendar_changed_at, created_at, updated_at', '(''user'', c.instructor_id), (''client'', c.enrollment_id), (''participants'', c.id)');
create or replace trigger note_calendar_changes_truncate
  after truncate on public.module_sessions
  for each statement
  execute function private.note_calendar_changes('id, instructor_id, enrollment_id, module_id, program_id, session_type, title, description, status, session_date, preferred_date, duration_minutes, location, meeting_url, client_response, calendar_sequence, calendar_changed_at, created_at, updated_at', '(''user'', c.instructor_id), (''client'', c.enrollment_id), (''participants'', c.id)');
create or replace trigger note_calendar_changes_update
  after update on public.module_sessions
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function private.note_calendar_changes('id, instructor_id, enrollment_id, module_id, program_id, session_type, title, description, status, session_date, preferred_date, duration_minutes, location, meeting_url, client_response, calendar_sequence, calendar_changed_at, created_at, updated_at', '(''user'', c.instructor_id), (''client'', c.enrollment_id), (''participants'', c.id)');
create or replace trigger tell_of_module_session
  after insert or update of status, session_date on public.module_sessions for each row
  execute function private.tell_of_module_session();
create or replace trigger track_calendar_sequence
  before insert or update on public.module_sessions for each row
  execute function private.track_calendar_sequence(
    'session_date', 'preferred_date', 'duration_minutes', 'location', 'meeting_url', 'status'
  );
create or replace trigger update_module_sessions_updated_at
  before update on public.module_sessions
  for each row execute function public.update_updated_at_column();
