-- The calendar feed.
--
-- Why: a calendar program asks every hour, for ever. Links are kept as hashes, changes raise SEQUENCE (RFC 5545
-- §3.8.7.4), and what a feed amounts to is cached, so that an unchanged one reads no session.
-- Locks: on production, until commit, ACCESS EXCLUSIVE on profiles; SHARE ROW EXCLUSIVE on client_enrollments,
-- cohort_sessions, group_memberships, group_session_participants, group_sessions, groups,
-- module_session_participants, module_sessions, program_cohorts, program_modules, programs.
-- Can be run again.

set lock_timeout = '10s';
set check_function_bodies = off; -- a body may name what a later file makes

-- Types -------------------------------------------------------------------------------------------

select private.ensure_type($type$
create type private.calendar_part as (
  selector text, -- coaching | group | cohort | hosting, as ?only= has them
  events bigint,
  hash_0 bigint, -- of every column of every event, whatever their order
  hash_1 bigint,
  modified_at timestamptz
)
$type$);
select private.ensure_type($type$
create type public.calendar_feed_result as (
  outcome text, -- ok | not_modified | expired | not_found
  fingerprint text, -- of everything that is rendered; equal data, equal fingerprint
  name text,
  modified_at timestamptz,
  events json, -- array of private.calendar_events rows, only when ok and no body is cached
  user_id uuid,
  body text
)
$type$);
select private.ensure_type($type$
create type public.calendar_link_result as (
  outcome text, -- ok | calendar_sync_disabled | account_disabled
  version integer
)
$type$);

-- Tables that are there ---------------------------------------------------------------------------

-- None are handed out any more.
alter table public.profiles alter column calendar_token drop default;

comment on type private.calendar_part is 'What the events of a feed under one selector amount to.';
comment on type public.calendar_feed_result is 'What calendar_feed answers.';
comment on type public.calendar_link_result is 'What calendar_link answers.';

-- New tables --------------------------------------------------------------------------------------

select private.ensure_table($table$
create table private.calendar_summaries (
  user_id uuid primary key references public.profiles (id) on delete cascade,
  revision bigint not null default 0,
  kept_at timestamptz not null default now(),
  epoch bigint,
  day date,
  parts private.calendar_part[]
)
$table$);
select private.ensure_table($table$
create table private.calendar_bodies (
  user_id uuid not null references private.calendar_summaries (user_id) on delete cascade,
  variant text not null check (variant ~ '^[A-Za-z0-9+-]{1,64}$'),
  fingerprint text not null,
  body text not null,
  kept_at timestamptz not null default now(),
  primary key (user_id, variant)
)
$table$);
select private.ensure_table($table$
create table private.calendar_changes (
  user_id uuid not null, -- no foreign key: a change must not fail because its user is being deleted
  id bigint generated always as identity,
  primary key (user_id, id)
)
$table$);
select private.ensure_table($table$
create table private.calendar_epoch (
  is_only boolean primary key default true check (is_only),
  epoch bigint not null default 0
)
$table$);
select private.ensure_table($table$
create table private.calendar_links (
  user_id uuid primary key references public.profiles (id) on delete cascade,
  version integer not null default 1 check (version > 0),
  rotated_at timestamptz,
  created_at timestamptz not null default now()
)
$table$);

select private.ensure_index(statement) from unnest(array[
  $$create index calendar_bodies_kept_at_idx on private.calendar_bodies (kept_at)$$
]) as statement;

-- Comments and grants -----------------------------------------------------------------------------

comment on table private.calendar_summaries is
  'What the feed of a user who has asked for it amounts to. Made again when absent, out of date or '
  'contradicted by calendar_changes, so it may be emptied at any time with '
  'private.forget_calendar_summaries().';
comment on column private.calendar_summaries.revision is
  'Rises with every writing, so that of two readers one writes.';
comment on column private.calendar_summaries.kept_at is
  'For three days from then on changes are noted for this user.';
comment on column private.calendar_summaries.epoch is 'That of calendar_epoch when the parts were made.';
comment on column private.calendar_summaries.day is 'The day in UTC that the parts hold for.';
comment on column private.calendar_summaries.parts is 'Null until the second request, see calendar_feed.';
comment on table private.calendar_bodies is
  'Rendered calendars, at most four a user and none for more than a week. May be emptied at any time.';
comment on column private.calendar_bodies.user_id is 'Whose calendar it is.';
comment on column private.calendar_bodies.variant is
  'The form in which the rows are rendered: the revision of the renderer and the options, as in the ETag.';
