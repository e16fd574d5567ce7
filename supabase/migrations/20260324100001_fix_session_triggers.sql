-- Sessions: the triggers that named columns which do not exist, and who is told of what.
--
-- Why: notify_session_participant_added named a column that does not exist, so that every insert of a participant
-- failed. Triggers on the rows notify whom a change concerns, whoever makes it; what a client or participant may
-- change of a session is guarded column by column. A notification between this file and the one that makes
-- private.tell() fails by itself and is kept in private.trigger_failures.
-- Locks: on production, until commit, ACCESS EXCLUSIVE on group_memberships, group_session_participants,
-- group_sessions, groups, module_sessions, session_participants, session_type_roles, session_types, sessions;
-- SHARE ROW EXCLUSIVE on module_session_participants.
-- Can be run again.

set lock_timeout = '10s';
set check_function_bodies = off; -- a body may name what a later file makes

-- Tables that are there ---------------------------------------------------------------------------

alter table public.module_sessions
  add column if not exists calendar_sequence integer not null default 0,
  add column if not exists calendar_changed_at timestamptz;
alter table public.group_sessions
  add column if not exists calendar_sequence integer not null default 0,
  add column if not exists calendar_changed_at timestamptz;
select private.assert_table(
  'public.module_sessions', 'calendar_sequence integer not null default 0, calendar_changed_at timestamptz'
);
select private.assert_table(
  'public.group_sessions', 'calendar_sequence integer not null default 0, calendar_changed_at timestamptz'
);

-- One open session a module and enrollment is for those that people enter by hand: a completed one is history
-- and blocks nothing, and what Cal.com books is an appointment that stands, whatever else does. The former
-- index, which is stricter, answers for the rows that are there until the new one is made.
do $$
declare
  v_doubled bigint;
begin
  select count(*) into v_doubled from (
    select from public.module_sessions
    where session_type = 'individual' and status not in ('cancelled', 'completed') and calcom_booking_uid is null
    group by module_id, enrollment_id
    having count(*) > 1
  ) doubled;
  if v_doubled > 0 then -- who meets whom when is nobody's to guess
    raise exception '% enrollments have more than one open session of a module', v_doubled
      using hint = 'Cancel or complete all but one of each, then run this again: group module_sessions by module_id and enrollment_id.';
  end if;
end
$$;
select private.ensure_index(
  $$create unique index module_sessions_unique_open_individual on public.module_sessions (module_id, enrollment_id)
    where session_type = 'individual'
      and status not in ('cancelled', 'completed')
      and calcom_booking_uid is null$$
);
select private.drop_unique_keys('public.module_sessions', '{module_id,enrollment_id}', 'module_sessions_unique_open_individual');

-- A peer group's session can be asked for, or wait for a new time, as a module's can.
do $$
declare
  v_unknown text;
begin
  if not exists (
    select from pg_catalog.pg_constraint c
    where c.conrelid = 'public.group_sessions'::regclass and c.conname = 'group_sessions_status_check'
      and pg_get_constraintdef(c.oid) like '%requested%'
  ) then
    select string_agg(distinct s.status, ', ') into v_unknown from public.group_sessions s
    where s.status not in ('requested', 'scheduled', 'completed', 'cancelled');
    if v_unknown is not null then
      raise exception 'group_sessions.status has values that are not known here: %', v_unknown
        using hint = 'Put these rows right, then run this again.';
    end if;
    perform private.drop_checks('public.group_sessions', 'status');
    alter table public.group_sessions add constraint group_sessions_status_check
      check (status in ('requested', 'scheduled', 'completed', 'cancelled'));
  end if;
end
$$;
select private.assert_table(
  'public.group_sessions', 'status text not null default ''scheduled''',
  $$check (status in ('requested', 'scheduled', 'completed', 'cancelled'))$$
);

select private.ensure_index(statement) from unnest(array[
  'create index group_memberships_user_idx on public.group_memberships (user_id)',
  'create index group_session_participants_user_id_idx on public.group_session_participants (user_id)',
  'create index group_sessions_booked_by_idx on public.group_sessions (booked_by) where booked_by is not null',
  $$create index group_sessions_enrollment_id_idx
    on public.group_sessions (enrollment_id) where enrollment_id is not null$$,
  'create index group_sessions_group_date_idx on public.group_sessions (group_id, session_date)',
  'create index groups_calcom_mapping_idx on public.groups (calcom_mapping_id) where calcom_mapping_id is not null',
  'create index groups_created_by_idx on public.groups (created_by)',
  $$create index module_session_participants_enrollment_id_idx
    on public.module_session_participants (enrollment_id) where enrollment_id is not null$$,
  'create index module_session_participants_user_idx on public.module_session_participants (user_id)',
  'create index module_sessions_booked_by_idx on public.module_sessions (booked_by) where booked_by is not null',
  'create index module_sessions_enrollment_date_idx on public.module_sessions (enrollment_id, session_date)',
  'create index module_sessions_instructor_date_idx on public.module_sessions (instructor_id, session_date)',
  'create index module_sessions_module_idx on public.module_sessions (module_id)',
  $$create index module_sessions_parent_session_id_idx
    on public.module_sessions (parent_session_id) where parent_session_id is not null$$,
  'create index module_sessions_program_idx on public.module_sessions (program_id)',
  $$create index module_sessions_requested_by_idx
    on public.module_sessions (requested_by) where requested_by is not null$$,
  'create index session_participants_user_id_idx on public.session_participants (user_id)',
  'create index sessions_created_by_idx on public.sessions (created_by) where created_by is not null'
]) as statement;

