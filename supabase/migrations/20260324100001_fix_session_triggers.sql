-- Sessions: adding a participant works again, staff see whom they work with, notifications reach people.
--
-- Why: notify_session_participant_added read module_sessions.coach_id, which no longer exists, so that
-- nobody could be added to a session; staff_has_client_relationship knew six of the seven ways in which
-- staff are tied to a client; create_notification read profiles.full_name, which does not exist, and
-- anybody could call it for anybody.
-- Locks: SHARE ROW EXCLUSIVE on module_session_participants for its trigger.
-- Can be run again. Runs where production's own versions of these functions and triggers exist.

set lock_timeout = '10s';

-- Who works with whom -------------------------------------------------------------------------------

create or replace function private.staff_has_client_relationship(p_staff_id uuid, p_client_id uuid)
returns boolean
language sql
stable
security definer -- policies ask this; asked as the user, their own policies would answer in circles
set search_path = ''
begin atomic
  select
    exists (
      select from public.client_coaches c
      where c.coach_id = p_staff_id and c.client_id = p_client_id
    )
    or exists (
      select from public.client_instructors c
      where c.instructor_id = p_staff_id and c.client_id = p_client_id
    )
    or exists (
      -- by enrolment, of whatever status
      select from public.client_enrollments e
      where e.client_user_id = p_client_id
        and (
          exists (
            select from public.program_instructors s
            where s.program_id = e.program_id and s.instructor_id = p_staff_id
          )
          or exists (
            select from public.program_coaches s
            where s.program_id = e.program_id and s.coach_id = p_staff_id
          )
          or exists (
            select from public.module_instructors s
            join public.program_modules m on m.id = s.module_id
            where m.program_id = e.program_id and s.instructor_id = p_staff_id
          )
          or exists (
            select from public.module_coaches s
            join public.program_modules m on m.id = s.module_id
            where m.program_id = e.program_id and s.coach_id = p_staff_id
          )
          or exists (
            select from public.enrollment_module_staff s
            where s.enrollment_id = e.id and s.staff_user_id = p_staff_id
          )
        )
    );
end;
comment on function private.staff_has_client_relationship(uuid, uuid) is
  'Whether a coach or instructor works with a client: directly, or by a program, module or enrolment.';
revoke execute on function private.staff_has_client_relationship(uuid, uuid) from public;
grant execute on function private.staff_has_client_relationship(uuid, uuid)
  to anon, authenticated, service_role;