comment on column private.calendar_bodies.fingerprint is 'That of calendar_feed for what was rendered.';
comment on column private.calendar_bodies.body is
  'The calendar (RFC 5545), packed with gzip, behind its SHA-256, all of it in base64 as JSON carries it.';
comment on column private.calendar_bodies.kept_at is 'When it was rendered.';
comment on table private.calendar_changes is
  'Users whose feed may have changed since their summary was made. Deleted by the reader that makes it '
  'anew.';
comment on table private.calendar_epoch is 'One row: raising the epoch makes every summary void.';
comment on table private.calendar_links is
  'The current version of each user''s calendar link. Raising it revokes every link handed out before.';

alter table private.calendar_summaries enable row level security;
alter table private.calendar_bodies enable row level security;
alter table private.calendar_changes enable row level security;
alter table private.calendar_epoch enable row level security;
alter table private.calendar_links enable row level security;

revoke all on table private.calendar_summaries from public, anon, authenticated, service_role;
grant select, insert, update on table private.calendar_summaries to service_role;
revoke all on table private.calendar_bodies from public, anon, authenticated, service_role;
grant select, insert, update, delete on table private.calendar_bodies to service_role;
revoke all on table private.calendar_changes from public, anon, authenticated, service_role;
grant select, delete on table private.calendar_changes to service_role;
revoke all on table private.calendar_epoch from public, anon, authenticated, service_role;
grant select on table private.calendar_epoch to service_role;
revoke all on table private.calendar_links from public, anon, authenticated, service_role;
grant select on table private.calendar_links to service_role;

-- Functions ---------------------------------------------------------------------------------------

create or replace function private.drop_calendar_changes()
returns trigger
language plpgsql
security definer -- whoever deletes the user may not delete here
set search_path = ''
as $$
begin
  delete from private.calendar_changes c where c.user_id in (select o.user_id from old_rows o);
  return null;
end
$$;
comment on function private.drop_calendar_changes() is
  'Trigger: what was noted for a user goes with the summary, when the user is deleted.';
revoke execute on function private.drop_calendar_changes() from public;

create or replace function private.calendar_viewers(p_kind text, p_ids uuid[])
returns setof uuid
language plpgsql -- one plan for each way, made once a connection
stable
rows 10
set search_path = ''
as $$
declare
  v_sessions uuid[] := '{}'::uuid[];
  v_cohorts uuid[] := '{}'::uuid[];
begin
  case p_kind
    when 'user' then
      return query select unnest(p_ids);
    when 'client' then
      return query
      select e.client_user_id from public.client_enrollments e where e.id = any (p_ids);
    when 'participants' then
      return query
      select p.user_id from public.module_session_participants p where p.session_id = any (p_ids);
    when 'group' then
      return query
      select m.user_id from public.group_memberships m where m.group_id = any (p_ids);
    when 'cohort' then
      v_cohorts := p_ids;
    when 'enrollment' then
      v_sessions := array(
        select s.id from public.module_sessions s where s.enrollment_id = any (p_ids)
      );
    when 'module' then
      v_sessions := array(
        select s.id from public.module_sessions s where s.module_id = any (p_ids)
      );
    when 'program' then
      v_sessions := array(
        select s.id from public.module_sessions s where s.program_id = any (p_ids)
        union all
        select s.id
        from public.program_modules m
        join public.module_sessions s on s.module_id = m.id
        where m.program_id = any (p_ids)
      );
    when 'profile' then
      v_sessions := array(
        select s.id from public.module_sessions s where s.instructor_id = any (p_ids)
        union all
        select s.id
        from public.client_enrollments e
        join public.module_sessions s on s.enrollment_id = e.id
        where e.client_user_id = any (p_ids)
      );
      v_cohorts := array(
        select c.id from public.program_cohorts c where c.lead_instructor_id = any (p_ids)
        union
        select s.cohort_id from public.cohort_sessions s where s.instructor_id = any (p_ids)
      );
  end case;

  if v_sessions <> '{}' then
    return query
    select s.instructor_id from public.module_sessions s where s.id = any (v_sessions)
    union
    select e.client_user_id
    from public.module_sessions s
    join public.client_enrollments e on e.id = s.enrollment_id
    where s.id = any (v_sessions)
    union
    select p.user_id from public.module_session_participants p where p.session_id = any (v_sessions);
  end if;
  if v_cohorts <> '{}' then
    return query
    select c.lead_instructor_id from public.program_cohorts c where c.id = any (v_cohorts)
    union
    select e.client_user_id from public.client_enrollments e where e.cohort_id = any (v_cohorts)
    union
    select s.instructor_id from public.cohort_sessions s where s.cohort_id = any (v_cohorts);
  end if;