-- A link that runs a script or opens a program is none that anybody follows.
insert into private.rows_before_repair (table_name, content)
select 'public.groups', to_jsonb(r) from public.groups r
where not (
  private.are_web_links(circle_group_url, calendly_event_url, google_drive_folder_url, slack_channel_url));
update public.groups
set circle_group_url = case when private.are_web_links(circle_group_url) then circle_group_url end,
  calendly_event_url = case when private.are_web_links(calendly_event_url) then calendly_event_url end,
  google_drive_folder_url = case when private.are_web_links(google_drive_folder_url) then google_drive_folder_url end,
  slack_channel_url = case when private.are_web_links(slack_channel_url) then slack_channel_url end
where not (
  private.are_web_links(circle_group_url, calendly_event_url, google_drive_folder_url, slack_channel_url)
);
do $$
begin
  if not exists (
    select from pg_catalog.pg_constraint c
    where c.conrelid = 'public.groups'::regclass and c.conname = 'groups_links_check'
  ) then
    alter table public.groups add constraint groups_links_check
      check (private.are_web_links(circle_group_url, calendly_event_url, google_drive_folder_url, slack_channel_url));
  end if;
end
$$;

-- Lengths and times of groups and sessions: what is there is put right, then the checks are made. Before the
-- triggers that tell of a session that moves.
insert into private.rows_before_repair (table_name, content)
select 'public.groups', to_jsonb(r) from public.groups r
where not (
  char_length(name) <= 200
  and char_length(description) <= 5000
  and char_length(theme) <= 300
  and char_length(circle_group_id) <= 200
  and char_length(circle_group_url) <= 5000
  and char_length(calendly_event_url) <= 5000
  and char_length(google_drive_folder_url) <= 5000
  and char_length(slack_channel_url) <= 5000
  and start_date between '2000-01-01' and '2100-01-01'
  and end_date between '2000-01-01' and '2100-01-01'
  and end_date >= start_date);
update public.groups
set name = left(name, 200),
  description = left(description, 5000),
  theme = left(theme, 300),
  circle_group_id = left(circle_group_id, 200),
  circle_group_url = left(circle_group_url, 5000),
  calendly_event_url = left(calendly_event_url, 5000),
  google_drive_folder_url = left(google_drive_folder_url, 5000),
  slack_channel_url = left(slack_channel_url, 5000),
  start_date = case when start_date is not null then least(greatest(start_date, '2000-01-01'), '2100-01-01') end,
  end_date = case when end_date between '2000-01-01' and '2100-01-01'
      and (start_date is null or end_date >= start_date) then end_date end
where not (
  char_length(name) <= 200
  and char_length(description) <= 5000
  and char_length(theme) <= 300
  and char_length(circle_group_id) <= 200
  and char_length(circle_group_url) <= 5000
  and char_length(calendly_event_url) <= 5000
  and char_length(google_drive_folder_url) <= 5000
  and char_length(slack_channel_url) <= 5000
  and start_date between '2000-01-01' and '2100-01-01'
  and end_date between '2000-01-01' and '2100-01-01'
  and end_date >= start_date
);
insert into private.rows_before_repair (table_name, content)
select 'public.group_memberships', to_jsonb(r) from public.group_memberships r
where not (
  joined_at between '2000-01-01+00' and '2100-01-01+00'
  and left_at between '2000-01-01+00' and '2100-01-01+00');
update public.group_memberships
set joined_at = case when joined_at is not null then least(greatest(joined_at, '2000-01-01+00'), '2100-01-01+00') end,
  left_at = case when left_at is not null then least(greatest(left_at, '2000-01-01+00'), '2100-01-01+00') end
where not (
  joined_at between '2000-01-01+00' and '2100-01-01+00'
  and left_at between '2000-01-01+00' and '2100-01-01+00'
);
insert into private.rows_before_repair (table_name, content)
select 'public.group_sessions', to_jsonb(r) from public.group_sessions r
where not (
  char_length(title) <= 300
  and char_length(description) <= 5000
  and char_length(location) <= 5000
  and char_length(meeting_link) <= 5000
  and char_length(timezone) <= 200
  and session_date between '2000-01-01+00' and '2100-01-01+00'
  and start_time between '2000-01-01+00' and '2100-01-01+00'
  and end_time between '2000-01-01+00' and '2100-01-01+00'
  and recurrence_end_date between '2000-01-01' and '2100-01-01'
  and duration_minutes between 1 and 44640
  and end_time > start_time
  and end_time <= start_time + interval '31 days');
