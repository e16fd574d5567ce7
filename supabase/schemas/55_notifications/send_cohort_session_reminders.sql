create or replace function public.send_cohort_session_reminders(p_now timestamptz default now())
returns integer
language plpgsql
security definer -- private.tell_each is nobody's to call
set search_path = ''
as $$
declare
  v_told integer;
begin
  with session as (
    select s.id, s.title, s.cohort_id, s.timezone, s.calendar_sequence, program.slug,
      (s.session_date + coalesce(s.start_time, '09:00')) at time zone private.known_timezone(s.timezone)
        as starts_at
    from public.cohort_sessions s
    join public.program_cohorts c on c.id = s.cohort_id
    join public.programs program on program.id = c.program_id
    -- two days on either side cover every timezone; the time itself decides below
    where s.session_date between (p_now - interval '2 days')::date and (p_now + interval '2 days')::date
  ),
  due as (
    select session.*,
      case when session.starts_at <= p_now + interval '1 hour' then '1h' else '24h' end as reminder
    from session
    where session.starts_at > p_now and session.starts_at <= p_now + interval '24 hours'
  )
  select coalesce(sum(private.tell_each(
    people.ids,
    'session_reminder',
    'Reminder: ' || due.title,
    private.session_time(due.starts_at, due.timezone),
    '/programs/' || due.slug,
    jsonb_build_object('session_id', due.id, 'session_date', due.starts_at, 'reminder', due.reminder),
    'cohort-session:' || due.id || ':' || due.calendar_sequence || ':' || due.reminder
  )), 0) into v_told
  from due
  join lateral (
    select array_agg(distinct e.client_user_id) as ids
    from public.client_enrollments e
    where e.cohort_id = due.cohort_id and e.status = 'active'
  ) people on people.ids is not null;
  return v_told;
end
$$;
comment on function public.send_cohort_session_reminders(timestamptz) is
  'Reminds those with an active enrolment in the cohort of a session in 24 hours and in 1, each once and '
  'again when it is moved. Start: session_date and start_time, 09:00 without one, in the session''s '
  'timezone. How many notifications were made.';
revoke execute on function public.send_cohort_session_reminders(timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.send_cohort_session_reminders(timestamptz) to service_role;
