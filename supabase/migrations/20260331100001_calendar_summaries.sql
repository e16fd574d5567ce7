-- calendar-feed: the reader's part of kept summaries, and events that are read once.
--
-- Why: see the file before. A 304 is one statement over a handful of rows, however many sessions there are.
-- The feed's window moves at midnight UTC: from at least 30 days back to at least 18 months ahead.
-- Locks: none. Can be run again.

set lock_timeout = '10s';

-- Events --------------------------------------------------------------------------------------------

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
  'Every session a user takes part in or hosts, as the VEVENT it becomes: the one place that says who sees what.';
revoke execute on function private.calendar_events(uuid, timestamptz, timestamptz, timestamptz)
  from public, anon, authenticated;
grant execute on function private.calendar_events(uuid, timestamptz, timestamptz, timestamptz)
  to service_role;

-- Readers -------------------------------------------------------------------------------------------

create or replace function private.calendars_are_quiet()
returns boolean
language sql
volatile
set search_path = ''
as $$
  select current_setting('transaction_isolation') = 'read committed'
    and current_setting('transaction_read_only') = 'off'
    and not exists (
      select from pg_catalog.pg_locks l
      where l.relation = 'private.calendar_changes'::regclass
        and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
        and l.mode = 'RowExclusiveLock'
        and l.pid is distinct from pg_backend_pid()
    );
$$;
comment on function private.calendars_are_quiet() is
  'Whether what is read from now on may be kept: nobody else has changed the feed''s tables without having ended the transaction.';
revoke execute on function private.calendars_are_quiet() from public, anon, authenticated;
grant execute on function private.calendars_are_quiet() to service_role;

create or replace function private.calendar_fingerprint(
  p_name text, p_parts private.calendar_part[], p_only text[]
)
returns text
language sql
stable
set search_path = ''
begin atomic
  -- the name is rendered as well
  select md5(concat_ws('|', p_name, coalesce(sum(p.events), 0), bit_xor(p.hash_0), bit_xor(p.hash_1)))
  from unnest(p_parts) p
  where p_only is null or p.selector = any (p_only);
end;
comment on function private.calendar_fingerprint(text, private.calendar_part[], text[]) is
  'The fingerprint of a feed: equal data, equal fingerprint.';
revoke execute on function private.calendar_fingerprint(text, private.calendar_part[], text[])
  from public, anon, authenticated;
grant execute on function private.calendar_fingerprint(text, private.calendar_part[], text[]) to service_role;

create or replace function private.keep_calendar_summary(
  p_user_id uuid, p_revision bigint, p_epoch bigint, p_day date, p_parts private.calendar_part[],
  p_changes bigint[]
)
returns void
language plpgsql
set search_path = ''
as $$
begin
  -- Another reader of this feed, or the user's deletion, goes first: nobody waits.
  perform from private.calendar_summaries s
  where s.user_id = p_user_id and s.revision = p_revision
  for no key update skip locked;
  if not found then
    return;
  end if;
  update private.calendar_summaries s
  set revision = s.revision + 1, kept_at = now(), epoch = p_epoch, day = p_day, parts = p_parts
  where s.user_id = p_user_id;
  delete from private.calendar_changes c where c.user_id = p_user_id and c.id = any (p_changes);
end
$$;
comment on function private.keep_calendar_summary(uuid, bigint, bigint, date, private.calendar_part[], bigint[]) is
  'Keeps what was made where the summary has this revision, and deletes the changes that it takes in.';
revoke execute on function
  private.keep_calendar_summary(uuid, bigint, bigint, date, private.calendar_part[], bigint[])
  from public, anon, authenticated;
grant execute on function
  private.keep_calendar_summary(uuid, bigint, bigint, date, private.calendar_part[], bigint[])
  to service_role;

create or replace function public.calendar_feed(
  p_user_id uuid default null,
  p_version integer default null,
  p_signed_at timestamptz default null,
  p_token uuid default null,
  p_known text[] default '{}',
  p_only text[] default null,
  p_now timestamptz default now()
)
returns public.calendar_feed_result
language plpgsql
volatile -- each statement sees what is committed by then, and a summary may be kept
set search_path = ''
as $$
declare
  -- The window moves at midnight, so that between two midnights only a change changes the feed.
  v_day constant date := (p_now at time zone 'UTC')::date;
  v_from constant timestamptz := (v_day - 30)::timestamp at time zone 'UTC';
  v_until constant timestamptz := ((v_day + 1)::timestamp + interval '18 months') at time zone 'UTC';
  v_owner record;
  v_made record;
  v_keeping boolean;
  v_result public.calendar_feed_result;