update public.group_sessions
set title = left(title, 300),
  description = left(description, 5000),
  location = left(location, 5000),
  meeting_link = left(meeting_link, 5000),
  timezone = left(timezone, 200),
  session_date = case when session_date is not null then least(greatest(session_date, '2000-01-01+00'), '2100-01-01+00') end,
  start_time = case when start_time is not null then least(greatest(start_time, '2000-01-01+00'), '2100-01-01+00') end,
  recurrence_end_date = case when recurrence_end_date is not null then least(greatest(recurrence_end_date, '2000-01-01'), '2100-01-01') end,
  duration_minutes = case when duration_minutes between 1 and 44640 then duration_minutes 
      when duration_minutes > 44640 then 44640 end,
  end_time = case when end_time > '2000-01-01+00' and end_time <= '2100-01-01+00'
      and end_time > start_time and end_time <= start_time + interval '31 days' then end_time
      when start_time is null and end_time between '2000-01-01+00' and '2100-01-01+00' then end_time end
where not (
  char_length(title) <= 300
  and char_length(description) <= 5000
  and char_length(location) <= 5000
  and char_length(meeting_link) <= 5000
  and char_length(timezone) <= 200
  and session_date between '2000-01-01+00' and '2100-01-01+00'
  and start_time between '2000-01-01+00' and '2100-01-01+00'
  and end_time between '2000-01-01+00' and '2100-01-01+00'
  and recurrence_end_date between '2000-01-01' and '2100-01-01'
  and duration_minutes between 1 and 44640
  and end_time > start_time
  and end_time <= start_time + interval '31 days'
);
insert into private.rows_before_repair (table_name, content)
select 'public.group_session_participants', to_jsonb(r) from public.group_session_participants r
where not (
  responded_at between '2000-01-01+00' and '2100-01-01+00');
update public.group_session_participants
set responded_at = case when responded_at is not null then least(greatest(responded_at, '2000-01-01+00'), '2100-01-01+00') end
where not (
  responded_at between '2000-01-01+00' and '2100-01-01+00'
);
insert into private.rows_before_repair (table_name, content)
select 'public.module_sessions', to_jsonb(r) from public.module_sessions r
where not (
  char_length(title) <= 300
  and char_length(description) <= 5000
  and char_length(location) <= 5000
  and char_length(meeting_url) <= 5000
  and char_length(notes) <= 5000
  and char_length(request_message) <= 5000
  and char_length(request_notes) <= 5000
  and char_length(recurrence_pattern) <= 200
  and char_length(timezone) <= 200
  and session_date between '2000-01-01+00' and '2100-01-01+00'
  and preferred_date between '2000-01-01+00' and '2100-01-01+00'
  and requested_at between '2000-01-01+00' and '2100-01-01+00'
  and recurrence_end_date between '2000-01-01' and '2100-01-01'
  and duration_minutes between 1 and 44640
  and recurrence_count between 0 and 1000);
update public.module_sessions
set title = left(title, 300),
  description = left(description, 5000),
  location = left(location, 5000),
  meeting_url = left(meeting_url, 5000),
  notes = left(notes, 5000),
  request_message = left(request_message, 5000),
  request_notes = left(request_notes, 5000),
  recurrence_pattern = left(recurrence_pattern, 200),
  timezone = left(timezone, 200),
  session_date = case when session_date is not null then least(greatest(session_date, '2000-01-01+00'), '2100-01-01+00') end,
  preferred_date = case when preferred_date is not null then least(greatest(preferred_date, '2000-01-01+00'), '2100-01-01+00') end,
  requested_at = case when requested_at is not null then least(greatest(requested_at, '2000-01-01+00'), '2100-01-01+00') end,
  recurrence_end_date = case when recurrence_end_date is not null then least(greatest(recurrence_end_date, '2000-01-01'), '2100-01-01') end,
  duration_minutes = case when duration_minutes between 1 and 44640 then duration_minutes 
      when duration_minutes > 44640 then 44640 end,
  recurrence_count = case when recurrence_count between 0 and 1000 then recurrence_count end
where not (
  char_length(title) <= 300
  and char_length(description) <= 5000
  and char_length(location) <= 5000
  and char_length(meeting_url) <= 5000
  and char_length(notes) <= 5000
  and char_length(request_message) <= 5000
  and char_length(request_notes) <= 5000
  and char_length(recurrence_pattern) <= 200
  and char_length(timezone) <= 200
  and session_date between '2000-01-01+00' and '2100-01-01+00'
  and preferred_date between '2000-01-01+00' and '2100-01-01+00'
  and requested_at between '2000-01-01+00' and '2100-01-01+00'
  and recurrence_end_date between '2000-01-01' and '2100-01-01'
  and duration_minutes between 1 and 44640
  and recurrence_count between 0 and 1000
);
insert into private.rows_before_repair (table_name, content)
select 'public.session_types', to_jsonb(r) from public.session_types r
where not (
  char_length(name) <= 200
  and char_length(description) <= 5000
  and char_length(feature_key) <= 200
  and default_duration_minutes between 1 and 44640);
update public.session_types
set name = case when char_length(name) > 200 then left(name, 163) || ' ' || id else name end,
  description = left(description, 5000),
  feature_key = left(feature_key, 200),
  default_duration_minutes = case when default_duration_minutes between 1 and 44640 then default_duration_minutes 
      when default_duration_minutes > 44640 then 44640 end
where not (
  char_length(name) <= 200
  and char_length(description) <= 5000
  and char_length(feature_key) <= 200
  and default_duration_minutes between 1 and 44640
);
insert into private.rows_before_repair (table_name, content)
select 'public.session_type_roles', to_jsonb(r) from public.session_type_roles r
where not (
  char_length(role_name) <= 200
  and char_length(description) <= 5000);
