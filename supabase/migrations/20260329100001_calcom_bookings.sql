-- What Cal.com has said of each booking, and the one session that each lineage of bookings has here.
--
-- Why: sessions were found by booking uid and changed as events came in, so that a late cancellation,
-- a creation after its cancellation or a reschedule before its creation left the wrong session standing,
-- or two.
-- calcom_bookings keeps facts that only grow: the newest event of each kind a booking. Bookings that
-- replace one another (uid ← rescheduleUid) are a lineage, and calcom_lineages points to its session. The
-- pointer is here and not on the sessions: members of a peer group may write any column of its sessions.
-- Locks: ACCESS EXCLUSIVE on module_sessions while its unique index is replaced (one scan of the table),
-- and on group_sessions for a check that is wider than the one before (one scan). Can be run again.

set lock_timeout = '10s';

create table if not exists public.calcom_lineages (
  id uuid primary key default gen_random_uuid(),
  module_session_id uuid references public.module_sessions (id) on delete set null,
  group_session_id uuid references public.group_sessions (id) on delete set null,
  adopted boolean not null default false,
  group_id uuid references public.groups (id) on delete set null,
  decided jsonb not null default '{}',
  settled text,
  created_at timestamptz not null default now(),
  constraint calcom_lineages_module_session_id_key unique (module_session_id),
  constraint calcom_lineages_group_session_id_key unique (group_session_id),
  constraint calcom_lineages_one_session check (num_nonnulls(module_session_id, group_session_id) <= 1)
);
comment on table public.calcom_lineages is
  'Cal.com bookings that replace one another, and their one session here.';
comment on column public.calcom_lineages.adopted is
  'The session was there before the booking: it is cancelled rather than deleted when it is not wanted.';
comment on column public.calcom_lineages.group_id is 'The group whose members take part, now and later.';
comment on column public.calcom_lineages.decided is
  'What an operator said where Cal.com''s word did not do: user_id, enrollment_id, host_id, mapping_id, module_id, group_id.';
comment on column public.calcom_lineages.settled is
  'Fingerprint of what was carried over to the session last. While it holds, staff''s own changes stay.';
create index if not exists calcom_lineages_group_idx on public.calcom_lineages (group_id);

create table if not exists public.calcom_bookings (
  uid text primary key,
  lineage_id uuid not null references public.calcom_lineages (id) on delete cascade,
  rescheduled_from text,
  booking_id text,
  requested_at timestamptz,
  accepted_at timestamptz,
  rejected_at timestamptz,
  cancelled_at timestamptz,
  awaits_new_time boolean not null default false,
  no_show_at timestamptz,
  detail_at timestamptz,
  detail_rank integer,
  starts_at timestamptz,
  ends_at timestamptz,
  attendee_timezone text,
  organizer_timezone text,
  meeting_url text,
  location text,
  event_type_id integer,
  event_type_slug text,
  attendee_user_id uuid references public.profiles (id) on delete set null,
  organizer_user_id uuid references public.profiles (id) on delete set null,
  hints jsonb,
  hinted_at timestamptz,
  created_at timestamptz not null default now(),
  constraint calcom_bookings_ends_after_start check (ends_at > starts_at)
);
comment on table public.calcom_bookings is
  'What Cal.com has said of each booking. Facts only grow, so that the order of events does not matter. A row without any is known as what another booking replaced.';
comment on column public.calcom_bookings.requested_at is
  'createdAt of the newest such event, as in the columns that follow; null: none came.';
comment on column public.calcom_bookings.awaits_new_time is
  'The newest cancellation asked for a new time (requestReschedule): no real one.';
comment on column public.calcom_bookings.detail_at is
  'createdAt of the event that the details are of: the newest request, creation or reschedule; detail_rank breaks a tie.';
comment on column public.calcom_bookings.hints is
  'Ids from the booking''s metadata, which the booker can make up: each is checked before it is used.';
