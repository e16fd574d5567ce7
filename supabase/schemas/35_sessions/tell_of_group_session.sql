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
