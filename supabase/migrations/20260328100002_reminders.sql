-- Reminders by the clock: cohort sessions 24 hours and 1 hour ahead, credits that lapse in 30, 7 and 1 days.
--
-- Why: one failing recipient stopped every other reminder, sessions just after midnight were missed, and
-- nobody was told that credits were about to lapse. A reminder is due from its moment until the next one,
-- so that a run that was missed is made up for, and private.tell() says each thing once.
-- Locks: none. Can be run again.

set lock_timeout = '10s';

create or replace function private.tell_each(
  p_user_ids uuid[],
  p_type_key text,
  p_title text,
  p_message text,
  p_link text,
  p_metadata jsonb,
  p_dedupe_key text
)
returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_user_id uuid;
  v_told integer;
  v_one integer;
begin
  begin
    select count(*) into v_told
    from private.tell(p_user_ids, p_type_key, p_title, p_message, p_link, p_metadata, p_dedupe_key);
    return v_told;
  exception
    when others then
      v_told := 0; -- somebody among them cannot be told: one by one, so that the others are
  end;
  foreach v_user_id in array p_user_ids loop
    begin
      select count(*) into v_one
      from private.tell(array[v_user_id], p_type_key, p_title, p_message, p_link, p_metadata, p_dedupe_key);
      v_told := v_told + v_one;
    exception
      when others then
        perform private.record_trigger_failure(p_type_key, v_user_id, sqlstate, sqlerrm);
    end;
  end loop;
  return v_told;
end
$$;
comment on function private.tell_each(uuid[], text, text, text, text, jsonb, text) is
  'private.tell() where one who cannot be told must not keep it from the others: recorded in private.trigger_failures. How many notifications were made.';
revoke execute on function private.tell_each(uuid[], text, text, text, text, jsonb, text)
  from public, anon, authenticated;

create function public.send_cohort_session_reminders(p_now timestamptz default now())
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
  'Reminds those with an active enrolment in the cohort of a session in 24 hours and in 1, each once and again when it is moved. Start: session_date and start_time, 09:00 without one, in the session''s timezone. How many notifications were made.';
revoke execute on function public.send_cohort_session_reminders(timestamptz)
  from public, anon, authenticated;
grant execute on function public.send_cohort_session_reminders(timestamptz) to service_role;

do $$
begin
  perform private.drop_public_functions('send_credit_expiry_notices');
end
$$;

create function public.send_credit_expiry_notices(p_now timestamptz default now())
returns integer
language plpgsql
security definer -- private.tell_each is nobody's to call
set search_path = ''
set timezone = 'UTC' -- a day lapses at the same time for everybody
as $$
declare
  v_told integer;
begin
  with lapsing as (
    -- by the day, so that what lapses on one day is told of together
    select b.owner_type, b.owner_id, b.expires_at::date as lapses_on, sum(b.remaining_amount) as credits,
      case
        when b.expires_at::date <= p_now::date + 1 then 1
        when b.expires_at::date <= p_now::date + 7 then 7
        else 30
      end as days
    from public.credit_batches b
    where not b.is_expired
      and b.remaining_amount > 0
      and b.source_type <> 'plan' -- never spent, and renewed each month
      and b.expires_at > p_now
      and b.expires_at < p_now::date + 31
    group by b.owner_type, b.owner_id, lapses_on, days
  )
  select coalesce(sum(private.tell_each(
    people.ids,
    'credits_expiring',
    format(case when l.credits = 1 then '%s credit lapses on %s' else '%s credits lapse on %s' end, l.credits,
      to_char(l.lapses_on, 'FMDD FMMonth YYYY')),
    null,
    '/credits',
    jsonb_build_object('credits', l.credits, 'lapses_on', l.lapses_on, 'days', l.days),
    'credits-lapse:' || l.owner_id || ':' || l.lapses_on || ':' || l.days
  )), 0) into v_told
  from lapsing l
  join lateral (
    select array_agg(person.id) as ids
    from (
      select l.owner_id where l.owner_type = 'user'
      union all
      select m.user_id from public.organization_members m
      where l.owner_type = 'org'
        and m.organization_id = l.owner_id
        and m.is_active
        and m.role in ('org_admin', 'org_manager')
    ) as person (id)
  ) people on people.ids is not null;
  return v_told;
end
$$;
comment on function public.send_credit_expiry_notices(timestamptz) is
  'Tells owners, and who manages an organisation''s credits, of credits that lapse within 30, 7 and 1 days: once for each of these and each day of lapsing. How many notifications were made.';
revoke execute on function public.send_credit_expiry_notices(timestamptz)
  from public, anon, authenticated;
grant execute on function public.send_credit_expiry_notices(timestamptz) to service_role;

create index if not exists cohort_sessions_session_date_idx on public.cohort_sessions (session_date);

do $do$
begin
  if to_regclass('cron.job') is not null then
    -- production's goes by a name we do not know
    perform cron.unschedule(j.jobid) from cron.job j
    where j.command ilike '%send_cohort_session_reminders%' and j.jobname is distinct from 'cohort-reminders';
  end if;
  perform private.schedule_job(
    'cohort-reminders', '*/15 * * * *', 'select public.send_cohort_session_reminders()'
  );
  perform private.schedule_job(
    'credit-expiry-notices', '0 7 * * *', 'select public.send_credit_expiry_notices()'
  );
end
$do$;