update public.session_type_roles
set role_name = case when char_length(role_name) > 200 then left(role_name, 163) || ' ' || id else role_name end,
  description = left(description, 5000)
where not (
  char_length(role_name) <= 200
  and char_length(description) <= 5000
);
insert into private.rows_before_repair (table_name, content)
select 'public.sessions', to_jsonb(r) from public.sessions r
where not (
  char_length(title) <= 300
  and char_length(description) <= 5000
  and char_length(location) <= 5000
  and char_length(meeting_url) <= 5000
  and char_length(notes) <= 5000
  and session_date between '2000-01-01+00' and '2100-01-01+00'
  and registration_deadline between '2000-01-01+00' and '2100-01-01+00'
  and duration_minutes between 1 and 44640
  and max_participants >= 0);
update public.sessions
set title = left(title, 300),
  description = left(description, 5000),
  location = left(location, 5000),
  meeting_url = left(meeting_url, 5000),
  notes = left(notes, 5000),
  session_date = case when session_date is not null then least(greatest(session_date, '2000-01-01+00'), '2100-01-01+00') end,
  registration_deadline = case when registration_deadline is not null then least(greatest(registration_deadline, '2000-01-01+00'), '2100-01-01+00') end,
  duration_minutes = case when duration_minutes between 1 and 44640 then duration_minutes 
      when duration_minutes > 44640 then 44640 end,
  max_participants = case when max_participants >= 0 then max_participants end
where not (
  char_length(title) <= 300
  and char_length(description) <= 5000
  and char_length(location) <= 5000
  and char_length(meeting_url) <= 5000
  and char_length(notes) <= 5000
  and session_date between '2000-01-01+00' and '2100-01-01+00'
  and registration_deadline between '2000-01-01+00' and '2100-01-01+00'
  and duration_minutes between 1 and 44640
  and max_participants >= 0
);
insert into private.rows_before_repair (table_name, content)
select 'public.session_participants', to_jsonb(r) from public.session_participants r
where not (
  char_length(custom_role) <= 200
  and char_length(notes) <= 5000
  and registered_at between '2000-01-01+00' and '2100-01-01+00'
  and confirmed_at between '2000-01-01+00' and '2100-01-01+00'
  and attended_at between '2000-01-01+00' and '2100-01-01+00');
update public.session_participants
set custom_role = left(custom_role, 200),
  notes = left(notes, 5000),
  registered_at = case when registered_at is not null then least(greatest(registered_at, '2000-01-01+00'), '2100-01-01+00') end,
  confirmed_at = case when confirmed_at is not null then least(greatest(confirmed_at, '2000-01-01+00'), '2100-01-01+00') end,
  attended_at = case when attended_at is not null then least(greatest(attended_at, '2000-01-01+00'), '2100-01-01+00') end
where not (
  char_length(custom_role) <= 200
  and char_length(notes) <= 5000
  and registered_at between '2000-01-01+00' and '2100-01-01+00'
  and confirmed_at between '2000-01-01+00' and '2100-01-01+00'
  and attended_at between '2000-01-01+00' and '2100-01-01+00'
);
do $$
declare
  v_check record;
