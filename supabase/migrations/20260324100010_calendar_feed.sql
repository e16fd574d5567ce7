-- calendar-feed and generate-calendar-url: what a subscriber sees, and the links that open it.
--
-- Why: the former feed asked for tables that do not exist, left out one-to-one and hosted sessions,
-- and could not be revoked. The rule of who sees which session lives here, in one place.
-- Locks: adds nullable or constant-default columns and triggers to module_sessions, group_sessions and
-- cohort_sessions (ACCESS EXCLUSIVE, without rewriting a row); builds indexes (SHARE on their table);
-- writes each profile that has a calendar_token once.
-- Can be run again.

set lock_timeout = '10s';

-- Links ---------------------------------------------------------------------------------------------

-- A link carries a MAC over the user and this version, made with a secret that only the functions know
-- (functions/_shared/calendar_link.ts), so nothing in this table opens a calendar.
create table if not exists private.calendar_links (
  user_id uuid primary key references public.profiles (id) on delete cascade,
  version integer not null default 1 check (version > 0),
  rotated_at timestamptz,
  created_at timestamptz not null default now()
);
comment on table private.calendar_links is
  'The current version of each user''s calendar link. Raising it revokes every link handed out before.';

alter table private.calendar_links enable row level security;
revoke all on table private.calendar_links from public, anon, authenticated;
grant select on table private.calendar_links to service_role;

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
revoke execute on function private.calendar_token_hash(uuid) from public, anon, authenticated;
grant execute on function private.calendar_token_hash(uuid) to service_role;

alter table public.profiles alter column calendar_token drop default;
update public.profiles set calendar_token = private.calendar_token_hash(calendar_token)
where substr(calendar_token::text, 15, 1) <> '3';
create unique index if not exists profiles_calendar_token_key
  on public.profiles (calendar_token) where calendar_token is not null;
comment on column public.profiles.calendar_token is
  'The hash of the token in a calendar link of the oldest kind, until the user rotates; none are handed out.';

do $$
begin
  if to_regtype('public.calendar_link_result') is null then
    create type public.calendar_link_result as (
      outcome text, -- ok | calendar_sync_disabled | account_disabled
      version integer
    );
  end if;
end
$$;
comment on type public.calendar_link_result is 'What calendar_link answers.';

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
revoke execute on function private.calendar_link(boolean) from public, anon;
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
revoke execute on function public.calendar_link(boolean) from public, anon, service_role;
grant execute on function public.calendar_link(boolean) to authenticated;

-- SEQUENCE ------------------------------------------------------------------------------------------

alter table public.module_sessions
  add column if not exists calendar_sequence integer not null default 0,
  add column if not exists calendar_changed_at timestamptz;
alter table public.group_sessions
  add column if not exists calendar_sequence integer not null default 0,
  add column if not exists calendar_changed_at timestamptz;
alter table public.cohort_sessions
  add column if not exists calendar_sequence integer not null default 0,
  add column if not exists calendar_changed_at timestamptz;

comment on column public.module_sessions.calendar_sequence is
  'SEQUENCE of the event (RFC 5545 §3.8.7.4): rises with time, place and status. Kept by a trigger.';
comment on column public.group_sessions.calendar_sequence is
  'SEQUENCE of the event (RFC 5545 §3.8.7.4): rises with time, place and status. Kept by a trigger.';
comment on column public.cohort_sessions.calendar_sequence is
  'SEQUENCE of the event (RFC 5545 §3.8.7.4): rises with time, place and status. Kept by a trigger.';
comment on column public.module_sessions.calendar_changed_at is 'When calendar_sequence rose last.';
comment on column public.group_sessions.calendar_changed_at is 'When calendar_sequence rose last.';
comment on column public.cohort_sessions.calendar_changed_at is 'When calendar_sequence rose last.';

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
revoke execute on function private.track_calendar_sequence() from public, anon, authenticated;

