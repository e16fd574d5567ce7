-- As before, reading each row of module_sessions once: looked up again by id, the planner would rather
-- read the whole table for somebody with many sessions.
create or replace function private.calendar_events(
  p_user_id uuid, p_from timestamptz, p_until timestamptz, p_cancelled_since timestamptz
)
returns table (
  uid text, kind text, hosting boolean, title text, status text, starts_at timestamptz,
  ends_at timestamptz, all_day date, sequence integer, modified_at timestamptz,
  created_at timestamptz, with_name text, context text, description text, location text,
  meeting_url text
)
language plpgsql -- which keeps the plan for the next call; planning this anew costs more than running it
stable
set search_path = ''
as $$
#variable_conflict use_column
begin
  return query
  with module_session_ways as (
    select true as hosting, false as refused, true as may_join, s.*
    from public.module_sessions s
    where s.instructor_id = p_user_id
    union all
    select false, coalesce(s.client_response = 'rejected', false), true, s.*
    from public.client_enrollments e
    join public.module_sessions s on s.enrollment_id = e.id
    where e.client_user_id = p_user_id
    union all
    select false, p.response_status = 'declined', p.response_status = 'accepted', s.*
    from public.module_session_participants p
    join public.module_sessions s on s.id = p.session_id
    where p.user_id = p_user_id
  ),
  dated_module_session_ways as (
    select w.*,
      coalesce(w.session_date, case when w.status = 'requested' then w.preferred_date end) as starts_at
    from module_session_ways w
    where w.status <> 'draft'
  ),
  -- One event a session, however many ways lead to it; the host's view wins.
  own_module_sessions as (
    select w.*,
      row_number() over same_session as way,
      bool_or(w.hosting) over same_session as is_hosting,
      bool_or(w.refused) over same_session as is_refused,
      bool_or(w.may_join) over same_session as has_joined
    from dated_module_session_ways w
    where w.starts_at >= p_from and w.starts_at < p_until
    window same_session as (
      partition by w.id order by w.id rows between unbounded preceding and unbounded following
    )
  ),
  cohort_roles as (
    select e.cohort_id, false as leading
    from public.client_enrollments e
    where e.client_user_id = p_user_id and e.status = 'active' and e.cohort_id is not null
    union all
    select c.id, true from public.program_cohorts c where c.lead_instructor_id = p_user_id
  ),
  cohort_session_roles as (
    select s.id, s.timezone, r.leading as hosting
    from cohort_roles r
    join public.cohort_sessions s on s.cohort_id = r.cohort_id
    -- a day of room on either side: the exact instants are compared below
    where s.session_date between (p_from - interval '1 day')::date and (p_until + interval '1 day')::date
    union all
    select s.id, s.timezone, true
    from public.cohort_sessions s
    where s.instructor_id = p_user_id
      and s.session_date between (p_from - interval '1 day')::date and (p_until + interval '1 day')::date
  ),
  own_cohort_sessions as (
    select r.id, r.timezone, bool_or(r.hosting) as hosting
    from cohort_session_roles r
    group by r.id, r.timezone
  ),
  -- Once a zone: each call is a subtransaction.
  zones as materialized (
    select z.timezone, private.known_timezone(z.timezone) as known
    from (select distinct o.timezone from own_cohort_sessions o) z
  ),
  dated_cohort_sessions as (
    select o.hosting, s.*,
      (s.session_date + coalesce(s.start_time, time '00:00')) at time zone z.known as starts_at,
      (s.session_date + s.end_time) at time zone z.known as planned_end
    from own_cohort_sessions o
    join public.cohort_sessions s on s.id = o.id
    join zones z on z.timezone is not distinct from o.timezone
  ),
  sessions as (
    select
      'module-session-' || s.id || '@innotruehub' as uid,
      case when s.session_type = 'group' then 'group' else 'coaching' end as kind,
      s.is_hosting as hosting,
      s.title,
      case
        when s.status = 'cancelled' then 'CANCELLED'
        when s.status = 'requested' then 'TENTATIVE'
        when s.session_type = 'individual' and s.client_response = 'rejected' then 'TENTATIVE'
        else 'CONFIRMED'
      end as status,
      s.starts_at,
      null::timestamptz as planned_end,
      coalesce(s.duration_minutes, 60) as minutes,
      null::date as all_day,
      s.calendar_sequence as sequence,
      s.updated_at as modified_at,
      s.created_at,
      case when s.is_hosting then client.name else host.name end as with_name,
      program.name as context,
      s.description,
      s.location,
      case when s.has_joined then s.meeting_url end as meeting_url
    from own_module_sessions s
    join public.program_modules m on m.id = s.module_id
    join public.programs program on program.id = coalesce(s.program_id, m.program_id)
    left join public.profiles host on host.id = s.instructor_id
    left join public.client_enrollments e on e.id = s.enrollment_id and s.session_type = 'individual'
    left join public.profiles client on client.id = e.client_user_id
    where s.way = 1 and (s.is_hosting or not s.is_refused)
      and (s.status <> 'cancelled'
        or coalesce(s.calendar_changed_at, s.updated_at) >= p_cancelled_since)

    union all

    select
      'group-session-' || s.id || '@innotruehub',
      'group',
      false,
      s.title,
      case s.status
        when 'cancelled' then 'CANCELLED'
        when 'requested' then 'TENTATIVE'
        else 'CONFIRMED'
      end,
      coalesce(s.start_time, s.session_date),
      s.end_time,
      coalesce(s.duration_minutes, 60),
      null,
      s.calendar_sequence,
      s.updated_at,
      s.created_at,
      null,
      g.name,
      s.description,
      s.location,
      s.meeting_link
    from public.group_memberships m
    join public.groups g on g.id = m.group_id
    join public.group_sessions s on s.group_id = m.group_id
    left join public.group_session_participants p on p.session_id = s.id and p.user_id = p_user_id
    where m.user_id = p_user_id
      and m.status = 'active'
      and p.response_status is distinct from 'declined'
      -- session_date may be cut to the day where Cal.com made the row: start_time is the instant then
      and s.session_date >= p_from - interval '1 day' and s.session_date < p_until
      and coalesce(s.start_time, s.session_date) >= p_from
      and coalesce(s.start_time, s.session_date) < p_until
      and (s.status <> 'cancelled'
        or coalesce(s.calendar_changed_at, s.updated_at) >= p_cancelled_since)

    union all

    select
      'cohort-session-' || s.id || '@innotruehub',
      'cohort',
      s.hosting,
      s.title,
      case when c.status = 'cancelled' then 'CANCELLED' else 'CONFIRMED' end,
      s.starts_at,
      s.planned_end,
      90,
      case when s.start_time is null then s.session_date end,
      s.calendar_sequence,
      s.updated_at,
      s.created_at,
      case when s.hosting and host.id = p_user_id then null else host.name end,
      c.name,
      s.description,
      s.location,
      s.meeting_link
    from dated_cohort_sessions s
    join public.program_cohorts c on c.id = s.cohort_id
    left join public.profiles host on host.id = coalesce(s.instructor_id, c.lead_instructor_id)
    where s.starts_at >= p_from and s.starts_at < p_until
      and (c.status <> 'cancelled'
        or coalesce(s.calendar_changed_at, c.updated_at) >= p_cancelled_since)
  )
  select s.uid, s.kind, s.hosting, s.title, s.status,
    case when s.all_day is null then s.starts_at end,
    case
      when s.all_day is not null then null
      when s.planned_end > s.starts_at then s.planned_end
      -- 23:00 to 00:30 ends on the next day; 15:00 to 14:00 is a slip of the pen.
      when s.planned_end + interval '1 day' - s.starts_at between interval '1 minute' and interval '12 hours'
        then s.planned_end + interval '1 day'
      -- at most a month, so that no typing error overflows a timestamp
      else s.starts_at
        + least(case when s.minutes > 0 then s.minutes else 60 end, 44640) * interval '1 minute'
    end,
    s.all_day, s.sequence, s.modified_at, s.created_at, s.with_name, s.context, s.description, s.location,
    s.meeting_url
  from sessions s;
end
$$;
comment on function private.calendar_events(uuid, timestamptz, timestamptz, timestamptz) is
  'Every session a user takes part in or hosts, as the VEVENT it becomes: the one place that says who sees '
  'what.';
revoke execute on function private.calendar_events(uuid, timestamptz, timestamptz, timestamptz) from public;
grant execute on function private.calendar_events(uuid, timestamptz, timestamptz, timestamptz)
  to service_role;