begin
  for v_check in
    select * from (values
      ('groups', 'groups_texts_check',
        $c$char_length(name) <= 200 and char_length(description) <= 5000 and char_length(theme) <= 300 and char_length(circle_group_id) <= 200 and char_length(circle_group_url) <= 5000 and char_length(calendly_event_url) <= 5000 and char_length(google_drive_folder_url) <= 5000 and char_length(slack_channel_url) <= 5000$c$),
      ('groups', 'groups_times_check',
        $c$start_date between '2000-01-01' and '2100-01-01' and end_date between '2000-01-01' and '2100-01-01' and end_date >= start_date$c$),
      ('group_memberships', 'group_memberships_times_check',
        $c$joined_at between '2000-01-01+00' and '2100-01-01+00' and left_at between '2000-01-01+00' and '2100-01-01+00'$c$),
      ('group_sessions', 'group_sessions_texts_check',
        $c$char_length(title) <= 300 and char_length(description) <= 5000 and char_length(location) <= 5000 and char_length(meeting_link) <= 5000 and char_length(timezone) <= 200$c$),
      ('group_sessions', 'group_sessions_times_check',
        $c$session_date between '2000-01-01+00' and '2100-01-01+00' and start_time between '2000-01-01+00' and '2100-01-01+00' and end_time between '2000-01-01+00' and '2100-01-01+00' and recurrence_end_date between '2000-01-01' and '2100-01-01' and duration_minutes between 1 and 44640 and end_time > start_time and end_time <= start_time + interval '31 days'$c$),
      ('group_session_participants', 'group_session_participants_times_check',
        $c$responded_at between '2000-01-01+00' and '2100-01-01+00'$c$),
      ('module_sessions', 'module_sessions_texts_check',
        $c$char_length(title) <= 300 and char_length(description) <= 5000 and char_length(location) <= 5000 and char_length(meeting_url) <= 5000 and char_length(notes) <= 5000 and char_length(request_message) <= 5000 and char_length(request_notes) <= 5000 and char_length(recurrence_pattern) <= 200 and char_length(timezone) <= 200$c$),
      ('module_sessions', 'module_sessions_times_check',
        $c$session_date between '2000-01-01+00' and '2100-01-01+00' and preferred_date between '2000-01-01+00' and '2100-01-01+00' and requested_at between '2000-01-01+00' and '2100-01-01+00' and recurrence_end_date between '2000-01-01' and '2100-01-01' and duration_minutes between 1 and 44640 and recurrence_count between 0 and 1000$c$),
      ('session_types', 'session_types_texts_check',
        $c$char_length(name) <= 200 and char_length(description) <= 5000 and char_length(feature_key) <= 200$c$),
      ('session_types', 'session_types_times_check',
        $c$default_duration_minutes between 1 and 44640$c$),
      ('session_type_roles', 'session_type_roles_texts_check',
        $c$char_length(role_name) <= 200 and char_length(description) <= 5000$c$),
      ('sessions', 'sessions_texts_check',
        $c$char_length(title) <= 300 and char_length(description) <= 5000 and char_length(location) <= 5000 and char_length(meeting_url) <= 5000 and char_length(notes) <= 5000$c$),
      ('sessions', 'sessions_times_check',
        $c$session_date between '2000-01-01+00' and '2100-01-01+00' and registration_deadline between '2000-01-01+00' and '2100-01-01+00' and duration_minutes between 1 and 44640 and max_participants >= 0$c$),
      ('session_participants', 'session_participants_texts_check',
        $c$char_length(custom_role) <= 200 and char_length(notes) <= 5000$c$),
      ('session_participants', 'session_participants_times_check',
        $c$registered_at between '2000-01-01+00' and '2100-01-01+00' and confirmed_at between '2000-01-01+00' and '2100-01-01+00' and attended_at between '2000-01-01+00' and '2100-01-01+00'$c$)
    ) as wanted (table_name, name, definition)
    where not exists (
      select from pg_catalog.pg_constraint c
      where c.conrelid = to_regclass('public.' || wanted.table_name) and c.conname = wanted.name
    )
  loop
    execute format(
      'alter table public.%I add constraint %I check (%s)', v_check.table_name, v_check.name, v_check.definition
    );
  end loop;
end
$$;

-- New tables --------------------------------------------------------------------------------------

select private.ensure_table($table$
create table private.allowed_meeting_hosts (
  host text primary key check (host ~ '^[a-z0-9-]+(\.[a-z0-9-]+)+$')
)
$table$);

-- Comments and grants -----------------------------------------------------------------------------

comment on table public.groups is 'Peer groups, of a programme or free-standing.';
comment on table public.group_sessions is
  'Sessions of a peer group. The link is meeting_link; there is no host column.';
comment on column public.group_sessions.calendar_sequence is
  'SEQUENCE of the event (RFC 5545 §3.8.7.4): rises with time, place and status. Kept by a trigger.';
comment on column public.group_sessions.calendar_changed_at is 'When calendar_sequence rose last.';
comment on table public.module_sessions is
  'Sessions of a module. instructor_id is the host, coach or instructor; session_date may be null.';
comment on column public.module_sessions.calendar_sequence is
  'SEQUENCE of the event (RFC 5545 §3.8.7.4): rises with time, place and status. Kept by a trigger.';
comment on column public.module_sessions.calendar_changed_at is 'When calendar_sequence rose last.';
comment on table public.session_types is 'Kinds of free-standing session.';
comment on table public.session_type_roles is 'The roles people can have in a kind of session.';
comment on table public.sessions is 'Free-standing sessions, of no module and no peer group.';
comment on table private.allowed_meeting_hosts is
  'Where links that users write into sessions may lead: these hosts and their subdomains. An operator adds '
  'to them; reference_data.sql has the first ones.';
comment on table public.group_memberships is 'Who belongs to which peer group. user_id refers to profiles.';
comment on table public.group_session_participants is
  'Who was asked to a peer group session, and what they answered.';
comment on table public.module_session_participants is
  'Who takes part in a module session. user_id has no foreign key.';
comment on table public.session_participants is
  'Who takes part in a free-standing session, and in which role.';