create index if not exists calcom_bookings_lineage_idx on public.calcom_bookings (lineage_id);
create index if not exists calcom_bookings_attendee_idx on public.calcom_bookings (attendee_user_id);
create index if not exists calcom_bookings_organizer_idx on public.calcom_bookings (organizer_user_id);

create table if not exists public.calcom_reviews (
  id uuid primary key default gen_random_uuid(),
  lineage_id uuid not null references public.calcom_lineages (id) on delete cascade,
  booking_uid text not null,
  missing text[] not null check (cardinality(missing) > 0),
  error text,
  attendee_email text,
  organizer_email text,
  event_type_id integer,
  starts_at timestamptz,
  created_at timestamptz not null default now(),
  resolved_at timestamptz,
  resolved_by uuid references public.profiles (id) on delete set null,
  resolution text check (resolution in ('settled', 'dismissed', 'obsolete')),
  constraint calcom_reviews_lineage_id_key unique (lineage_id),
  constraint calcom_reviews_resolved check ((resolved_at is null) = (resolution is null))
);
comment on table public.calcom_reviews is
  'Bookings that could not become a session, and what is missing. resolve_calcom_booking finishes them.';
comment on column public.calcom_reviews.missing is
  'attendee_unknown, organizer_unknown, event_type_unknown, mapping_inactive, module_unknown, enrollment_missing, group_unknown, attendee_not_in_group; refused: the database would not have it, see error.';
comment on column public.calcom_reviews.error is 'SQLSTATE and message of what the database refused.';
comment on column public.calcom_reviews.attendee_email is 'As Cal.com gave it, while nobody here is known by it.';
create index if not exists calcom_reviews_open_idx
  on public.calcom_reviews (created_at) where resolved_at is null;
create index if not exists calcom_reviews_resolved_by_idx on public.calcom_reviews (resolved_by);

do $$
declare
  v_table text;
begin
  foreach v_table in array array['calcom_lineages', 'calcom_bookings', 'calcom_reviews'] loop
    execute format('alter table public.%I enable row level security', v_table);
    execute format('revoke all on table public.%I from public, anon, authenticated, service_role', v_table);
    execute format('grant select on table public.%I to authenticated, service_role', v_table);
    execute format('drop policy if exists "%1$s: select" on public.%1$I', v_table);
    execute format(
      'create policy "%1$s: select" on public.%1$I for select to authenticated
       using ((select public.has_role((select auth.uid()), ''admin'')))',
      v_table
    );
  end loop;
end
$$;

-- Look-ups by event type ------------------------------------------------------------------------------

create index if not exists calcom_event_type_mappings_slug_idx
  on public.calcom_event_type_mappings (calcom_event_type_slug);
create index if not exists calcom_event_type_mappings_module_type_idx
  on public.calcom_event_type_mappings (module_type);
create index if not exists instructor_calcom_event_types_child_idx
  on public.instructor_calcom_event_types (child_event_type_id);
create index if not exists groups_calcom_mapping_idx
  on public.groups (calcom_mapping_id) where calcom_mapping_id is not null;

-- Sessions ------------------------------------------------------------------------------------------

-- One open session a module and enrolment is for those that people enter by hand: a completed one is
-- history and blocks nothing, and what Cal.com books is an appointment that stands, whatever else does.
-- squawk-ignore require-concurrent-index-deletion -- not within a transaction; lock_timeout bounds the wait
drop index if exists public.module_sessions_unique_individual;
create unique index if not exists module_sessions_unique_open_individual
  on public.module_sessions (module_id, enrollment_id)
  where session_type = 'individual'
    and status not in ('cancelled', 'completed')
    and calcom_booking_uid is null;

-- A peer group's session can be asked for, or wait for a new time, as a module's can.
do $$
declare
  v_check record;
