create or replace function private.tell_calcom_host(p_session_id uuid, p_host_id uuid, p_news text)
returns void
language plpgsql
set search_path = ''
as $$
begin
  perform private.tell(
    array[p_host_id],
    'session_' || p_news,
    'Session ' || initcap(p_news) || ': ' || s.title,
    private.session_time(s.session_date, s.timezone) || ', ' || g.name,
    '/groups/' || g.id,
    jsonb_build_object('session_id', s.id, 'session_date', s.session_date, 'group_id', g.id),
    -- the key of those who take part, so that a host who is a member hears of it once
    'group-session:' || s.id || ':' || s.calendar_sequence
  )
  from public.group_sessions s
  join public.groups g on g.id = s.group_id
  where s.id = p_session_id and s.session_date > now();
exception
  when others then -- a notification never undoes a booking
    perform private.record_trigger_failure('tell_calcom_host', p_session_id, sqlstate, sqlerrm);
end
$$;
comment on function private.tell_calcom_host(uuid, uuid, text) is
  'Tells the host of a peer group''s coming session: scheduled, rescheduled or cancelled.';
revoke execute on function private.tell_calcom_host(uuid, uuid, text) from public;