alter table private.allowed_meeting_hosts enable row level security;

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
revoke all on table public.session_types from public, anon, authenticated, service_role;
grant select, delete on table public.session_types to authenticated;
grant insert (
  name, description, default_duration_minutes, max_participants, allow_self_registration, feature_key,
  is_active
) on table public.session_types to authenticated;
grant update (
  name, description, default_duration_minutes, max_participants, allow_self_registration, feature_key,
  is_active
) on table public.session_types to authenticated;
grant all on table public.session_types to service_role;
revoke all on table public.session_type_roles from public, anon, authenticated, service_role;
grant select, delete on table public.session_type_roles to authenticated;
grant insert (
  session_type_id, role_name, description, max_per_session, is_required, order_index
) on table public.session_type_roles to authenticated;
grant update (
  session_type_id, role_name, description, max_per_session, is_required, order_index
) on table public.session_type_roles to authenticated;
grant all on table public.session_type_roles to service_role;
revoke all on table public.sessions from public, anon, authenticated, service_role;
-- no page writes them
grant select on table public.sessions to authenticated;
grant all on table public.sessions to service_role;
revoke all on table private.allowed_meeting_hosts from public, anon, authenticated, service_role;
revoke all on table public.group_memberships from public, anon, authenticated, service_role;
grant select on table public.group_memberships to authenticated;
grant insert (group_id, user_id, role, status) on table public.group_memberships to authenticated;
grant update (role, status, left_at) on table public.group_memberships to authenticated;
grant all on table public.group_memberships to service_role;
revoke all on table public.group_session_participants from public, anon, authenticated, service_role;
grant select on table public.group_session_participants to authenticated;
grant insert (
  session_id, group_id, user_id, response_status, responded_at
) on table public.group_session_participants to authenticated;
grant update (response_status, responded_at) on table public.group_session_participants to authenticated;
grant all on table public.group_session_participants to service_role;
revoke all on table public.module_session_participants from public, anon, authenticated, service_role;
grant select, delete on table public.module_session_participants to authenticated;
grant insert (
  session_id, user_id, enrollment_id
) on table public.module_session_participants to authenticated;
grant all on table public.module_session_participants to service_role;
revoke all on table public.session_participants from public, anon, authenticated, service_role;
-- no page writes them
grant select on table public.session_participants to authenticated;
grant all on table public.session_participants to service_role;

-- Functions ---------------------------------------------------------------------------------------

create or replace function private.adds_too_many_group_sessions(p_group_id uuid)
returns boolean
language plpgsql
security definer -- counts also what the caller may no longer see
set search_path = ''
as $$
declare
  -- A weekly series of a year is 53 sessions, which the page adds at once: one, and some single ones.
  v_a_day constant integer := 60;
  v_to_come constant integer := 120;
begin
  -- One at a time a member and group: those who wait here count what those before them added.
  perform pg_catalog.pg_advisory_xact_lock(
    pg_catalog.hashtextextended('group sessions ' || p_group_id || auth.uid(), 0)
  );
  return (
    select count(*) filter (where s.created_at > now() - interval '1 day') > v_a_day
      or count(*) filter (where s.session_date > now()) > v_to_come
    from public.group_sessions s
    where s.group_id = p_group_id and s.booked_by = auth.uid()
  );
end
$$;
comment on function private.adds_too_many_group_sessions(uuid) is
  'Whether the caller has more than 60 sessions of this day, or more than 120 to come, in the group.';
revoke execute on function private.adds_too_many_group_sessions(uuid) from public;
grant execute on function private.adds_too_many_group_sessions(uuid) to authenticated;

-- Security invoker for the reason given at private.guard_columns.
create or replace function private.limit_group_sessions()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
begin
  -- apart: the server may not even call what is asked below
  if current_user not in ('anon', 'authenticated') or private.is_admin() then
    return null;
  end if;
  if exists (
    select from (select distinct a.group_id from added a) as one
    where private.adds_too_many_group_sessions(one.group_id)
  ) then
    raise exception 'a member may add 60 sessions a day to a group, and have 120 to come'
      using errcode = 'check_violation';
  end if;
  return null;
end
$$;
comment on function private.limit_group_sessions() is
  'Trigger on group_sessions: refuses what a member adds beyond private.adds_too_many_group_sessions(); '
  'admins are not bound.';
revoke execute on function private.limit_group_sessions() from public;

create or replace function public.notify_session_participant_added()
returns trigger
language plpgsql
security definer -- users may not notify one another
set search_path = ''
as $$
declare
  v_session record;
begin
  select s.session_date, s.timezone, s.calendar_sequence, m.title as module_title,
    program.slug as program_slug, host.name as instructor_name
  into v_session
  from public.module_sessions s
  join public.program_modules m on m.id = s.module_id
  join public.programs program on program.id = coalesce(s.program_id, m.program_id)
  left join public.profiles host on host.id = s.instructor_id
  where s.id = new.session_id and s.session_date is not null;

  if found then
    perform private.tell(
      array[new.user_id],
      'session_scheduled',
      'Session Scheduled: ' || v_session.module_title,
      private.session_time(v_session.session_date, v_session.timezone)
        || coalesce(' with ' || v_session.instructor_name, ''),
      '/programs/' || v_session.program_slug,
      jsonb_build_object(
        'session_id', new.session_id,
        'session_date', v_session.session_date,
        'module_title', v_session.module_title,
        'instructor_name', v_session.instructor_name
      ),
      'module-session:' || new.session_id || ':' || v_session.calendar_sequence
    );
  end if;
  return null;
exception
  when others then -- a notification never undoes a booking
    perform private.record_trigger_failure('notify_session_participant_added', new.id, sqlstate, sqlerrm);
    return null;
end
$$;
comment on function public.notify_session_participant_added() is
  'Trigger on module_session_participants: tells the participant of a session that has a date.';
revoke execute on function public.notify_session_participant_added()
  from public, anon, authenticated, service_role;
grant execute on function public.notify_session_participant_added() to service_role;