begin
  if not exists (
    select from pg_catalog.pg_constraint c
    where c.conrelid = 'public.group_sessions'::regclass
      and c.contype = 'c'
      and pg_get_constraintdef(c.oid) like '%requested%'
  ) then
    for v_check in
      select c.conname from pg_catalog.pg_constraint c
      where c.conrelid = 'public.group_sessions'::regclass
        and c.contype = 'c'
        and pg_get_constraintdef(c.oid) like '%status%'
        and pg_get_constraintdef(c.oid) like '%scheduled%'
    loop
      execute format('alter table public.group_sessions drop constraint %I', v_check.conname);
    end loop;
    alter table public.group_sessions add constraint group_sessions_status_check
      check (status in ('requested', 'scheduled', 'completed', 'cancelled'));
  end if;
end
$$;

-- Bookings that have a session already --------------------------------------------------------------

-- So that a reschedule or cancellation that comes now finds it. The newest of several of one uid, the
-- standing before the cancelled; what the session says is taken as decided.
with known as (
  select s.calcom_booking_uid as uid, s.id as module_session_id, null::uuid as group_session_id,
    null::uuid as group_id, s.calcom_booking_id as booking_id, s.calcom_reschedule_uid as rescheduled_from,
    s.status, s.created_at, s.updated_at, s.session_date as starts_at,
    s.session_date + greatest(coalesce(s.duration_minutes, 60), 1) * interval '1 minute' as ends_at,
    s.timezone, s.meeting_url, s.location, s.calcom_event_type_id, s.calcom_event_type_slug,
    jsonb_strip_nulls(jsonb_build_object(
      'module_id', s.module_id, 'enrollment_id', s.enrollment_id, 'host_id', s.instructor_id,
      'user_id', coalesce(e.client_user_id, s.booked_by)
    )) as decided
  from public.module_sessions s
  left join public.client_enrollments e on e.id = s.enrollment_id
  where s.calcom_booking_uid is not null
  union all
  select s.calcom_booking_uid, null, s.id, s.group_id, s.calcom_booking_id, s.calcom_reschedule_uid,
    s.status, s.created_at, s.updated_at, coalesce(s.start_time, s.session_date),
    greatest(
      coalesce(s.end_time, s.session_date + coalesce(s.duration_minutes, 60) * interval '1 minute'),
      coalesce(s.start_time, s.session_date) + interval '1 minute'
    ),
    s.timezone, s.meeting_link, s.location, s.calcom_event_type_id, s.calcom_event_type_slug,
    jsonb_strip_nulls(jsonb_build_object('group_id', s.group_id, 'user_id', s.booked_by))
  from public.group_sessions s
  where s.calcom_booking_uid is not null
),
fresh as materialized (
  select distinct on (k.uid) gen_random_uuid() as lineage_id, k.*
  from known k
  where not exists (select from public.calcom_bookings b where b.uid = k.uid)
  order by k.uid, k.status = 'cancelled', k.created_at desc, k.starts_at desc
),
lineage as (
  insert into public.calcom_lineages (
    id, module_session_id, group_session_id, adopted, group_id, decided, created_at
  )
  select f.lineage_id, f.module_session_id, f.group_session_id, true, f.group_id, f.decided, f.created_at
  from fresh f
),
booking as (
  insert into public.calcom_bookings (
    uid, lineage_id, rescheduled_from, booking_id, accepted_at, cancelled_at, detail_at, detail_rank,
    starts_at, ends_at, attendee_timezone, organizer_timezone, meeting_url, location, event_type_id,
    event_type_slug
  )
  select f.uid, f.lineage_id, f.rescheduled_from, f.booking_id, f.created_at,
    case when f.status = 'cancelled' then f.updated_at end,
    f.created_at, 0, f.starts_at, f.ends_at, f.timezone, f.timezone, f.meeting_url, f.location,
    f.calcom_event_type_id, f.calcom_event_type_slug
  from fresh f
)
insert into public.calcom_bookings (uid, lineage_id)
select distinct on (f.rescheduled_from) f.rescheduled_from, f.lineage_id
from fresh f
where f.rescheduled_from <> f.uid
  and not exists (select from fresh other where other.uid = f.rescheduled_from)
order by f.rescheduled_from, f.created_at desc
on conflict (uid) do nothing;
