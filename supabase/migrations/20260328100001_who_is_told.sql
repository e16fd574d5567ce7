-- Who is told what: sessions, staff assignments, assignments, credits that lapse, cohort reminders.
--
-- Why: four triggers posted to another function over HTTP, with one project's address and key written
-- into them, so that every other environment mailed production's people; a group session told nobody;
-- a cancelled or moved session told nobody; assignment notices reached disabled people; one failing
-- recipient of a cohort reminder stopped all others.
-- Now the rows themselves tell, whoever changes them (web app, Cal.com, an operator), through
-- private.tell(), once for each state of the session: its calendar_sequence is part of the key.
-- Locks: SHARE ROW EXCLUSIVE on the tables for their triggers. Can be run again.

set lock_timeout = '10s';

-- Types and preferences -----------------------------------------------------------------------------

alter table public.notification_types add column if not exists preference text;
comment on column public.notification_types.preference is
  'The column of notification_preferences that switches this type''s mails off. Null: none does.';

insert into public.notification_types (key, name, email_template_key)
values
  ('session_requested', 'Session requested', 'notification'),
  ('instructor_program_assigned', 'Assigned to a program as instructor', 'notification'),
  ('instructor_module_assigned', 'Assigned to a module as instructor', 'notification'),
  ('coach_program_assigned', 'Assigned to a program as coach', 'notification'),
  ('coach_module_assigned', 'Assigned to a module as coach', 'notification')
on conflict (key) do nothing;

update public.notification_types t
set preference = p.preference
from (
  values
    ('session_requested', 'session_requests'),
    ('session_scheduled', 'session_scheduled'),
    ('session_rescheduled', 'session_scheduled'),
    ('session_cancelled', 'session_scheduled'),
    ('group_session_scheduled', 'session_scheduled'),
    ('assignment_graded', 'assignment_graded'),
    ('instructor_program_assigned', 'instructor_program_assignments'),
    ('instructor_module_assigned', 'instructor_module_assignments'),
    ('coach_program_assigned', 'coach_program_assignments'),
    ('coach_module_assigned', 'coach_module_assignments')
) as p (key, preference)
where t.key = p.key and t.preference is distinct from p.preference;

create or replace function public.get_user_notification_preference(p_user_id uuid, p_type_key text)
returns table (email_enabled boolean, in_app_enabled boolean, is_critical boolean)
language sql
stable
set search_path = ''
begin atomic
  select
    coalesce(t.is_critical, false) or coalesce(
      p.email_enabled, (to_jsonb(general) ->> t.preference)::boolean, t.default_email_enabled, true
    ),
    coalesce(t.is_critical, false) or coalesce(p.in_app_enabled, t.default_in_app_enabled, true),
    coalesce(t.is_critical, false)
  from public.notification_types t
  left join public.user_notification_preferences p
    on p.notification_type_id = t.id and p.user_id = p_user_id
  left join public.notification_preferences general
    on general.user_id = p_user_id and t.preference is not null
  where t.key = p_type_key and t.is_active;
end;
comment on function public.get_user_notification_preference(uuid, text) is
  'How a user wants to hear of a type of notification: both ways if critical, else own choice, else for mails the general preference, else the type''s default. No row for an unknown or inactive type.';

-- Production's own ----------------------------------------------------------------------------------

-- Their triggers go by names we do not know.
drop function if exists public.notify_session_scheduled() cascade;
drop function if exists public.notify_session_request() cascade;
drop function if exists public.notify_instructor_coach_program_assignment() cascade;
drop function if exists public.notify_instructor_coach_module_assignment() cascade;
drop function if exists public.notify_assignment_reviewed() cascade;
do $$
begin
  perform private.drop_public_functions('send_cohort_session_reminders');
end
$$;

-- Sessions ------------------------------------------------------------------------------------------

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
revoke execute on function private.session_time(timestamptz, text) from public, anon, authenticated;

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
  'What a change of a session is to those it concerns: scheduled, rescheduled, cancelled. Null: nothing, or of the past.';
revoke execute on function private.session_news(boolean, timestamptz, boolean, timestamptz, boolean)
  from public, anon, authenticated;

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
  'Trigger on module_sessions: tells client, participants and host of a session that is booked, moved or cancelled, and the module''s staff of one that is requested.';
revoke execute on function private.tell_of_module_session() from public, anon, authenticated;

create or replace trigger tell_of_module_session
  after insert or update of status, session_date on public.module_sessions for each row
  execute function private.tell_of_module_session();

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
  'Trigger on group_sessions: tells the participants of a session that is moved, cancelled or on again. Of a new one they are told as they are added.';
revoke execute on function private.tell_of_group_session() from public, anon, authenticated;

create or replace trigger tell_of_group_session
  after update of status, session_date on public.group_sessions for each row
  execute function private.tell_of_group_session();

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
revoke execute on function private.tell_of_group_invitation() from public, anon, authenticated;

create or replace trigger tell_of_group_invitation
  after insert on public.group_session_participants for each row
  execute function private.tell_of_group_invitation();