create or replace function private.tell_of_group_invitation()
returns trigger
language plpgsql
security definer -- users may not notify one another
set search_path = ''
as $$
begin
  perform private.tell(
    array[new.user_id],
    'group_session_scheduled',
    'Session Scheduled: ' || s.title,
    private.session_time(s.session_date, s.timezone) || ', ' || g.name,
    '/groups/' || g.id,
    jsonb_build_object('session_id', s.id, 'session_date', s.session_date, 'group_id', g.id),
    'group-session:' || s.id || ':' || s.calendar_sequence
  )
  from public.group_sessions s
  join public.groups g on g.id = s.group_id
  where s.id = new.session_id
    and s.status = 'scheduled'
    and s.session_date > now()
    and new.response_status <> 'declined';
  return null;
exception
  when others then -- a notification never undoes a booking
    perform private.record_trigger_failure('tell_of_group_invitation', new.id, sqlstate, sqlerrm);
    return null;
end
$$;
comment on function private.tell_of_group_invitation() is
  'Trigger on group_session_participants: tells whoever is added to a session that is still to come.';
revoke execute on function private.tell_of_group_invitation() from public;

create or replace function private.tell_of_group_session()
returns trigger
language plpgsql
security definer -- users may not notify one another
set search_path = ''
as $$
declare
  v_news text := private.session_news(
    old.status = 'scheduled', old.session_date, new.status = 'scheduled', new.session_date,
    new.status = 'cancelled'
  );
begin
  if v_news is null then
    return null;
  end if;
  perform private.tell(
    array(
      select p.user_id from public.group_session_participants p
      where p.session_id = new.id and p.response_status <> 'declined'
        and private.is_group_member(p.user_id, new.group_id) -- who has left hears no more of it
        and p.user_id is distinct from (select auth.uid()) -- who does it knows
    ),
    'session_' || v_news,
    'Session ' || initcap(v_news) || ': ' || new.title,
    private.session_time(new.session_date, new.timezone),
    '/groups/' || new.group_id,
    jsonb_build_object('session_id', new.id, 'session_date', new.session_date, 'group_id', new.group_id),
    'group-session:' || new.id || ':' || new.calendar_sequence
  );
  return null;
exception
  when others then -- a notification never undoes a booking
    perform private.record_trigger_failure('tell_of_group_session', new.id, sqlstate, sqlerrm);
    return null;
end
$$;
comment on function private.tell_of_group_session() is
  'Trigger on group_sessions: tells the participants of a session that is moved, cancelled or on again. Of '
  'a new one they are told as they are added.';
revoke execute on function private.tell_of_group_session() from public;

create or replace function private.tell_of_module_session()
returns trigger
language plpgsql
security definer -- users may not notify one another
set search_path = ''
as $$
declare
  v_was_live boolean := tg_op = 'UPDATE'
    and old.session_date is not null and old.status in ('scheduled', 'confirmed', 'rescheduled');
  v_news text := private.session_news(
    v_was_live,
    case when tg_op = 'UPDATE' then old.session_date end,
    new.session_date is not null and new.status in ('scheduled', 'confirmed', 'rescheduled'),
    new.session_date,
    new.status = 'cancelled'
  );
  v_module record;
  v_people uuid[];
begin
  if new.status = 'requested' and (tg_op = 'INSERT' or old.status <> 'requested') then
    v_news := 'requested';
  end if;
  if v_news is null then
    return null;
  end if;

  select m.title, '/programs/' || program.slug as link, host.name as host_name
  into v_module
  from public.program_modules m
  join public.programs program on program.id = coalesce(new.program_id, m.program_id)
  left join public.profiles host on host.id = new.instructor_id
  where m.id = new.module_id;

  select array_agg(person.id) into v_people
  from (
    select e.client_user_id from public.client_enrollments e
    where e.id = new.enrollment_id and v_news <> 'requested'
    union
    select p.user_id from public.module_session_participants p
    where p.session_id = new.id and p.response_status <> 'declined' and v_news <> 'requested'
    union
    select new.instructor_id
    union
    select staff.id
    from (
      select i.instructor_id from public.module_instructors i where i.module_id = new.module_id
      union
      select c.coach_id from public.module_coaches c where c.module_id = new.module_id
      union
      select s.staff_user_id from public.enrollment_module_staff s
      where s.enrollment_id = new.enrollment_id and s.module_id = new.module_id
    ) as staff (id)
    where v_news = 'requested' and private.is_coach_or_instructor(staff.id)
  ) as person (id)
  where person.id is distinct from (select auth.uid()); -- who does it knows

  perform private.tell(
    v_people,
    'session_' || v_news,
    'Session ' || initcap(v_news) || ': ' || v_module.title,
    coalesce(
      private.session_time(coalesce(new.session_date, new.preferred_date), new.timezone), 'No date yet'
    ) || coalesce(' with ' || v_module.host_name, ''),
    v_module.link,
    jsonb_build_object(
      'session_id', new.id,
      'session_date', new.session_date,
      'module_title', v_module.title,
      'instructor_name', v_module.host_name
    ),
    'module-session:' || new.id || ':' || new.calendar_sequence
  );
  return null;
exception
  when others then -- a notification never undoes a booking
    perform private.record_trigger_failure('tell_of_module_session', new.id, sqlstate, sqlerrm);
    return null;
end
$$;
comment on function private.tell_of_module_session() is
  'Trigger on module_sessions: tells client, participants and host of a session that is booked, moved or '
  'cancelled, and the module''s staff of one that is requested.';
revoke execute on function private.tell_of_module_session() from public;

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