begin
  select p.id, p.name,
    s.revision,
    coalesce(s.kept_at > now() - interval '2 days', false) as is_watched,
    c.changes,
    case
      when s.day = v_day and s.epoch = e.epoch and s.kept_at > now() - interval '2 days'
        and c.changes = '{}'
      then s.parts
    end as parts
  into v_owner
  from public.profiles p
  cross join private.calendar_epoch e
  left join private.calendar_links l on l.user_id = p.id
  left join private.calendar_summaries s on s.user_id = p.id
  cross join lateral (
    select array(
      select c.id from private.calendar_changes c where c.user_id = p.id order by c.id
    ) as changes
  ) c
  where p.id = coalesce(
      (select t.id from public.profiles t where t.calendar_token = private.calendar_token_hash(p_token)),
      p_user_id
    )
    and p.calendar_sync_enabled
    and not private.is_disabled(p.id, p_now)
    and case
      when p_version is not null then l.version = p_version
      when p_signed_at is not null
        then p_signed_at <= p_now and coalesce(l.rotated_at <= p_signed_at, true)
      else p_token is not null
    end;

  if not found then
    v_result.outcome := 'not_found';
    return v_result;
  end if;
  if p_signed_at < p_now - interval '30 days' then
    v_result.outcome := 'expired';
    return v_result;
  end if;

  v_result.name := v_owner.name;
  if v_owner.parts is not null then
    v_result.fingerprint := private.calendar_fingerprint(v_owner.name, v_owner.parts, p_only);
    if v_result.fingerprint = any (p_known) then
      v_result.outcome := 'not_modified';
      v_result.modified_at := (
        select max(p.modified_at) from unnest(v_owner.parts) p
        where p_only is null or p.selector = any (p_only)
      );
      return v_result;
    end if;
  end if;

  -- Asked before the events are read, in the next statement's snapshot.
  v_keeping := v_owner.parts is null and private.calendars_are_quiet();

  with events as materialized (
    select e as event, e.modified_at, case when e.hosting then 'hosting' else e.kind end as selector
    from private.calendar_events(v_owner.id, v_from, v_until, v_from) e
  ),
  parts as (
    select e.selector, count(*) as events,
      bit_xor(hash_record_extended(e.event, 0)) as hash_0,
      bit_xor(hash_record_extended(e.event, 1)) as hash_1,
      max(e.modified_at) as modified_at
    from events e
    group by e.selector
  ),
  summary as (
    select coalesce(
        array_agg(row(p.selector, p.events, p.hash_0, p.hash_1, p.modified_at)::private.calendar_part),
        '{}'
      ) as parts,
      max(p.modified_at) filter (where p_only is null or p.selector = any (p_only)) as modified_at
    from parts p
  ),
  fingerprinted as (
    select s.*, private.calendar_fingerprint(v_owner.name, s.parts, p_only) as fingerprint
    from summary s
  )
  select f.parts, f.modified_at, f.fingerprint,
    case when f.fingerprint = any (p_known) then null
      else coalesce(
        (
          select json_agg(e.event) from events e
          where p_only is null or e.selector = any (p_only)
        ),
        '[]'::json
      )
    end as events,
    (select n.epoch from private.calendar_epoch n) as epoch,
    array(
      select c.id from private.calendar_changes c where c.user_id = v_owner.id order by c.id
    ) as changes
  into v_made
  from fingerprinted f;

  if v_keeping and v_owner.is_watched and v_made.changes = v_owner.changes then
    perform private.keep_calendar_summary(
      v_owner.id, v_owner.revision, v_made.epoch, v_day, v_made.parts, v_made.changes
    );
  elsif v_keeping and not v_owner.is_watched then
    -- From the end of this transaction on, changes are noted for this user, and the next one may keep.
    insert into private.calendar_summaries as s (user_id)
    select p.id from public.profiles p where p.id = v_owner.id for key share skip locked
    on conflict (user_id) do update set kept_at = excluded.kept_at, revision = s.revision + 1, parts = null;
  end if;

  v_result.outcome := case when v_made.events is null then 'not_modified' else 'ok' end;
  v_result.fingerprint := v_made.fingerprint;
  v_result.modified_at := v_made.modified_at;
  v_result.events := v_made.events;
  return v_result;
end
$$;
comment on function public.calendar_feed(uuid, integer, timestamptz, uuid, text[], text[], timestamptz) is
  'calendar-feed: the events behind a link (user and version; user and time of signing, 30 days; or the legacy token). not_modified, without events, when the caller already knows the fingerprint. One answer, not_found, for unknown, revoked, switched off and disabled.';
revoke execute on function public.calendar_feed(uuid, integer, timestamptz, uuid, text[], text[], timestamptz)
  from public, anon, authenticated;
grant execute on function public.calendar_feed(uuid, integer, timestamptz, uuid, text[], text[], timestamptz)
  to service_role;

-- The rule may have changed with this file.
select private.forget_calendar_summaries();