end
$$;
comment on function private.calendar_viewers(text, uuid[]) is
  'Whose feeds show what these ids name: user (in person), client (of the enrollment), participants (of the '
  'module session), or all who see a session of the enrollment, module, program, group or cohort, or the '
  'name of the profile. Rather one too many than one too few.';
revoke execute on function private.calendar_viewers(text, uuid[]) from public;

create or replace function private.note_calendar_changes()
returns trigger
language plpgsql
security definer -- whoever may write a session need not see everyone who is in it
set search_path = ''
as $$
declare
  v_changed text := 'table changed_rows';
  v_kind text;
  v_ids uuid[];
begin
  -- Before anything is looked up: calendars_are_quiet() relies on it. Blocks no other writer.
  lock table private.calendar_changes in row exclusive mode;

  -- Under an older snapshot than this lock the users cannot be looked up reliably.
  if tg_op = 'TRUNCATE' or current_setting('transaction_isolation') <> 'read committed' then
    perform private.forget_calendar_summaries();
    return null;
  end if;

  if tg_op = 'UPDATE' then
    v_changed := format(
      case
        -- every update is a change then
        when 'updated_at' = any (string_to_array(tg_argv[0], ', ')) then 'table old_rows union all table new_rows'
        else
          '(select %1$s from old_rows except all select %1$s from new_rows)
           union all (select %1$s from new_rows except all select %1$s from old_rows)'
      end,
      tg_argv[0]
    );
  end if;
  for v_kind, v_ids in
    execute format(
      'select r.kind, array_agg(distinct r.id) as ids
       from (%s) c cross join lateral (values %s) r (kind, id)
       where r.id is not null
       group by r.kind',
      v_changed, tg_argv[1]
    )
  loop
    insert into private.calendar_changes (user_id)
    select s.user_id
    from private.calendar_summaries s
    where s.kept_at > now() - interval '3 days'
      and s.user_id in (select v from private.calendar_viewers(v_kind, v_ids) v);
  end loop;
  return null;
end
$$;
comment on function private.note_calendar_changes() is
  'Trigger of a statement: adds to calendar_changes whoever may see in a feed what has changed. Its '
  'arguments stand in the triggers of the tables.';
revoke execute on function private.note_calendar_changes() from public;

create or replace function private.touch_cohort_sessions()
returns trigger
language plpgsql
security definer -- whoever may cancel a cohort need not be allowed to write its sessions
set search_path = ''
as $$
begin
  update public.cohort_sessions set calendar_changed_at = now() where cohort_id = new.id;
  return null;
end
$$;
comment on function private.touch_cohort_sessions() is
  'Trigger: a cohort that is cancelled, or taken up again, changes the status of all its events.';
revoke execute on function private.touch_cohort_sessions() from public;

create or replace function private.track_calendar_sequence()
returns trigger
language plpgsql
set search_path = ''
as $$
declare
  v_old jsonb;
  v_new jsonb;
  v_column text;
begin
  -- Whatever the writer sent, the sequence counts changes and nothing else.
  if tg_op = 'INSERT' then
    new.calendar_sequence := 0;
    new.calendar_changed_at := null;
    return new;
  end if;
  v_old := to_jsonb(old);
  v_new := to_jsonb(new);
  new.calendar_sequence := old.calendar_sequence;
  foreach v_column in array tg_argv loop
    if v_old -> v_column is distinct from v_new -> v_column then
      new.calendar_sequence := old.calendar_sequence + 1;
      new.calendar_changed_at := now();
      exit;
    end if;
  end loop;
  return new;
end
$$;
comment on function private.track_calendar_sequence() is
  'Trigger: raises calendar_sequence when one of the columns named in its arguments changes.';
revoke execute on function private.track_calendar_sequence() from public;

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