create or replace function private.keep_session_capacity()
returns trigger
language plpgsql
set search_path = ''
as $$
declare
  v_places integer;
begin
  if tg_op = 'UPDATE' and old.status in ('registered', 'confirmed', 'attended', 'no_show') then
    return new; -- has a place already
  end if;

  -- One at a time a session: those who wait here count those before them.
  perform from public.sessions s where s.id = new.session_id for no key update;
  select coalesce(s.max_participants, t.max_participants) into v_places
  from public.sessions s
  join public.session_types t on t.id = s.session_type_id
  where s.id = new.session_id;

  if v_places <= (
    select count(*) from public.session_participants p
    where p.session_id = new.session_id
      and p.id <> new.id
      and p.status in ('registered', 'confirmed', 'attended', 'no_show')
  ) then
    raise exception 'this session is full' using errcode = 'check_violation';
  end if;
  return new;
end
$$;
comment on function private.keep_session_capacity() is
  'Trigger on session_participants: no more places than max_participants of the session, else of its type; '
  'null is no limit. Invitations and cancellations take no place.';
revoke execute on function private.keep_session_capacity() from public;

create or replace function private.session_news(
  p_before_live boolean, p_before timestamptz, p_live boolean, p_after timestamptz, p_cancelled boolean
)
returns text
language sql
stable
set search_path = ''
begin atomic
  select case
    when p_live and p_after > now() and not p_before_live then 'scheduled'
    when p_live and p_after > now() and p_after <> p_before then 'rescheduled'
    when p_cancelled and p_before_live and p_before > now() then 'cancelled'
  end;
end;
comment on function private.session_news(boolean, timestamptz, boolean, timestamptz, boolean) is
  'What a change of a session is to those it concerns: scheduled, rescheduled, cancelled. Null: nothing, or '
  'of the past.';
revoke execute on function private.session_news(boolean, timestamptz, boolean, timestamptz, boolean)
  from public;

create or replace function private.session_time(p_starts_at timestamptz, p_timezone text)
returns text
language sql
stable
set search_path = ''
begin atomic
  select to_char(p_starts_at at time zone zone.name, 'FMDay, FMDD FMMonth YYYY, HH24:MI')
    || ' (' || zone.name || ')'
  from private.known_timezone(p_timezone) as zone (name);
end;
comment on function private.session_time(timestamptz, text) is
  'A time as people read it, in the session''s timezone: Tuesday, 4 March 2031, 16:00 (Europe/Bucharest).';
revoke execute on function private.session_time(timestamptz, text) from public;

-- Triggers ----------------------------------------------------------------------------------------

create or replace trigger audit_writes
  after insert or update or delete on public.groups
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes('admins');
create or replace trigger update_groups_updated_at
  before update on public.groups
  for each row execute function public.update_updated_at_column();
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
create or replace trigger tell_of_group_session
  after update of status, session_date on public.group_sessions for each row
  execute function private.tell_of_group_session();
create or replace trigger update_group_sessions_updated_at
  before update on public.group_sessions
  for each row execute function public.update_updated_at_column();
create or replace trigger guard_links
  before insert or update on public.module_sessions
  for each row execute function private.guard_meeting_links('meeting_url', 'location');
create or replace trigger guard_session
  before update on public.module_sessions
  for each row execute function private.guard_module_session();
create or replace trigger tell_of_module_session
  after insert or update of status, session_date on public.module_sessions for each row
  execute function private.tell_of_module_session();
create or replace trigger update_module_sessions_updated_at
  before update on public.module_sessions
  for each row execute function public.update_updated_at_column();
create or replace trigger audit_writes
  after insert or update or delete on public.session_types
  for each row execute function private.audit_writes();
create or replace trigger update_session_types_updated_at
  before update on public.session_types
  for each row execute function public.update_updated_at_column();
create or replace trigger audit_writes
  after insert or update or delete on public.session_type_roles
  for each row execute function private.audit_writes();
create or replace trigger update_sessions_updated_at
  before update on public.sessions
  for each row execute function public.update_updated_at_column();
create or replace trigger audit_writes
  after insert or update or delete on public.group_memberships
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes('admins');
create or replace trigger tell_of_group_invitation
  after insert on public.group_session_participants for each row
  execute function private.tell_of_group_invitation();
create or replace trigger update_group_session_participants_updated_at
  before update on public.group_session_participants
  for each row execute function public.update_updated_at_column();
create or replace trigger notify_session_participant_added
  after insert on public.module_session_participants for each row
  execute function public.notify_session_participant_added();
create or replace trigger keep_session_capacity
  before insert or update of status on public.session_participants
  for each row
  when (new.status in ('registered', 'confirmed', 'attended', 'no_show'))
  execute function private.keep_session_capacity();
create or replace trigger update_session_participants_updated_at
  before update on public.session_participants
  for each row execute function public.update_updated_at_column();

-- What needs the functions above ------------------------------------------------------------------

-- After private.allowed_meeting_hosts is made. A host that an operator took out comes back only with a new run.
insert into private.allowed_meeting_hosts (host)
values
  ('zoom.us'), ('zoom.com'), ('meet.google.com'), ('teams.microsoft.com'), ('teams.live.com'), ('daily.co'),
  ('app.cal.com'), ('whereby.com')
on conflict (host) do nothing;