create or replace trigger track_calendar_sequence
  before insert or update on public.module_sessions for each row
  execute function private.track_calendar_sequence(
    'session_date', 'preferred_date', 'duration_minutes', 'location', 'meeting_url', 'status'
  );
create or replace trigger track_calendar_sequence
  before insert or update on public.group_sessions for each row
  execute function private.track_calendar_sequence(
    'session_date', 'start_time', 'end_time', 'duration_minutes', 'location', 'meeting_link', 'status'
  );
create or replace trigger track_calendar_sequence
  before insert or update on public.cohort_sessions for each row
  execute function private.track_calendar_sequence(
    'session_date', 'start_time', 'end_time', 'timezone', 'location', 'meeting_link',
    'calendar_changed_at' -- touched when the cohort is cancelled, below
  );

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
revoke execute on function private.touch_cohort_sessions() from public, anon, authenticated;

create or replace trigger touch_cohort_sessions
  after update of status on public.program_cohorts for each row
  when ((old.status = 'cancelled') is distinct from (new.status = 'cancelled'))
  execute function private.touch_cohort_sessions();

-- Events --------------------------------------------------------------------------------------------

create index if not exists module_sessions_enrollment_date_idx
  on public.module_sessions (enrollment_id, session_date);
create index if not exists module_sessions_instructor_date_idx
  on public.module_sessions (instructor_id, session_date);
create index if not exists module_session_participants_user_idx
  on public.module_session_participants (user_id);
create index if not exists group_memberships_user_idx on public.group_memberships (user_id);
create index if not exists group_sessions_group_date_idx on public.group_sessions (group_id, session_date);
create index if not exists cohort_sessions_cohort_date_idx
  on public.cohort_sessions (cohort_id, session_date);
create index if not exists cohort_sessions_instructor_date_idx
  on public.cohort_sessions (instructor_id, session_date);
create index if not exists program_cohorts_lead_instructor_idx
  on public.program_cohorts (lead_instructor_id);