create or replace function public.calendar_feed(
  p_user_id uuid default null,
  p_version integer default null,
  p_signed_at timestamptz default null,
  p_token uuid default null,
  p_known text[] default '{}',
  p_only text[] default null,
  p_now timestamptz default now(),
  p_variant text default null
)
returns public.calendar_feed_result
language plpgsql
volatile -- each statement sees what is committed by then, and a summary may be kept
set search_path = ''
-- planning the events takes longer than reading them, and a connection sees few of the first five calls
set plan_cache_mode = force_generic_plan
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
    v_result.modified_at := (
      select max(p.modified_at) from unnest(v_owner.parts) p
      where p_only is null or p.selector = any (p_only)
    );
    if p_known && array[v_result.fingerprint, '*'] then
      v_result.outcome := 'not_modified';
      return v_result;
    end if;
    select b.body into v_result.body
    from private.calendar_bodies b
    where b.user_id = v_owner.id and b.variant = p_variant and b.fingerprint = v_result.fingerprint;
    if found then
      v_result.outcome := 'ok';
      v_result.user_id := v_owner.id;
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
  ),
  compared as (
    select f.*, coalesce(p_known && array[f.fingerprint, '*'], false) as is_known from fingerprinted f
  ),
  made as materialized (
    select c.*, b.body
    from compared c
    left join private.calendar_bodies b on b.user_id = v_owner.id and b.variant = p_variant
      and b.fingerprint = c.fingerprint and not c.is_known
  )
  select m.parts, m.modified_at, m.fingerprint, m.is_known, m.body,
    case when not m.is_known and m.body is null then
      coalesce(
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
  from made m;

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

  v_result.fingerprint := v_made.fingerprint;
  v_result.modified_at := v_made.modified_at;
  if v_made.is_known then
    v_result.outcome := 'not_modified';
    return v_result;
  end if;
  v_result.outcome := 'ok';
  v_result.body := v_made.body;
  v_result.events := v_made.events;
  if private.may_keep_calendar_body(v_owner.id, p_variant) then
    v_result.user_id := v_owner.id;
  end if;
  return v_result;
end
$$;
comment on function public.calendar_feed(uuid, integer, timestamptz, uuid, text[], text[], timestamptz, text) is
  'calendar-feed: the events behind a link (user and version; user and time of signing, 30 days; or the '
  'legacy token), or the calendar itself where it was kept in this variant. not_modified, with neither, '
  'when the caller already knows the fingerprint, or any by the word *. One answer, not_found, for unknown, '
  'revoked, switched off and disabled.';
revoke execute on function public.calendar_feed(uuid, integer, timestamptz, uuid, text[], text[], timestamptz, text)
  from public, anon, authenticated, service_role;
grant execute on function public.calendar_feed(uuid, integer, timestamptz, uuid, text[], text[], timestamptz, text)
  to service_role;

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
revoke execute on function private.calendar_fingerprint(text, private.calendar_part[], text[]) from public;
grant execute on function private.calendar_fingerprint(text, private.calendar_part[], text[]) to service_role;

create or replace function private.calendar_link(p_rotate boolean)
returns public.calendar_link_result
language plpgsql
security definer -- users may not write calendar_links: a version must never go down
set search_path = ''
as $$
declare
  v_user_id uuid := auth.uid();
  v_sync_enabled boolean;
  v_version integer;
begin
  select p.calendar_sync_enabled into v_sync_enabled from public.profiles p where p.id = v_user_id;

  if not found or private.is_disabled(v_user_id) then
    return row('account_disabled', null)::public.calendar_link_result;
  end if;
  if v_sync_enabled is not true then
    return row('calendar_sync_disabled', null)::public.calendar_link_result;
  end if;

  if p_rotate then
    insert into private.calendar_links as l (user_id, version, rotated_at)
    values (v_user_id, 2, clock_timestamp())
    on conflict (user_id) do update
      set version = l.version + 1, rotated_at = excluded.rotated_at
    returning l.version into v_version;
    update public.profiles set calendar_token = null where id = v_user_id;
  else
    insert into private.calendar_links (user_id) values (v_user_id) on conflict (user_id) do nothing;
    select l.version into strict v_version from private.calendar_links l where l.user_id = v_user_id;
  end if;

  return row('ok', v_version)::public.calendar_link_result;
end
$$;
comment on function private.calendar_link(boolean) is
  'The version of the caller''s calendar link. With p_rotate every former link, the old kinds too, dies.';
revoke execute on function private.calendar_link(boolean) from public;
grant execute on function private.calendar_link(boolean) to authenticated;

create or replace function public.calendar_link(p_rotate boolean default false)
returns public.calendar_link_result
language sql
set search_path = ''
begin atomic
  select private.calendar_link(p_rotate);
end;
comment on function public.calendar_link(boolean) is
  'generate-calendar-url: the version of the caller''s calendar link; p_rotate revokes every former link.';
revoke execute on function public.calendar_link(boolean) from public, anon, authenticated, service_role;
grant execute on function public.calendar_link(boolean) to authenticated;

-- The oldest kind of link holds profiles.calendar_token, which clients, coaches and peers read along with
-- the profile. What is kept there from now on is a hash: the links go on working, and it opens nothing.
create or replace function private.calendar_token_hash(p_token uuid)
returns uuid
language sql
immutable
set search_path = ''
begin atomic
  -- version 3, a name's MD5 (RFC 9562 §5.3), tells a hash from the random token that it is of
  select overlay(md5(p_token::text) placing '3' from 13 for 1)::uuid;
end;
comment on function private.calendar_token_hash(uuid) is
  'What profiles.calendar_token holds of a token in a link. The token is 122 random bits, so MD5 will do.';
revoke execute on function private.calendar_token_hash(uuid) from public;
grant execute on function private.calendar_token_hash(uuid) to service_role;

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
  'Whether what is read from now on may be kept: nobody else has changed the feed''s tables without having '
  'ended the transaction.';
revoke execute on function private.calendars_are_quiet() from public;
grant execute on function private.calendars_are_quiet() to service_role;

create or replace function private.forget_calendar_bodies(p_now timestamptz default now())
returns bigint
language sql
volatile
set search_path = ''
begin atomic
  with forgotten as (
    delete from private.calendar_bodies b where b.kept_at < p_now - interval '6 days' returning 1
  )
  select count(*) from forgotten;
end;
comment on function private.forget_calendar_bodies(timestamptz) is
  'Deletes the calendars that were rendered six days ago: each night, so that none is older than a week. '
  'Returns how many.';
revoke execute on function private.forget_calendar_bodies(timestamptz) from public;

create or replace function private.forget_calendar_summaries()
returns void
language sql
security definer -- service_role may not write the epoch otherwise
set search_path = ''
begin atomic
  update private.calendar_epoch set epoch = epoch + 1;
end;
comment on function private.forget_calendar_summaries() is
  'Makes every kept summary void. For whoever changed the feed''s tables past their triggers, or what '
  'private.calendar_events shows.';
revoke execute on function private.forget_calendar_summaries() from public;
grant execute on function private.forget_calendar_summaries() to service_role;

create or replace function public.keep_calendar_body(
  p_user_id uuid, p_variant text, p_fingerprint text, p_body text
)
returns boolean
language plpgsql
volatile
set search_path = ''
as $$
begin
  -- One writer at a time, so that two never wait for one another; the others leave it at that.
  perform from private.calendar_summaries s where s.user_id = p_user_id for no key update skip locked;
  if not found or not private.may_keep_calendar_body(p_user_id, p_variant) then
    return false;
  end if;
  insert into private.calendar_bodies as b (user_id, variant, fingerprint, body)
  values (p_user_id, p_variant, p_fingerprint, p_body)
  on conflict (user_id, variant) do update
    set fingerprint = excluded.fingerprint, body = excluded.body, kept_at = excluded.kept_at;
  delete from private.calendar_bodies b
  where b.user_id = p_user_id
    and b.variant not in (
      select k.variant from private.calendar_bodies k
      where k.user_id = p_user_id
      order by k.kept_at desc, k.variant = p_variant desc
      limit 4
    );
  return true;
end
$$;
comment on function public.keep_calendar_body(uuid, text, text, text) is
  'calendar-feed: keeps a calendar that was rendered from the data of this fingerprint, in place of what '
  'there was of this variant. Of more than four variants the oldest goes, after an hour. Returns whether it '
  'was kept.';
revoke execute on function public.keep_calendar_body(uuid, text, text, text)
  from public, anon, authenticated, service_role;
grant execute on function public.keep_calendar_body(uuid, text, text, text) to service_role;

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
revoke execute on function private.keep_calendar_summary(uuid, bigint, bigint, date, private.calendar_part[], bigint[])
  from public;
grant execute on function private.keep_calendar_summary(uuid, bigint, bigint, date, private.calendar_part[], bigint[])
  to service_role;

-- Whoever holds a link can ask for 40,000 variants; their owner's programs want one or two.
create or replace function private.may_keep_calendar_body(p_user_id uuid, p_variant text)
returns boolean
language sql
stable
set search_path = ''
begin atomic
  select coalesce(
    p_variant is not null
      and exists (select from private.calendar_summaries s where s.user_id = p_user_id)
      and (
        count(*) < 4
        or bool_or(b.variant = p_variant)
        or min(b.kept_at) < now() - interval '1 hour'
      ),
    false
  )
  from private.calendar_bodies b
  where b.user_id = p_user_id;
end;
comment on function private.may_keep_calendar_body(uuid, text) is
  'Whether a calendar of this variant may be kept: of a feed that is watched, in place of its former one, '
  'as one of four, or of the oldest where that has been there for an hour.';
revoke execute on function private.may_keep_calendar_body(uuid, text) from public;
grant execute on function private.may_keep_calendar_body(uuid, text) to service_role;

-- Triggers ----------------------------------------------------------------------------------------

create or replace trigger note_calendar_changes_delete
  after delete on public.programs
  referencing old table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, name', '(''program'', c.id)');
create or replace trigger note_calendar_changes_insert
  after insert on public.programs
  referencing new table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, name', '(''program'', c.id)');
create or replace trigger note_calendar_changes_truncate
  after truncate on public.programs
  for each statement
  execute function private.note_calendar_changes('id, name', '(''program'', c.id)');
create or replace trigger note_calendar_changes_update
  after update on public.programs
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function private.note_calendar_changes('id, name', '(''program'', c.id)');
create or replace trigger note_calendar_changes_delete
  after delete on public.program_cohorts
  referencing old table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, lead_instructor_id, name, status, updated_at', '(''user'', c.lead_instructor_id), (''cohort'', c.id)');
create or replace trigger note_calendar_changes_insert
  after insert on public.program_cohorts
  referencing new table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, lead_instructor_id, name, status, updated_at', '(''user'', c.lead_instructor_id), (''cohort'', c.id)');
create or replace trigger note_calendar_changes_truncate
  after truncate on public.program_cohorts
  for each statement
  execute function private.note_calendar_changes('id, lead_instructor_id, name, status, updated_at', '(''user'', c.lead_instructor_id), (''cohort'', c.id)');
create or replace trigger note_calendar_changes_update
  after update on public.program_cohorts
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function private.note_calendar_changes('id, lead_instructor_id, name, status, updated_at', '(''user'', c.lead_instructor_id), (''cohort'', c.id)');
create or replace trigger touch_cohort_sessions
  after update of status on public.program_cohorts for each row
  when ((old.status = 'cancelled') is distinct from (new.status = 'cancelled'))
  execute function private.touch_cohort_sessions();
create or replace trigger note_calendar_changes_delete
  after delete on public.program_modules
  referencing old table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, program_id', '(''module'', c.id)');
create or replace trigger note_calendar_changes_insert
  after insert on public.program_modules
  referencing new table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, program_id', '(''module'', c.id)');
create or replace trigger note_calendar_changes_truncate
  after truncate on public.program_modules
  for each statement
  execute function private.note_calendar_changes('id, program_id', '(''module'', c.id)');
create or replace trigger note_calendar_changes_update
  after update on public.program_modules
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function private.note_calendar_changes('id, program_id', '(''module'', c.id)');
create or replace trigger note_calendar_changes_delete
  after delete on public.client_enrollments
  referencing old table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, client_user_id, cohort_id, status', '(''user'', c.client_user_id), (''enrollment'', c.id)');
create or replace trigger note_calendar_changes_insert
  after insert on public.client_enrollments
  referencing new table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, client_user_id, cohort_id, status', '(''user'', c.client_user_id), (''enrollment'', c.id)');
create or replace trigger note_calendar_changes_truncate
  after truncate on public.client_enrollments
  for each statement
  execute function private.note_calendar_changes('id, client_user_id, cohort_id, status', '(''user'', c.client_user_id), (''enrollment'', c.id)');
create or replace trigger note_calendar_changes_update
  after update on public.client_enrollments
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function private.note_calendar_changes('id, client_user_id, cohort_id, status', '(''user'', c.client_user_id), (''enrollment'', c.id)');
create or replace trigger note_calendar_changes_delete
  after delete on public.cohort_sessions
  referencing old table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, cohort_id, instructor_id, title, description, session_date, start_time, end_time, timezone, location, meeting_link, calendar_sequence, calendar_changed_at, created_at, updated_at', '(''user'', c.instructor_id), (''cohort'', c.cohort_id)');
create or replace trigger note_calendar_changes_insert
  after insert on public.cohort_sessions
  referencing new table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, cohort_id, instructor_id, title, description, session_date, start_time, end_time, timezone, location, meeting_link, calendar_sequence, calendar_changed_at, created_at, updated_at', '(''user'', c.instructor_id), (''cohort'', c.cohort_id)');
create or replace trigger note_calendar_changes_truncate
  after truncate on public.cohort_sessions
  for each statement
  execute function private.note_calendar_changes('id, cohort_id, instructor_id, title, description, session_date, start_time, end_time, timezone, location, meeting_link, calendar_sequence, calendar_changed_at, created_at, updated_at', '(''user'', c.instructor_id), (''cohort'', c.cohort_id)');
create or replace trigger note_calendar_changes_update
  after update on public.cohort_sessions
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function private.note_calendar_changes('id, cohort_id, instructor_id, title, description, session_date, start_time, end_time, timezone, location, meeting_link, calendar_sequence, calendar_changed_at, created_at, updated_at', '(''user'', c.instructor_id), (''cohort'', c.cohort_id)');
create or replace trigger track_calendar_sequence
  before insert or update on public.cohort_sessions for each row
  execute function private.track_calendar_sequence(
    'session_date', 'start_time', 'end_time', 'timezone', 'location', 'meeting_link',
    'calendar_changed_at' -- touched when the cohort is cancelled, below
  );
create or replace trigger note_calendar_changes_delete
  after delete on public.groups
  referencing old table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, name', '(''group'', c.id)');
create or replace trigger note_calendar_changes_insert
  after insert on public.groups
  referencing new table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, name', '(''group'', c.id)');
create or replace trigger note_calendar_changes_truncate
  after truncate on public.groups
  for each statement
  execute function private.note_calendar_changes('id, name', '(''group'', c.id)');
create or replace trigger note_calendar_changes_update
  after update on public.groups
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function private.note_calendar_changes('id, name', '(''group'', c.id)');
create or replace trigger note_calendar_changes_delete
  after delete on public.group_sessions
  referencing old table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, group_id, title, description, status, session_date, start_time, end_time, duration_minutes, location, meeting_link, calendar_sequence, calendar_changed_at, created_at, updated_at', '(''group'', c.group_id)');
create or replace trigger note_calendar_changes_insert
  after insert on public.group_sessions
  referencing new table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, group_id, title, description, status, session_date, start_time, end_time, duration_minutes, location, meeting_link, calendar_sequence, calendar_changed_at, created_at, updated_at', '(''group'', c.group_id)');
create or replace trigger note_calendar_changes_truncate
  after truncate on public.group_sessions
  for each statement
  execute function private.note_calendar_changes('id, group_id, title, description, status, session_date, start_time, end_time, duration_minutes, location, meeting_link, calendar_sequence, calendar_changed_at, created_at, updated_at', '(''group'', c.group_id)');
create or replace trigger note_calendar_changes_update
  after update on public.group_sessions
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function private.note_calendar_changes('id, group_id, title, description, status, session_date, start_time, end_time, duration_minutes, location, meeting_link, calendar_sequence, calendar_changed_at, created_at, updated_at', '(''group'', c.group_id)');
create or replace trigger track_calendar_sequence
  before insert or update on public.group_sessions for each row
  execute function private.track_calendar_sequence(
    'session_date', 'start_time', 'end_time', 'duration_minutes', 'location', 'meeting_link', 'status'
  );
create or replace trigger note_calendar_changes_delete
  after delete on public.module_sessions
  referencing old table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, instructor_id, enrollment_id, module_id, program_id, session_type, title, description, status, session_date, preferred_date, duration_minutes, location, meeting_url, client_response, calendar_sequence, calendar_changed_at, created_at, updated_at', '(''user'', c.instructor_id), (''client'', c.enrollment_id), (''participants'', c.id)');
create or replace trigger note_calendar_changes_insert
  after insert on public.module_sessions
  referencing new table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, instructor_id, enrollment_id, module_id, program_id, session_type, title, description, status, session_date, preferred_date, duration_minutes, location, meeting_url, client_response, calendar_sequence, calendar_changed_at, created_at, updated_at', '(''user'', c.instructor_id), (''client'', c.enrollment_id), (''participants'', c.id)');
create or replace trigger note_calendar_changes_truncate
  after truncate on public.module_sessions
  for each statement
  execute function private.note_calendar_changes('id, instructor_id, enrollment_id, module_id, program_id, session_type, title, description, status, session_date, preferred_date, duration_minutes, location, meeting_url, client_response, calendar_sequence, calendar_changed_at, created_at, updated_at', '(''user'', c.instructor_id), (''client'', c.enrollment_id), (''participants'', c.id)');
create or replace trigger note_calendar_changes_update
  after update on public.module_sessions
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function private.note_calendar_changes('id, instructor_id, enrollment_id, module_id, program_id, session_type, title, description, status, session_date, preferred_date, duration_minutes, location, meeting_url, client_response, calendar_sequence, calendar_changed_at, created_at, updated_at', '(''user'', c.instructor_id), (''client'', c.enrollment_id), (''participants'', c.id)');
create or replace trigger track_calendar_sequence
  before insert or update on public.module_sessions for each row
  execute function private.track_calendar_sequence(
    'session_date', 'preferred_date', 'duration_minutes', 'location', 'meeting_url', 'status'
  );
create or replace trigger note_calendar_changes_delete
  after delete on public.profiles
  referencing old table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, name', '(''profile'', c.id)');
create or replace trigger note_calendar_changes_insert
  after insert on public.profiles
  referencing new table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, name', '(''profile'', c.id)');
create or replace trigger note_calendar_changes_truncate
  after truncate on public.profiles
  for each statement
  execute function private.note_calendar_changes('id, name', '(''profile'', c.id)');
create or replace trigger note_calendar_changes_update
  after update on public.profiles
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function private.note_calendar_changes('id, name', '(''profile'', c.id)');
create or replace trigger drop_calendar_changes
  after delete on private.calendar_summaries
  referencing old table as old_rows
  for each statement execute function private.drop_calendar_changes();
create or replace trigger note_calendar_changes_delete
  after delete on public.group_memberships
  referencing old table as changed_rows
  for each statement
  execute function private.note_calendar_changes('user_id, group_id, status', '(''user'', c.user_id)');
create or replace trigger note_calendar_changes_insert
  after insert on public.group_memberships
  referencing new table as changed_rows
  for each statement
  execute function private.note_calendar_changes('user_id, group_id, status', '(''user'', c.user_id)');
create or replace trigger note_calendar_changes_truncate
  after truncate on public.group_memberships
  for each statement
  execute function private.note_calendar_changes('user_id, group_id, status', '(''user'', c.user_id)');
create or replace trigger note_calendar_changes_update
  after update on public.group_memberships
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function private.note_calendar_changes('user_id, group_id, status', '(''user'', c.user_id)');
create or replace trigger note_calendar_changes_delete
  after delete on public.group_session_participants
  referencing old table as changed_rows
  for each statement
  execute function private.note_calendar_changes('user_id, session_id, response_status', '(''user'', c.user_id)');
create or replace trigger note_calendar_changes_insert
  after insert on public.group_session_participants
  referencing new table as changed_rows
  for each statement
  execute function private.note_calendar_changes('user_id, session_id, response_status', '(''user'', c.user_id)');
create or replace trigger note_calendar_changes_truncate
  after truncate on public.group_session_participants
  for each statement
  execute function private.note_calendar_changes('user_id, session_id, response_status', '(''user'', c.user_id)');
create or replace trigger note_calendar_changes_update
  after update on public.group_session_participants
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function private.note_calendar_changes('user_id, session_id, response_status', '(''user'', c.user_id)');
create or replace trigger note_calendar_changes_delete
  after delete on public.module_session_participants
  referencing old table as changed_rows
  for each statement
  execute function private.note_calendar_changes('user_id, session_id, response_status', '(''user'', c.user_id)');
create or replace trigger note_calendar_changes_insert
  after insert on public.module_session_participants
  referencing new table as changed_rows
  for each statement
  execute function private.note_calendar_changes('user_id, session_id, response_status', '(''user'', c.user_id)');
create or replace trigger note_calendar_changes_truncate
  after truncate on public.module_session_participants
  for each statement
  execute function private.note_calendar_changes('user_id, session_id, response_status', '(''user'', c.user_id)');
create or replace trigger note_calendar_changes_update
  after update on public.module_session_participants
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function private.note_calendar_changes('user_id, session_id, response_status', '(''user'', c.user_id)');

-- What needs the functions above ------------------------------------------------------------------

-- The token in a link of the oldest kind is kept as a hash (a UUID of version 3): the link goes on working, and
-- what clients, coaches and peers read along with the profile opens nothing.
-- A token that several profiles hold is taken from all of them. Any user could copy another's, so neither the
-- newest nor the oldest holder is sure to be whose link it is, and whoever kept it, somebody's link would open
-- another person's calendar. Their next link is made by generate-calendar-url, which needs no token.
update public.profiles p
set calendar_token = held.token
from (
  select h.id, case when count(*) over (partition by h.hash) = 1 then h.hash end as token
  from (
    select id, case
        when substr(calendar_token::text, 15, 1) = '3' then calendar_token
        else private.calendar_token_hash(calendar_token)
      end as hash
    from public.profiles
    where calendar_token is not null
  ) h
) held
where held.id = p.id and p.calendar_token is distinct from held.token;
select private.assert_table('public.profiles', 'calendar_token uuid');
select private.ensure_index(
  'create unique index profiles_calendar_token_key on public.profiles (calendar_token) where calendar_token is not null'
);

insert into private.calendar_epoch default values on conflict do nothing;

do $$
begin
  if (
    select a.attstorage from pg_catalog.pg_attribute a
    where a.attrelid = 'private.calendar_bodies'::regclass and a.attname = 'body'
  ) <> 'e' then
    -- gzip has done what there is to do
    alter table private.calendar_bodies alter column body set storage external;
  end if;
end
$$;
