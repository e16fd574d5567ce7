-- Sessions: the triggers that named columns which do not exist, and who is told of what.
--
-- Why: notify_session_participant_added named a column that does not exist, so that every insert of a participant
-- failed. Triggers on the rows notify whom a change concerns, whoever makes it; what a client or participant may
-- change of a session is guarded column by column. A notification between this file and the one that makes
-- private.tell() fails by itself and is kept in private.trigger_failures.
-- Locks: on production, until commit, ACCESS EXCLUSIVE on group_sessions, module_sessions; SHARE ROW EXCLUSIVE
-- on group_session_participants, groups, module_session_participants, session_participants, session_types,
-- sessions; SHARE on group_memberships; SHARE UPDATE EXCLUSIVE, which hinders no reader and no writer, on
-- others.
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
comment on table public.group_memberships is 'Who belongs to which peer group. user_id refers to profiles.';
comment on table public.group_session_participants is
  'Who was asked to a peer group session, and what they answered.';
comment on table public.module_session_participants is
  'Who takes part in a module session. user_id has no foreign key.';
comment on table public.session_participants is
  'Who takes part in a free-standing session, and in which role.';

revoke all on table public.groups from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.groups to authenticated;
grant all on table public.groups to service_role;
revoke all on table public.group_sessions from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.group_sessions to authenticated;
grant all on table public.group_sessions to service_role;
revoke all on table public.module_sessions from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.module_sessions to authenticated;
grant all on table public.module_sessions to service_role;
revoke all on table public.session_types from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.session_types to authenticated;
grant all on table public.session_types to service_role;
revoke all on table public.session_type_roles from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.session_type_roles to authenticated;
grant all on table public.session_type_roles to service_role;
revoke all on table public.sessions from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.sessions to authenticated;
grant all on table public.sessions to service_role;
revoke all on table public.group_memberships from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.group_memberships to authenticated;
grant all on table public.group_memberships to service_role;
revoke all on table public.group_session_participants from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.group_session_participants to authenticated;
grant all on table public.group_session_participants to service_role;
revoke all on table public.module_session_participants from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.module_session_participants to authenticated;
grant all on table public.module_session_participants to service_role;
revoke all on table public.session_participants from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.session_participants to authenticated;
grant all on table public.session_participants to service_role;

-- Functions ---------------------------------------------------------------------------------------

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
    select i.instructor_id from public.module_instructors i
    where i.module_id = new.module_id and v_news = 'requested'
    union
    select c.coach_id from public.module_coaches c
    where c.module_id = new.module_id and v_news = 'requested'
    union
    select s.staff_user_id from public.enrollment_module_staff s
    where s.enrollment_id = new.enrollment_id and s.module_id = new.module_id and v_news = 'requested'
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

-- Security invoker for the same reason as guard_columns.
create or replace function private.guard_module_session_client()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
declare
  v_column text;
begin
  if current_user not in ('anon', 'authenticated')
    or old.instructor_id = auth.uid()
    or private.is_module_session_staff(auth.uid(), old.module_id, old.program_id)
    or private.has_role(auth.uid(), 'admin')
  then
    return new;
  end if;

  select changed.key into v_column
  from jsonb_each(to_jsonb(new)) as changed
  where changed.value is distinct from to_jsonb(old) -> changed.key
    and changed.key not in (
      'client_response', 'request_message', 'request_notes', 'preferred_date', 'updated_at'
    )
    -- a participant of a group would cancel it for everybody
    and not (
      changed.key = 'status'
      and new.status = 'cancelled'
      and exists (
        select from public.client_enrollments e
        where e.id = old.enrollment_id and e.client_user_id = auth.uid()
      )
    )
  limit 1;

  if found then
    raise exception 'column "%" of % is not yours to change', v_column, tg_table_name
      using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
comment on function private.guard_module_session_client() is
  'Trigger: a client may answer and describe a module session, cancel one of an own enrolment, and change '
  'nothing else of it.';
revoke execute on function private.guard_module_session_client() from public;

create or replace function private.guard_module_session_move()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
begin
  if current_user in ('anon', 'authenticated')
    and not (
      private.is_module_session_consistent(new.module_id, new.enrollment_id, new.program_id)
      and private.is_module_session_staff(auth.uid(), new.module_id, new.program_id)
    )
    and not private.has_role(auth.uid(), 'admin')
  then
    raise exception 'a module session can only be moved within programmes of which you are staff'
      using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
comment on function private.guard_module_session_move() is
  'Trigger: a session can be moved only to a module of which the caller is staff, and only consistently.';
revoke execute on function private.guard_module_session_move() from public;

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

create or replace trigger update_groups_updated_at
  before update on public.groups
  for each row execute function public.update_updated_at_column();
create or replace trigger tell_of_group_session
  after update of status, session_date on public.group_sessions for each row
  execute function private.tell_of_group_session();
create or replace trigger update_group_sessions_updated_at
  before update on public.group_sessions
  for each row execute function public.update_updated_at_column();
create or replace trigger guard_client
  before update on public.module_sessions
  for each row execute function private.guard_module_session_client();
create or replace trigger guard_move
  before update on public.module_sessions
  for each row
  when (
    (old.module_id, old.enrollment_id, old.program_id)
    is distinct from (new.module_id, new.enrollment_id, new.program_id)
  )
  execute function private.guard_module_session_move();
create or replace trigger tell_of_module_session
  after insert or update of status, session_date on public.module_sessions for each row
  execute function private.tell_of_module_session();
create or replace trigger update_module_sessions_updated_at
  before update on public.module_sessions
  for each row execute function public.update_updated_at_column();
create or replace trigger update_session_types_updated_at
  before update on public.session_types
  for each row execute function public.update_updated_at_column();
create or replace trigger update_sessions_updated_at
  before update on public.sessions
  for each row execute function public.update_updated_at_column();
create or replace trigger guard_owner_columns
  before update on public.group_session_participants
  for each row execute function private.guard_owner_columns('user_id', 'session_id', 'group_id');
create or replace trigger tell_of_group_invitation
  after insert on public.group_session_participants for each row
  execute function private.tell_of_group_invitation();
create or replace trigger update_group_session_participants_updated_at
  before update on public.group_session_participants
  for each row execute function public.update_updated_at_column();
create or replace trigger guard_move
  before update on public.module_session_participants
  for each row
  when (
    (old.session_id, old.user_id, old.enrollment_id)
    is distinct from (new.session_id, new.user_id, new.enrollment_id)
  )
  execute function private.guard_participation_move();
create or replace trigger notify_session_participant_added
  after insert on public.module_session_participants for each row
  execute function public.notify_session_participant_added();
create or replace trigger guard_owner_columns
  before update on public.session_participants
  for each row execute function private.guard_owner_columns('user_id', 'session_id');
create or replace trigger update_session_participants_updated_at
  before update on public.session_participants
  for each row execute function public.update_updated_at_column();
