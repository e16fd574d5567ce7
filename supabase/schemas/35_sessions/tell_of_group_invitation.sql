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