create index if not exists client_enrollments_client_idx on public.client_enrollments (client_user_id);

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
  with module_session_roles as (
    select s.id, true as hosting, false as refused, true as may_join
    from public.module_sessions s
    where s.instructor_id = p_user_id
    union all
    select s.id, false, coalesce(s.client_response = 'rejected', false), true
    from public.client_enrollments e
    join public.module_sessions s on s.enrollment_id = e.id
    where e.client_user_id = p_user_id
    union all
    select p.session_id, false, p.response_status = 'declined', p.response_status = 'accepted'
    from public.module_session_participants p
    where p.user_id = p_user_id
  ),
  -- One event a session, however many ways lead to it; the host's view wins.
  own_module_sessions as (
    select r.id, bool_or(r.hosting) as hosting, bool_or(r.may_join) as may_join
    from module_session_roles r
    group by r.id
    having bool_or(r.hosting) or not bool_or(r.refused)
  ),
  dated_module_sessions as (
    select o.hosting, o.may_join, s.*,
      coalesce(s.session_date, case when s.status = 'requested' then s.preferred_date end) as starts_at
    from own_module_sessions o
    join public.module_sessions s on s.id = o.id
    where s.status <> 'draft'
  ),
  cohort_roles as (
    select e.cohort_id, false as leading
    from public.client_enrollments e
    where e.client_user_id = p_user_id and e.status = 'active' and e.cohort_id is not null
    union all
    select c.id, true from public.program_cohorts c where c.lead_instructor_id = p_user_id
  ),
  cohort_session_roles as (
    select s.id, r.leading as hosting
    from cohort_roles r
    join public.cohort_sessions s on s.cohort_id = r.cohort_id
    -- a day of room on either side: the exact instants are compared below
    where s.session_date between (p_from - interval '1 day')::date and (p_until + interval '1 day')::date
    union all
    select s.id, true
    from public.cohort_sessions s
    where s.instructor_id = p_user_id
      and s.session_date between (p_from - interval '1 day')::date and (p_until + interval '1 day')::date
  ),
  own_cohort_sessions as (
    select r.id, bool_or(r.hosting) as hosting from cohort_session_roles r group by r.id
  ),
  dated_cohort_sessions as (
    select o.hosting, s.*,
      (s.session_date + coalesce(s.start_time, time '00:00'))
        at time zone private.known_timezone(s.timezone) as starts_at,
      (s.session_date + s.end_time) at time zone private.known_timezone(s.timezone) as planned_end
    from own_cohort_sessions o
    join public.cohort_sessions s on s.id = o.id
  ),
  sessions as (
    select
      'module-session-' || s.id || '@innotruehub' as uid,
      case when s.session_type = 'group' then 'group' else 'coaching' end as kind,
      s.hosting,
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
      case when s.hosting then client.name else host.name end as with_name,
      program.name as context,
      s.description,
      s.location,
      case when s.may_join then s.meeting_url end as meeting_url
    from dated_module_sessions s
    join public.program_modules m on m.id = s.module_id
    join public.programs program on program.id = coalesce(s.program_id, m.program_id)
    left join public.profiles host on host.id = s.instructor_id
    left join public.client_enrollments e on e.id = s.enrollment_id and s.session_type = 'individual'
    left join public.profiles client on client.id = e.client_user_id
    where s.starts_at >= p_from and s.starts_at < p_until
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

-- Feed ----------------------------------------------------------------------------------------------

do $$
begin
  if to_regtype('public.calendar_feed_result') is null then
    create type public.calendar_feed_result as (
      outcome text, -- ok | not_modified | expired | not_found
      fingerprint text, -- of everything that is rendered; equal data, equal fingerprint
      name text,
      modified_at timestamptz,
      events json -- array of private.calendar_events rows, only when ok
    );
  end if;
end
$$;
comment on type public.calendar_feed_result is 'What calendar_feed answers.';

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
stable
set search_path = ''
as $$
declare
  v_days constant interval := interval '30 days';
  v_owner record;
  v_result public.calendar_feed_result;
begin
  select p.id, p.name into v_owner
  from public.profiles p
  left join private.calendar_links l on l.user_id = p.id
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
  if p_signed_at < p_now - v_days then
    v_result.outcome := 'expired';
    return v_result;
  end if;

  with events as materialized (
    select e.*
    from private.calendar_events(
      v_owner.id, p_now - v_days, p_now + interval '18 months', p_now - v_days
    ) e
    where p_only is null or (case when e.hosting then 'hosting' else e.kind end) = any (p_only)
  ),
  summary as (
    select max(e.modified_at) as modified_at,
      -- of every column of every row, whatever their order; the name is rendered as well
      md5(concat_ws(
        '|', v_owner.name, count(*), bit_xor(hash_record_extended(e.*, 0)), bit_xor(hash_record_extended(e.*, 1))
      )) as fingerprint
    from events e
  )
  select
    case when s.fingerprint = any (p_known) then 'not_modified' else 'ok' end,
    s.fingerprint,
    v_owner.name,
    s.modified_at,
    case when s.fingerprint = any (p_known) then null
      else coalesce((select json_agg(e) from events e), '[]'::json)
    end
  into v_result
  from summary s;
  return v_result;
end
$$;
comment on function public.calendar_feed(uuid, integer, timestamptz, uuid, text[], text[], timestamptz) is
  'calendar-feed: the events behind a link (user and version; user and time of signing, 30 days; or the legacy token). not_modified, without events, when the caller already knows the fingerprint. One answer, not_found, for unknown, revoked, switched off and disabled.';
revoke execute on function public.calendar_feed(uuid, integer, timestamptz, uuid, text[], text[], timestamptz)
  from public, anon, authenticated;
grant execute on function public.calendar_feed(uuid, integer, timestamptz, uuid, text[], text[], timestamptz)
  to service_role;