-- Staff ---------------------------------------------------------------------------------------------

create or replace function private.tell_of_staff_assignment()
returns trigger
language plpgsql
security definer -- users may not notify one another
set search_path = ''
as $$
declare
  v_row jsonb := to_jsonb(new);
  v_user_id uuid := coalesce(v_row ->> 'instructor_id', v_row ->> 'coach_id')::uuid;
begin
  perform private.tell(
    array[v_user_id],
    tg_argv[0],
    'You have been assigned to ' || coalesce(m.title || ' in ', '') || program.name,
    null,
    '/programs/' || program.slug,
    jsonb_build_object('program_id', program.id, 'module_id', m.id),
    tg_argv[0] || ':' || (v_row ->> 'id')
  )
  from public.programs program
  left join public.program_modules m
    on m.program_id = program.id and m.id = (v_row ->> 'module_id')::uuid
  where case
    when v_row ? 'module_id' then m.id is not null
    else program.id = (v_row ->> 'program_id')::uuid
  end;
  return null;
exception
  when others then -- a notification never undoes an assignment
    perform private.record_trigger_failure('tell_of_staff_assignment', (v_row ->> 'id')::uuid, sqlstate, sqlerrm);
    return null;
end
$$;
comment on function private.tell_of_staff_assignment() is
  'Trigger on program_ and module_instructors and _coaches: tells who is assigned. Its argument is the type.';
revoke execute on function private.tell_of_staff_assignment() from public, anon, authenticated;

create or replace trigger tell_of_staff_assignment after insert on public.program_instructors
  for each row execute function private.tell_of_staff_assignment('instructor_program_assigned');
create or replace trigger tell_of_staff_assignment after insert on public.program_coaches
  for each row execute function private.tell_of_staff_assignment('coach_program_assigned');
create or replace trigger tell_of_staff_assignment after insert on public.module_instructors
  for each row execute function private.tell_of_staff_assignment('instructor_module_assigned');
create or replace trigger tell_of_staff_assignment after insert on public.module_coaches
  for each row execute function private.tell_of_staff_assignment('coach_module_assigned');

create or replace function private.tell_of_reviewed_assignment()
returns trigger
language plpgsql
security definer -- users may not notify one another
set search_path = ''
as $$
begin
  perform private.tell(
    array[e.client_user_id],
    'assignment_graded',
    'Assignment Reviewed: ' || m.title,
    null,
    '/programs/' || program.slug,
    jsonb_build_object('assignment_id', new.id, 'module_id', m.id),
    'assignment-reviewed:' || new.id || ':' || coalesce(new.scored_at, new.updated_at)
  )
  from public.module_progress progress
  join public.client_enrollments e on e.id = progress.enrollment_id
  join public.program_modules m on m.id = progress.module_id
  join public.programs program on program.id = m.program_id
  where progress.id = new.module_progress_id;
  return null;
exception
  when others then -- a notification never undoes a review
    perform private.record_trigger_failure('tell_of_reviewed_assignment', new.id, sqlstate, sqlerrm);
    return null;
end
$$;
comment on function private.tell_of_reviewed_assignment() is
  'Trigger on module_assignments: tells the client that an assignment has been reviewed.';
revoke execute on function private.tell_of_reviewed_assignment() from public, anon, authenticated;

create or replace trigger tell_of_reviewed_assignment
  after update of status on public.module_assignments for each row
  when (new.status = 'reviewed' and old.status <> 'reviewed')
  execute function private.tell_of_reviewed_assignment();

-- Enrolments ----------------------------------------------------------------------------------------

create or replace function public.notify_program_assignment()
returns trigger
language plpgsql
security definer -- users may not write email_queue
set search_path = ''
as $$
begin
  perform private.queue_mail(
    p.email,
    p.name,
    'program_assignment',
    jsonb_build_object(
      'userName', p.name,
      'programName', program.name,
      'programDescription', program.description,
      'timestamp', new.created_at
    ),
    p_dedupe_key => 'program-assignment:' || new.id
  )
  from public.profiles p
  join public.programs program on program.id = new.program_id
  left join public.notification_preferences preferences on preferences.user_id = p.id
  where p.id = new.client_user_id
    and p.email is not null
    and coalesce(preferences.program_assignments, true);
  return null;
exception
  when others then -- mail never undoes an enrolment
    perform private.record_trigger_failure('notify_program_assignment', new.id, sqlstate, sqlerrm);
    return null;
end
$$;

insert into public.email_templates (template_key, name, subject, html_content, description)
values (
  'program_assignment',
  'Program assignment',
  'You have been enrolled in {{programName}}',
  '<p>Hello {{userName}},</p><p>You have been enrolled in <b>{{programName}}</b>.</p>'
    || '<p>{{programDescription}}</p><p><a href="{{siteUrl}}">Open InnoTrue Hub</a></p>',
  'Sent to a client who has been enrolled in a program.'
)
on conflict (template_key) do nothing;