-- Policies hang on the public name, so it can neither be dropped nor have its parameters renamed:
-- whatever they are called here, they stay.
do $$
begin
  execute format(
    'create or replace function public.staff_has_client_relationship(%s) returns boolean
     language sql stable security invoker set search_path = ''''
     begin atomic select private.staff_has_client_relationship($1, $2); end',
    coalesce(
      pg_get_function_arguments(to_regprocedure('public.staff_has_client_relationship(uuid, uuid)')),
      '_staff_id uuid, _client_id uuid'
    )
  );
end
$$;
comment on function public.staff_has_client_relationship(uuid, uuid) is
  'Policy helper: private.staff_has_client_relationship(staff, client).';

-- Notifications -------------------------------------------------------------------------------------

-- A function whose parameters or result are named otherwise cannot be replaced. Nothing hangs on these.
do $$
declare
  v_function record;
begin
  for v_function in
    select f.oid::regprocedure as signature
    from (
      values
        (
          to_regprocedure('public.get_user_notification_preference(uuid, text)'),
          'p_user_id uuid, p_type_key text',
          'TABLE(email_enabled boolean, in_app_enabled boolean, is_critical boolean)'
        ),
        (
          to_regprocedure('public.create_notification(uuid, text, text, text, text, jsonb)'),
          'p_user_id uuid, p_type_key text, p_title text, p_message text DEFAULT NULL::text, '
            || 'p_link text DEFAULT NULL::text, p_metadata jsonb DEFAULT ''{}''::jsonb',
          'uuid'
        )
    ) as f (oid, arguments, result)
    where (pg_get_function_arguments(f.oid), pg_get_function_result(f.oid))
      is distinct from (f.arguments, f.result)
      and f.oid is not null
  loop
    execute format('drop function %s', v_function.signature);
  end loop;
end
$$;

create or replace function public.get_user_notification_preference(p_user_id uuid, p_type_key text)
returns table (email_enabled boolean, in_app_enabled boolean, is_critical boolean)
language sql
stable
set search_path = ''
begin atomic
  select
    coalesce(t.is_critical, false) or coalesce(p.email_enabled, t.default_email_enabled, true),
    coalesce(t.is_critical, false) or coalesce(p.in_app_enabled, t.default_in_app_enabled, true),
    coalesce(t.is_critical, false)
  from public.notification_types t
  left join public.user_notification_preferences p
    on p.notification_type_id = t.id and p.user_id = p_user_id
  where t.key = p_type_key and t.is_active;
end;
comment on function public.get_user_notification_preference(uuid, text) is
  'How a user wants to hear of a type of notification: both ways if critical, else own choice, else the type''s default. No row for an unknown or inactive type.';
revoke execute on function public.get_user_notification_preference(uuid, text) from public, anon;
grant execute on function public.get_user_notification_preference(uuid, text)
  to authenticated, service_role;

create or replace function public.create_notification(
  p_user_id uuid,
  p_type_key text,
  p_title text,
  p_message text default null,
  p_link text default null,
  p_metadata jsonb default '{}'
)
returns uuid
language plpgsql
set search_path = ''
as $$
declare
  v_type public.notification_types;
  v_preference record;
  v_metadata jsonb := coalesce(nullif(p_metadata, 'null'), '{}');
  v_notification_id uuid;
begin
  select t.* into v_type
  from public.notification_types t
  where t.key = p_type_key and t.is_active;
  if not found then
    raise exception 'Invalid notification type: %', p_type_key using errcode = 'invalid_parameter_value';
  end if;

  if not private.is_reachable(p_user_id) then
    return null;
  end if;

  select f.email_enabled, f.in_app_enabled into strict v_preference
  from public.get_user_notification_preference(p_user_id, p_type_key) f;

  if v_preference.in_app_enabled then
    insert into public.notifications (user_id, notification_type_id, title, message, link, metadata)
    values (p_user_id, v_type.id, p_title, p_message, p_link, v_metadata)
    returning id into v_notification_id;
  end if;

  if v_preference.email_enabled and v_type.email_template_key is not null then
    insert into public.email_queue (
      notification_id, recipient_email, recipient_name, template_key, template_data
    )
    select v_notification_id, p.email, p.name, v_type.email_template_key,
      jsonb_build_object(
        'title', p_title, 'message', p_message, 'link', p_link, 'user_name', p.name
      ) || v_metadata
    from public.profiles p
    where p.id = p_user_id and p.email is not null;
  end if;

  return v_notification_id;
end
$$;
comment on function public.create_notification(uuid, text, text, text, text, jsonb) is
  'Tells a user in the app and by mail, as the user''s preferences and the type allow. Null when nothing is shown in the app; silent for disabled users and inactive clients. Raises 22023 for an unknown type.';
revoke execute on function public.create_notification(uuid, text, text, text, text, jsonb)
  from public, anon, authenticated;
grant execute on function public.create_notification(uuid, text, text, text, text, jsonb) to service_role;

-- Participants --------------------------------------------------------------------------------------

create or replace function private.known_timezone(p_timezone text)
returns text
language plpgsql
stable
set search_path = ''
as $$
begin
  perform now() at time zone p_timezone;
  return coalesce(p_timezone, 'UTC');
exception
  when invalid_parameter_value then
    return 'UTC'; -- one mistyped row must not take a subscriber's whole calendar down
end
$$;
comment on function private.known_timezone(text) is
  'The timezone if PostgreSQL knows it, else UTC. pg_timezone_names would read every zone file.';
revoke execute on function private.known_timezone(text) from public;
grant execute on function private.known_timezone(text) to authenticated, service_role;

create or replace function public.notify_session_participant_added()
returns trigger
language plpgsql
security definer -- users may not notify one another
set search_path = ''
as $$
declare
  v_session record;
begin
  select s.session_date, private.known_timezone(s.timezone) as timezone, m.title as module_title,
    program.slug as program_slug, host.name as instructor_name
  into v_session
  from public.module_sessions s
  join public.program_modules m on m.id = s.module_id
  join public.programs program on program.id = coalesce(s.program_id, m.program_id)
  left join public.profiles host on host.id = s.instructor_id
  where s.id = new.session_id and s.session_date is not null;

  if found then
    perform public.create_notification(
      new.user_id,
      'session_scheduled',
      'Session Scheduled: ' || v_session.module_title,
      to_char(
        v_session.session_date at time zone v_session.timezone, 'FMDay, FMDD FMMonth YYYY, HH24:MI'
      ) || ' (' || v_session.timezone || ')' || coalesce(' with ' || v_session.instructor_name, ''),
      '/programs/' || v_session.program_slug,
      jsonb_build_object(
        'session_id', new.session_id,
        'session_date', v_session.session_date,
        'module_title', v_session.module_title,
        'instructor_name', v_session.instructor_name
      )
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
revoke execute on function public.notify_session_participant_added() from public, anon, authenticated;

create or replace trigger notify_session_participant_added
  after insert on public.module_session_participants for each row
  execute function public.notify_session_participant_added();

-- Production's trigger may go by another name: two would tell everybody twice.
do $$
declare
  v_trigger record;
begin
  for v_trigger in
    select t.tgrelid::regclass as relation, t.tgname as name
    from pg_catalog.pg_trigger t
    where t.tgfoid = 'public.notify_session_participant_added()'::regprocedure
      and t.tgname <> 'notify_session_participant_added'
      and not t.tgisinternal
  loop
    execute format('drop trigger %I on %s', v_trigger.name, v_trigger.relation);
  end loop;
end
$$;
