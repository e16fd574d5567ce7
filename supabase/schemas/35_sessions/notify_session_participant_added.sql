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
