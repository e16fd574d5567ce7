-- Bookings of Cal.com as facts, and the sessions that follow from them.
--
-- Why: Cal.com sends once, in any order, and what a booker writes is no fact. Bookings are kept as told; the one
-- session of a chain of bookings follows from them; what cannot be placed waits for a person.
-- Locks: on production, until commit, ACCESS EXCLUSIVE on calcom_event_type_mappings, calcom_webhook_logs,
-- instructor_calcom_event_types; SHARE ROW EXCLUSIVE on group_memberships, group_sessions, groups,
-- module_sessions, profiles.
-- Can be run again.

set lock_timeout = '10s';
set check_function_bodies = off; -- a body may name what a later file makes

-- Types -------------------------------------------------------------------------------------------

select private.ensure_type($type$
create type private.calcom_settlement as (
  -- requested | booked | moved | waiting | cancelled | unchanged | ignored | review
  status text,
  session_id uuid,
  missing text[]
)
$type$);
select private.ensure_type($type$
create type private.calcom_target as (
  missing text[], -- what is missing, as calcom_reviews.missing; empty: all is known
  kind text, -- individual | group_module | peer_group
  program_id uuid,
  module_id uuid,
  enrollment_id uuid,
  group_id uuid,
  user_id uuid, -- who booked
  host_id uuid,
  title text,
  pending_session_id uuid -- a session that waits for a booking and is this target's own
)
$type$);
select private.ensure_type($type$
create type public.calcom_event_result as (
  -- requested | booked | moved | waiting | cancelled | unchanged | duplicate | ignored | review
  status text,
  -- of resolve_calcom_booking: null | not_found | forbidden | invalid_choice
  code text,
  booking_uid text,
  session_id uuid,
  review_id uuid,
  missing text[]
)
$type$);

-- Tables that are there ---------------------------------------------------------------------------

do $$
begin
  -- production's: other arguments or another result
  perform private.drop_public_functions(ours.name)
  from (values ('cleanup_old_webhook_logs', '(integer, timestamptz)', 'bigint')) as ours (name, types, result)
  where exists (
    select from pg_catalog.pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.proname = ours.name
      and (p.oid, p.prorettype)
        is distinct from (to_regprocedure('public.' || ours.name || ours.types), to_regtype(ours.result))
  );
end
$$;

-- Older rows have nulls there and are no deliveries of anything that comes now.
alter table public.calcom_webhook_logs
  add column if not exists booking_uid text,
  add column if not exists event_created_at timestamptz,
  add column if not exists status text;
select private.assert_table(
  'public.calcom_webhook_logs', 'booking_uid text, event_created_at timestamptz, status text'
);

select private.ensure_index(
  $$create unique index calcom_webhook_logs_delivery_key
    on public.calcom_webhook_logs (event_type, booking_uid, event_created_at) where booking_uid is not null$$
);
select private.ensure_index(statement) from unnest(array[
  'create index calcom_event_type_mappings_module_type_idx on public.calcom_event_type_mappings (module_type)',
  'create index calcom_event_type_mappings_slug_idx on public.calcom_event_type_mappings (calcom_event_type_slug)',
  $$create index calcom_webhook_logs_booking_idx
    on public.calcom_webhook_logs (booking_uid) where booking_uid is not null$$,
  'create index calcom_webhook_logs_created_idx on public.calcom_webhook_logs (created_at)',
  $$create index instructor_calcom_event_types_child_idx
    on public.instructor_calcom_event_types (child_event_type_id)$$
]) as statement;

-- A link that runs a script or opens a program is none that anybody follows.
insert into private.rows_before_repair (table_name, content)
select 'public.calcom_event_type_mappings', to_jsonb(r) from public.calcom_event_type_mappings r
where not (
  private.are_web_links(scheduling_url));
update public.calcom_event_type_mappings
set scheduling_url = case when private.are_web_links(scheduling_url) then scheduling_url end
where not (
  private.are_web_links(scheduling_url)
);
do $$
begin
  if not exists (
    select from pg_catalog.pg_constraint c
    where c.conrelid = 'public.calcom_event_type_mappings'::regclass and c.conname = 'calcom_event_type_mappings_links_check'
  ) then
    alter table public.calcom_event_type_mappings add constraint calcom_event_type_mappings_links_check
      check (private.are_web_links(scheduling_url));
  end if;
end
$$;
insert into private.rows_before_repair (table_name, content)
select 'public.instructor_calcom_event_types', to_jsonb(r) from public.instructor_calcom_event_types r
where not (
  private.are_web_links(booking_url));
update public.instructor_calcom_event_types
set booking_url = case when private.are_web_links(booking_url) then booking_url end
where not (
  private.are_web_links(booking_url)
);
do $$
begin
  if not exists (
    select from pg_catalog.pg_constraint c
    where c.conrelid = 'public.instructor_calcom_event_types'::regclass and c.conname = 'instructor_calcom_event_types_links_check'
  ) then
    alter table public.instructor_calcom_event_types add constraint instructor_calcom_event_types_links_check
      check (private.are_web_links(booking_url));
  end if;
end
$$;

-- Lengths of what admins write of Cal.com's event types.
insert into private.rows_before_repair (table_name, content)
select 'public.calcom_event_type_mappings', to_jsonb(r) from public.calcom_event_type_mappings r
where not (
  char_length(calcom_event_type_slug) <= 500
  and char_length(calcom_event_type_name) <= 300
  and char_length(scheduling_url) <= 5000);
update public.calcom_event_type_mappings
set calcom_event_type_slug = left(calcom_event_type_slug, 500),
  calcom_event_type_name = left(calcom_event_type_name, 300),
  scheduling_url = left(scheduling_url, 5000)
where not (
  char_length(calcom_event_type_slug) <= 500
  and char_length(calcom_event_type_name) <= 300
  and char_length(scheduling_url) <= 5000
);
insert into private.rows_before_repair (table_name, content)
select 'public.instructor_calcom_event_types', to_jsonb(r) from public.instructor_calcom_event_types r
where not (
  char_length(booking_url) <= 5000);
update public.instructor_calcom_event_types
set booking_url = left(booking_url, 5000)
where not (
  char_length(booking_url) <= 5000
);
do $$
declare
  v_check record;
begin
  for v_check in
    select * from (values
      ('calcom_event_type_mappings', 'calcom_event_type_mappings_texts_check',
        $c$char_length(calcom_event_type_slug) <= 500 and char_length(calcom_event_type_name) <= 300 and char_length(scheduling_url) <= 5000$c$),
      ('instructor_calcom_event_types', 'instructor_calcom_event_types_texts_check',
        $c$char_length(booking_url) <= 5000$c$)
    ) as wanted (table_name, name, definition)
    where not exists (
      select from pg_catalog.pg_constraint c
      where c.conrelid = to_regclass('public.' || wanted.table_name) and c.conname = wanted.name
    )
  loop
    execute format(
      'alter table public.%I add constraint %I check (%s)', v_check.table_name, v_check.name, v_check.definition
    );
  end loop;
end
$$;

comment on type private.calcom_settlement is 'What private.settle_calcom_lineage answers.';
comment on type private.calcom_target is 'What private.find_calcom_target answers.';
comment on type public.calcom_event_result is 'What apply_calcom_event and resolve_calcom_booking answer.';

-- New tables --------------------------------------------------------------------------------------

select private.ensure_table($table$
create table public.calcom_lineages (
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
)
$table$);
select private.ensure_table($table$
create table public.calcom_bookings (
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
)
$table$);
select private.ensure_table($table$
create table public.calcom_reviews (
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
)
$table$);

select private.ensure_index(statement) from unnest(array[
  $$create index calcom_lineages_group_idx on public.calcom_lineages (group_id)$$,
  $$create index calcom_bookings_attendee_idx on public.calcom_bookings (attendee_user_id)$$,
  $$create index calcom_bookings_lineage_idx on public.calcom_bookings (lineage_id)$$,
  $$create index calcom_bookings_organizer_idx on public.calcom_bookings (organizer_user_id)$$,
  $$create index calcom_reviews_open_idx
  on public.calcom_reviews (created_at) where resolved_at is null$$,
  $$create index calcom_reviews_resolved_by_idx on public.calcom_reviews (resolved_by)$$
]) as statement;

-- Comments and grants -----------------------------------------------------------------------------

comment on table public.calcom_lineages is
  'Cal.com bookings that replace one another, and their one session here.';
comment on column public.calcom_lineages.adopted is
  'The session was there before the booking: it is cancelled rather than deleted when it is not wanted.';
comment on column public.calcom_lineages.group_id is 'The group whose members take part, now and later.';
comment on column public.calcom_lineages.decided is
  'What an operator said where Cal.com''s word did not do: user_id, enrollment_id, host_id, mapping_id, '
  'module_id, group_id.';
comment on column public.calcom_lineages.settled is
  'Fingerprint of what was carried over to the session last. While it holds, staff''s own changes stay.';
comment on table public.calcom_bookings is
  'What Cal.com has said of each booking. Facts only grow, so that the order of events does not matter. A '
  'row without any is known as what another booking replaced.';
comment on column public.calcom_bookings.requested_at is
  'createdAt of the newest such event, as in the columns that follow; null: none came.';
comment on column public.calcom_bookings.awaits_new_time is
  'The newest cancellation asked for a new time (requestReschedule): no real one.';
comment on column public.calcom_bookings.detail_at is
  'createdAt of the event that the details are of: the newest request, creation or reschedule; detail_rank '
  'breaks a tie.';
comment on column public.calcom_bookings.hints is
  'Ids from the booking''s metadata, which the booker can make up: each is checked before it is used.';
comment on table public.calcom_event_type_mappings is
  'What a Cal.com event type books here: a module session or a peer group session.';
comment on table public.calcom_reviews is
  'Bookings that could not become a session, and what is missing. resolve_calcom_booking finishes them.';
comment on column public.calcom_reviews.missing is
  'attendee_unknown, organizer_unknown, event_type_unknown, mapping_inactive, module_unknown, '
  'enrollment_missing, group_unknown, attendee_not_in_group; refused: the database would not have it, see '
  'error.';
comment on column public.calcom_reviews.error is 'SQLSTATE and message of what the database refused.';
comment on column public.calcom_reviews.attendee_email is
  'As Cal.com gave it, while nobody here is known by it.';
comment on table public.calcom_webhook_logs is
  'Inbox: the signed deliveries of the Cal.com webhook, each once, kept 30 days. No names, no addresses.';
comment on column public.calcom_webhook_logs.event_type is 'Cal.com''s triggerEvent.';
comment on column public.calcom_webhook_logs.payload is
  'Event type and times of a booking; of a body that was refused, the names of its keys.';
comment on column public.calcom_webhook_logs.error_message is 'Why it was kept for review or refused.';
comment on column public.calcom_webhook_logs.event_created_at is
  'Cal.com''s createdAt: when it happened there.';
comment on column public.calcom_webhook_logs.status is
  'What came of it, as apply_calcom_event answered; refused: not a body of this endpoint''s shape.';
comment on table public.instructor_calcom_event_types is
  'The Cal.com event type of a staff person for a kind of module. child_event_type_id is not unique.';

alter table public.calcom_lineages enable row level security;
alter table public.calcom_bookings enable row level security;
alter table public.calcom_reviews enable row level security;

revoke all on table public.calcom_lineages from public, anon, authenticated, service_role;
grant select on table public.calcom_lineages to authenticated, service_role;
revoke all on table public.calcom_bookings from public, anon, authenticated, service_role;
grant select on table public.calcom_bookings to authenticated, service_role;
revoke all on table public.calcom_event_type_mappings from public, anon, authenticated, service_role;
grant select, delete on table public.calcom_event_type_mappings to authenticated;
grant insert (
  calcom_event_type_id, calcom_event_type_name, session_target, default_program_id, default_group_id,
  default_module_id, module_type, scheduling_url, is_active
) on table public.calcom_event_type_mappings to authenticated;
grant update (
  calcom_event_type_id, calcom_event_type_name, session_target, default_program_id, default_group_id,
  default_module_id, module_type, scheduling_url, is_active
) on table public.calcom_event_type_mappings to authenticated;
grant all on table public.calcom_event_type_mappings to service_role;
revoke all on table public.calcom_reviews from public, anon, authenticated, service_role;
grant select on table public.calcom_reviews to authenticated, service_role;
revoke all on table public.calcom_webhook_logs from public, anon, authenticated, service_role;
grant select on table public.calcom_webhook_logs to authenticated;
grant all on table public.calcom_webhook_logs to service_role;
revoke all on table public.instructor_calcom_event_types from public, anon, authenticated, service_role;
grant select, delete on table public.instructor_calcom_event_types to authenticated;
grant insert (
  instructor_id, module_type, child_event_type_id, booking_url
) on table public.instructor_calcom_event_types to authenticated;
grant update (
  child_event_type_id, booking_url
) on table public.instructor_calcom_event_types to authenticated;
grant all on table public.instructor_calcom_event_types to service_role;

-- Functions ---------------------------------------------------------------------------------------

create or replace function private.follow_group_membership()
returns trigger
language plpgsql
security definer -- who may change a membership need not be allowed to write its group's sessions
set search_path = ''
as $$
declare
  v_group_id uuid := case when tg_op = 'DELETE' then old.group_id else new.group_id end;
  v_user_id uuid := case when tg_op = 'DELETE' then old.user_id else new.user_id end;
  v_joins boolean := tg_op <> 'DELETE' and new.status = 'active';
begin
  -- as strong as invite_calcom_group takes it: two who join at once would wait for one another there
  perform from public.groups g where g.id = v_group_id for no key update;

  if v_joins then
    perform private.invite_calcom_group(l.id, v_user_id)
    from public.calcom_lineages l
    left join public.group_sessions g on g.id = l.group_session_id
    left join public.module_sessions m on m.id = l.module_session_id
    where l.group_id = v_group_id
      and coalesce(g.status, m.status) in ('scheduled', 'confirmed')
      and coalesce(g.session_date, m.session_date) > now();
  else
    delete from public.group_session_participants p
    using public.calcom_lineages l, public.group_sessions s
    where l.group_id = v_group_id and s.id = l.group_session_id and s.session_date > now()
      and p.session_id = s.id and p.user_id = v_user_id;
    delete from public.module_session_participants p
    using public.calcom_lineages l, public.module_sessions s
    where l.group_id = v_group_id and s.id = l.module_session_id and s.session_date > now()
      and p.session_id = s.id and p.user_id = v_user_id;
  end if;
  return null;
end
$$;
comment on function private.follow_group_membership() is
  'Trigger on group_memberships: who joins is asked to the group''s coming Cal.com sessions, who leaves is '
  'taken off them.';
revoke execute on function private.follow_group_membership() from public;

create or replace function private.join_calcom_lineages(p_uids text[])
returns uuid
language plpgsql
set search_path = ''
as $$
declare
  v_uid text;
  v_lineages uuid[];
  v_kept uuid;
  v_other uuid;
begin
  select array_agg(distinct b.lineage_id) into v_lineages
  from public.calcom_bookings b
  where b.uid = any (p_uids);

  if v_lineages is null then
    insert into public.calcom_lineages default values returning id into v_kept;
  else
    -- the one whose session people have known longest stays
    select l.id into strict v_kept
    from public.calcom_lineages l
    where l.id = any (v_lineages)
    order by l.adopted desc, num_nonnulls(l.module_session_id, l.group_session_id) desc, l.created_at, l.id
    limit 1;
  end if;

  foreach v_uid in array p_uids loop
    insert into public.calcom_bookings (uid, lineage_id) values (v_uid, v_kept) on conflict (uid) do nothing;
  end loop;

  foreach v_other in array coalesce(array_remove(v_lineages, v_kept), '{}') loop
    perform private.release_calcom_session(v_other);
    update public.calcom_bookings b set lineage_id = v_kept where b.lineage_id = v_other;
    update public.calcom_lineages l
    set decided = other.decided || l.decided, settled = null
    from public.calcom_lineages other
    where l.id = v_kept and other.id = v_other;
    update public.calcom_reviews r
    set attendee_email = coalesce(r.attendee_email, other.attendee_email),
      organizer_email = coalesce(r.organizer_email, other.organizer_email)
    from public.calcom_reviews other
    where r.lineage_id = v_kept and other.lineage_id = v_other;
    update public.calcom_reviews r set lineage_id = v_kept
    where r.lineage_id = v_other
      and not exists (select from public.calcom_reviews kept where kept.lineage_id = v_kept);
    delete from public.calcom_lineages l where l.id = v_other; -- and a second review of the same
  end loop;
  return v_kept;
end
$$;
comment on function private.join_calcom_lineages(text[]) is
  'The lineage of these bookings, made or joined as needed. The caller holds all lineages alone when there '
  'are several uids.';
revoke execute on function private.join_calcom_lineages(text[]) from public;

create or replace function public.apply_calcom_event(p_event jsonb, p_now timestamptz default now())
returns public.calcom_event_result
language plpgsql
security definer -- the service role may read bookings and write none: this is the one way in
set search_path = ''
set lock_timeout = '8s' -- before the caller gives up (10 s): what it is told has failed has not happened
as $$
declare
  v_uid text := p_event ->> 'uid';
  v_before text := nullif(p_event ->> 'reschedule_uid', v_uid);
  v_delivery uuid;
  v_lineage_id uuid;
  v_settlement private.calcom_settlement;
  v_result public.calcom_event_result;
begin
  v_result.booking_uid := v_uid;
  perform private.lock_calcom_lineages(p_alone => v_before is not null);

  insert into public.calcom_webhook_logs (
    event_type, booking_uid, event_created_at, payload, created_at
  )
  values (
    p_event ->> 'trigger', v_uid, (p_event ->> 'created_at')::timestamptz,
    jsonb_strip_nulls(jsonb_build_object(
      'event_type_id', p_event -> 'event_type_id',
      'starts_at', p_event -> 'starts_at',
      'ends_at', p_event -> 'ends_at',
      'reschedule_uid', to_jsonb(v_before),
      'request_reschedule', p_event -> 'request_reschedule'
    )),
    p_now
  )
  on conflict (event_type, booking_uid, event_created_at) where booking_uid is not null do nothing
  returning id into v_delivery;
  if v_delivery is null then
    v_result.status := 'duplicate';
    select coalesce(l.module_session_id, l.group_session_id), r.id, r.missing
    into v_result.session_id, v_result.review_id, v_result.missing
    from public.calcom_bookings b
    join public.calcom_lineages l on l.id = b.lineage_id
    left join public.calcom_reviews r on r.lineage_id = l.id and r.resolved_at is null
    where b.uid = v_uid;
    return v_result;
  end if;

  if p_event ->> 'kind' = 'other' then
    v_result.status := 'ignored';
  else
    perform pg_advisory_xact_lock(hashtextextended('calcom booking ' || v_uid, 0));
    v_lineage_id := private.join_calcom_lineages(array_remove(array[v_uid, v_before], null));
    perform from public.calcom_lineages l where l.id = v_lineage_id for update;
    perform private.record_calcom_facts(p_event || jsonb_build_object('reschedule_uid', v_before));
    v_settlement := private.settle_or_review(v_lineage_id, p_now);
    v_result.status := v_settlement.status;
    v_result.session_id := v_settlement.session_id;
    v_result.missing := v_settlement.missing;

    update public.calcom_reviews r
    set attendee_email = case when 'attendee_unknown' = any (r.missing) then coalesce(
        case when r.booking_uid = v_uid then p_event ->> 'attendee_email' end,
        r.attendee_email,
        p_event ->> 'attendee_email'
      ) end,
      organizer_email = case when 'organizer_unknown' = any (r.missing) then coalesce(
        case when r.booking_uid = v_uid then p_event ->> 'organizer_email' end,
        r.organizer_email,
        p_event ->> 'organizer_email'
      ) end
    where r.lineage_id = v_lineage_id and r.resolved_at is null
    returning r.id into v_result.review_id;
  end if;

  update public.calcom_webhook_logs l
  set status = v_result.status,
    processed = v_result.status not in ('review', 'ignored'),
    error_message = array_to_string(v_result.missing, ', ')
  where l.id = v_delivery;
  return v_result;
end
$$;
comment on function public.apply_calcom_event(jsonb, timestamptz) is
  'calcom-webhook: one delivery, in the form of functions/calcom-webhook/event.ts, and all that follows '
  'from it; a second one of the same is a duplicate. Raises only what may pass when it is sent again.';
revoke execute on function public.apply_calcom_event(jsonb, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.apply_calcom_event(jsonb, timestamptz) to service_role;

create or replace function private.calcom_fingerprint(
  p_status text, p_uid text, p_detail public.calcom_bookings, p_target private.calcom_target
)
returns text
language sql
stable
set search_path = ''
begin atomic
  select md5(row(
    p_status, p_uid, extract(epoch from (p_detail).starts_at), extract(epoch from (p_detail).ends_at),
    (p_detail).attendee_timezone, (p_detail).organizer_timezone, (p_detail).meeting_url,
    (p_detail).location, p_target
  )::text);
end;
comment on function private.calcom_fingerprint(text, text, public.calcom_bookings, private.calcom_target) is
  'Of all that private.settle_calcom_lineage carries over to a session.';
revoke execute on function private.calcom_fingerprint(text, text, public.calcom_bookings, private.calcom_target)
  from public;

create or replace function private.calcom_history(p_lineage_id uuid)
returns setof public.calcom_bookings
language sql
stable
set search_path = ''
begin atomic
  select b.*
  from public.calcom_bookings b
  where b.lineage_id = p_lineage_id
    -- what is known as another's predecessor alone has nothing to say
    and coalesce(b.detail_at, b.cancelled_at, b.rejected_at) is not null
  order by
    exists (
      select from public.calcom_bookings successor
      where successor.lineage_id = p_lineage_id
        and successor.rescheduled_from = b.uid
        and successor.uid <> b.uid
    ),
    b.rejected_at is not null or (b.cancelled_at is not null and not b.awaits_new_time),
    b.detail_at desc nulls last,
    b.uid desc;
end;
comment on function private.calcom_history(uuid) is
  'The bookings of a lineage, the one that counts first: replaced by no other, standing, newest.';
revoke execute on function private.calcom_history(uuid) from public;

create or replace function public.cleanup_old_webhook_logs(
  p_days integer default 30, p_now timestamptz default now()
)
returns bigint
language sql
volatile
set search_path = ''
begin atomic
  with deleted as (
    delete from public.calcom_webhook_logs l
    where l.created_at < p_now - make_interval(days => p_days)
    returning l.id
  )
  select count(*) from deleted;
end;
comment on function public.cleanup_old_webhook_logs(integer, timestamptz) is
  'Deletes deliveries of the Cal.com webhook that are older than so many days. How many there were.';
revoke execute on function public.cleanup_old_webhook_logs(integer, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.cleanup_old_webhook_logs(integer, timestamptz) to service_role;

create or replace function private.close_calcom_review(
  p_lineage_id uuid, p_resolution text, p_by uuid default null, p_now timestamptz default now()
)
returns void
language sql
volatile
set search_path = ''
begin atomic
  update public.calcom_reviews r
  set resolved_at = p_now, resolved_by = p_by, resolution = p_resolution,
    attendee_email = null, organizer_email = null
  where r.lineage_id = p_lineage_id and r.resolved_at is null;
end;
comment on function private.close_calcom_review(uuid, text, uuid, timestamptz) is
  'Closes the review of a lineage, if there is an open one; the addresses in it go.';
revoke execute on function private.close_calcom_review(uuid, text, uuid, timestamptz) from public;

create or replace function private.find_calcom_group(
  p_mapping_id uuid, p_user_id uuid, p_host_id uuid, p_hints jsonb[], out group_id uuid, out problem text
)
language plpgsql
stable
set search_path = ''
as $$
declare
  v_candidates uuid[];
  v_choices uuid[];
  v_is_staff boolean := p_user_id = p_host_id or exists (
    select from public.user_roles r
    where r.user_id = p_user_id and r.role in ('admin', 'coach', 'instructor')
  );
begin
  select array_agg(c.id) into v_candidates
  from (
    select g.id from public.groups g where g.calcom_mapping_id = p_mapping_id
    union
    select m.default_group_id
    from public.calcom_event_type_mappings m
    where m.id = p_mapping_id and m.default_group_id is not null
    union
    -- a module's session for a group is asked for by the link alone, and only by a member
    select membership.group_id
    from public.group_memberships membership
    where membership.user_id = p_user_id
      and membership.status = 'active'
      and exists (
        select from public.calcom_event_type_mappings m
        where m.id = p_mapping_id and m.session_target = 'module_session'
      )
      and exists (
        select from unnest(p_hints) hint
        where hint ->> 'session_type' = 'group' and hint ->> 'group_id' = membership.group_id::text
      )
  ) c;
  if v_candidates is null then
    problem := 'group_unknown';
    return;
  end if;

  select array_agg(c.id) into v_choices
  from unnest(v_candidates) as c (id)
  where v_is_staff
    or exists (
      select from public.group_memberships m
      where m.group_id = c.id and m.user_id = p_user_id and m.status = 'active'
    );
  if v_choices is null then
    problem := 'attendee_not_in_group';
    return;
  end if;

  -- several groups may share an event type: the link then has to say which
  select c.id into group_id
  from unnest(v_choices) as c (id)
  join unnest(p_hints) with ordinality as hint (ids, place) on hint.ids ->> 'group_id' = c.id::text
  order by hint.place
  limit 1;
  if group_id is null and cardinality(v_choices) = 1 then
    group_id := v_choices[1];
  elsif group_id is null then
    problem := 'group_unknown';
  end if;
end
$$;
comment on function private.find_calcom_group(uuid, uuid, uuid, jsonb[]) is
  'The group that a mapping books for, and that the booker belongs to or works with.';
revoke execute on function private.find_calcom_group(uuid, uuid, uuid, jsonb[]) from public;

create or replace function private.find_calcom_mapping(
  p_event_type_id integer, p_slug text, p_host_id uuid, p_user_id uuid
)
returns setof public.calcom_event_type_mappings
language sql
stable
set search_path = ''
as $$
  select m.*
  from (
    select m.id, 1 as tier, null::uuid as instructor_id
    from public.calcom_event_type_mappings m
    where m.calcom_event_type_id = p_event_type_id
    union all
    select m.id, 2, i.instructor_id
    from public.instructor_calcom_event_types i
    join public.calcom_event_type_mappings m on m.module_type = i.module_type
    where i.child_event_type_id = p_event_type_id
    union all
    select m.id, 3, null
    from public.calcom_event_type_mappings m
    where m.calcom_event_type_slug = p_slug
  ) found
  join public.calcom_event_type_mappings m on m.id = found.id
  order by
    -- a mapping that was switched off says no: it does not hand on to one of the same slug
    found.tier,
    m.is_active is true desc,
    found.instructor_id is not distinct from p_host_id desc,
    exists (
      select from public.client_enrollments e
      where e.client_user_id = p_user_id and e.program_id = m.default_program_id and e.status = 'active'
    ) desc,
    m.created_at,
    m.id
  limit 1;
$$;
comment on function private.find_calcom_mapping(integer, text, uuid, uuid) is
  'The mapping of an event type: by its id, else by the instructor whose child event type it is, else by '
  'slug. May be inactive.';
revoke execute on function private.find_calcom_mapping(integer, text, uuid, uuid) from public;

create or replace function private.find_calcom_pending_session(
  p_target private.calcom_target, p_hints jsonb[]
)
returns uuid
language sql
stable
set search_path = ''
begin atomic
  select pending.id
  from unnest(p_hints) with ordinality as hint (ids, place)
  join (
    select s.id
    from public.module_sessions s
    where p_target.kind <> 'peer_group'
      and s.module_id = p_target.module_id
      and s.enrollment_id is not distinct from p_target.enrollment_id
      and (s.status in ('draft', 'requested') or (s.status = 'scheduled' and s.session_date is null))
      -- a session for a group does not say of which: only that its participants are of this one
      and (
        p_target.kind = 'individual'
        or (
          s.session_type = 'group'
          and not exists (
            select from public.module_session_participants p
            where p.session_id = s.id
              and not exists (
                select from public.group_memberships m
                where m.group_id = p_target.group_id and m.user_id = p.user_id
              )
          )
          and exists (
            select from public.module_session_participants p
            where p.session_id = s.id and p.user_id = p_target.user_id
          )
        )
      )
      and not exists (select from public.calcom_lineages l where l.module_session_id = s.id)
    union all
    select s.id
    from public.group_sessions s
    where p_target.kind = 'peer_group'
      and s.group_id = p_target.group_id
      and s.status in ('requested', 'scheduled')
      and not exists (select from public.calcom_lineages l where l.group_session_id = s.id)
  ) pending on hint.ids ->> 'pending_session_id' = pending.id::text
  order by hint.place
  limit 1;
end;
comment on function private.find_calcom_pending_session(private.calcom_target, jsonb[]) is
  'The session that the link names, where it waits for a booking and belongs to the target''s own enrolment '
  'or group.';
revoke execute on function private.find_calcom_pending_session(private.calcom_target, jsonb[]) from public;

create or replace function private.find_calcom_enrolment(
  p_lineage_id uuid, p_program_id uuid, p_user_id uuid, p_hints jsonb[]
)
returns uuid
language sql
stable
set search_path = ''
begin atomic
  select e.id
  from public.client_enrollments e
  left join unnest(p_hints) with ordinality as hint (ids, place) on hint.ids ->> 'enrollment_id' = e.id::text
  left join public.calcom_lineages l on l.id = p_lineage_id
  left join public.module_sessions s on s.id = l.module_session_id and s.enrollment_id = e.id
  where e.client_user_id = p_user_id
    and e.program_id = p_program_id
    -- the one that the session is on already stays, whatever became of the enrolment
    and (e.status = 'active' or s.id is not null)
  order by
    hint.place,
    s.id is not null desc,
    e.created_at desc,
    e.id desc
  limit 1;
end;
comment on function private.find_calcom_enrolment(uuid, uuid, uuid, jsonb[]) is
  'The booker''s own enrolment in the programme: the one that the link names, else that of the session as '
  'it stands, else the newest active one.';
revoke execute on function private.find_calcom_enrolment(uuid, uuid, uuid, jsonb[]) from public;

create or replace function private.find_calcom_target(p_lineage_id uuid)
returns private.calcom_target
language plpgsql
stable
set search_path = ''
as $$
declare
  v_decided jsonb;
  v_hints jsonb[];
  v_mapping public.calcom_event_type_mappings;
  v_problem text;
  v_target private.calcom_target;
begin
  select l.decided into strict v_decided from public.calcom_lineages l where l.id = p_lineage_id;
  v_target.missing := '{}';

  select
    (array_agg(h.attendee_user_id order by h.place) filter (where h.attendee_user_id is not null))[1],
    (array_agg(h.organizer_user_id order by h.place) filter (where h.organizer_user_id is not null))[1],
    coalesce(array_agg(h.hints order by h.place) filter (where h.hints is not null), '{}')
  into v_target.user_id, v_target.host_id, v_hints
  from (
    select b.*, row_number() over () as place from private.calcom_history(p_lineage_id) b
  ) h;

  -- An operator's enrolment says whose it is.
  v_target.user_id := coalesce(
    (v_decided ->> 'user_id')::uuid,
    (
      select e.client_user_id from public.client_enrollments e
      where e.id = (v_decided ->> 'enrollment_id')::uuid
    ),
    v_target.user_id
  );
  if v_target.user_id is null then
    v_target.missing := v_target.missing || 'attendee_unknown'::text;
  end if;

  v_target.host_id := coalesce(
    (v_decided ->> 'host_id')::uuid,
    v_target.host_id,
    -- an event type of one instructor alone says who hosts
    (
      select (array_agg(distinct i.instructor_id))[1]
      from public.instructor_calcom_event_types i
      where i.child_event_type_id = (
        select h.event_type_id from private.calcom_history(p_lineage_id) h limit 1
      )
      having count(distinct i.instructor_id) = 1
    )
  );
  if v_target.host_id is null then
    v_target.missing := v_target.missing || 'organizer_unknown'::text;
  end if;

  if v_decided ? 'mapping_id' then
    select m.* into v_mapping
    from public.calcom_event_type_mappings m
    where m.id = (v_decided ->> 'mapping_id')::uuid;
  else
    select m.* into v_mapping
    from (
      select b.*, row_number() over () as place from private.calcom_history(p_lineage_id) b
    ) h
    cross join lateral private.find_calcom_mapping(
      h.event_type_id, h.event_type_slug, v_target.host_id, v_target.user_id
    ) m
    order by h.place
    limit 1;
  end if;
  if v_mapping.id is null then
    v_target.missing := v_target.missing || 'event_type_unknown'::text;
    return v_target;
  elsif v_mapping.is_active is not true then
    v_target.missing := v_target.missing || 'mapping_inactive'::text;
    return v_target;
  end if;

  v_target.group_id := (v_decided ->> 'group_id')::uuid;
  if v_target.group_id is null then
    select f.group_id, f.problem into v_target.group_id, v_problem
    from private.find_calcom_group(v_mapping.id, v_target.user_id, v_target.host_id, v_hints) f;
  end if;

  if v_mapping.session_target = 'group_session' then
    v_target.kind := 'peer_group';
    v_target.title := coalesce(
      v_mapping.calcom_event_type_name, (select g.name from public.groups g where g.id = v_target.group_id)
    );
  else
    select m.id, m.program_id, coalesce(v_mapping.calcom_event_type_name, m.title)
    into v_target.module_id, v_target.program_id, v_target.title
    from public.program_modules m
    left join unnest(v_hints) with ordinality as hint (ids, place) on m.id::text in (
      hint.ids ->> 'module_id',
      -- or of a session that is waiting on an enrolment of the booker's own
      (
        select s.module_id::text
        from public.module_sessions s
        join public.client_enrollments e on e.id = s.enrollment_id and e.client_user_id = v_target.user_id
        where s.id::text = hint.ids ->> 'pending_session_id'
      )
    )
    where case
        when v_decided ? 'module_id' then m.id = (v_decided ->> 'module_id')::uuid
        when v_mapping.default_module_id is not null then m.id = v_mapping.default_module_id
        else hint.place is not null
          and m.program_id = coalesce(v_mapping.default_program_id, m.program_id)
      end
    order by hint.place
    limit 1;
    if v_target.module_id is null then
      v_target.missing := v_target.missing || 'module_unknown'::text;
      return v_target;
    end if;

    if v_problem = 'group_unknown' and v_target.group_id is null
      and v_mapping.default_group_id is null
      and not exists (select from public.groups g where g.calcom_mapping_id = v_mapping.id)
    then
      v_target.kind := 'individual';
      v_problem := null;
      v_target.enrollment_id := coalesce(
        (
          select e.id from public.client_enrollments e
          where e.id = (v_decided ->> 'enrollment_id')::uuid and e.program_id = v_target.program_id
        ),
        private.find_calcom_enrolment(p_lineage_id, v_target.program_id, v_target.user_id, v_hints)
      );
      if v_target.enrollment_id is null and v_target.user_id is not null then
        v_problem := 'enrollment_missing';
      end if;
    else
      v_target.kind := 'group_module';
    end if;
  end if;

  if v_problem is not null and v_target.user_id is not null then
    v_target.missing := v_target.missing || v_problem;
  elsif v_problem = 'group_unknown' then
    v_target.missing := v_target.missing || v_problem;
  end if;

  if cardinality(v_target.missing) = 0 then
    v_target.pending_session_id := private.find_calcom_pending_session(v_target, v_hints);
  end if;
  return v_target;
end
$$;
comment on function private.find_calcom_target(uuid) is
  'Which session a lineage stands for, from what Cal.com said, what an operator decided, and the mapping; '
  'or what is missing.';
revoke execute on function private.find_calcom_target(uuid) from public;

create or replace function private.invite_calcom_group(p_lineage_id uuid, p_user_id uuid default null)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_lineage public.calcom_lineages;
  v_bookers uuid[];
begin
  select l.* into strict v_lineage from public.calcom_lineages l where l.id = p_lineage_id;
  -- Whoever joins or leaves waits, or is waited for: nobody is overlooked.
  perform from public.groups g where g.id = v_lineage.group_id for no key update;

  select array_agg(b.attendee_user_id) || (v_lineage.decided ->> 'user_id')::uuid into v_bookers
  from public.calcom_bookings b
  where b.lineage_id = p_lineage_id and b.accepted_at is not null;

  insert into public.group_session_participants as p (
    session_id, group_id, user_id, response_status, responded_at
  )
  select v_lineage.group_session_id, m.group_id, m.user_id,
    case when m.user_id = any (v_bookers) then 'accepted' else 'pending' end,
    case when m.user_id = any (v_bookers) then now() end
  from public.group_memberships m
  where m.group_id = v_lineage.group_id
    and m.status = 'active'
    and m.user_id = coalesce(p_user_id, m.user_id)
    and v_lineage.group_session_id is not null
  order by m.user_id
  on conflict (session_id, user_id) do update
    set response_status = excluded.response_status, responded_at = excluded.responded_at
    where p.response_status = 'pending' and excluded.response_status = 'accepted';

  insert into public.module_session_participants as p (session_id, user_id, response_status)
  select v_lineage.module_session_id, m.user_id,
    case when m.user_id = any (v_bookers) then 'accepted' else 'pending' end
  from public.group_memberships m
  where m.group_id = v_lineage.group_id
    and m.status = 'active'
    and m.user_id = coalesce(p_user_id, m.user_id)
    and v_lineage.module_session_id is not null
  order by m.user_id
  on conflict (session_id, user_id) do update
    set response_status = excluded.response_status
    where p.response_status = 'pending' and excluded.response_status = 'accepted';
end
$$;
comment on function private.invite_calcom_group(uuid, uuid) is
  'Adds the active members of a lineage''s group (or one of them) to its session, each once; who booked has '
  'accepted.';
revoke execute on function private.invite_calcom_group(uuid, uuid) from public;

create or replace function private.lock_calcom_lineages(p_alone boolean)
returns void
language plpgsql
set search_path = ''
as $$
begin
  if p_alone then
    perform pg_advisory_xact_lock(hashtextextended('calcom lineages', 0));
  else
    perform pg_advisory_xact_lock_shared(hashtextextended('calcom lineages', 0));
  end if;
end
$$;
comment on function private.lock_calcom_lineages(boolean) is
  'Holds which booking is of which lineage as it is until the transaction ends; alone: to change it.';
revoke execute on function private.lock_calcom_lineages(boolean) from public;

create or replace function public.log_calcom_refusal(p_event_type text, p_reason text, p_keys text[])
returns void
language sql
volatile
set search_path = ''
begin atomic
  insert into public.calcom_webhook_logs (event_type, payload, processed, status, error_message)
  values (
    left(coalesce(p_event_type, 'unknown'), 100),
    jsonb_build_object('keys', coalesce(to_jsonb(p_keys), '[]')),
    false,
    'refused',
    left(p_reason, 500)
  );
end;
comment on function public.log_calcom_refusal(text, text, text[]) is
  'Keeps that a signed body was refused, and why: a custom template, a form. Only the names of its keys are '
  'kept.';
revoke execute on function public.log_calcom_refusal(text, text, text[])
  from public, anon, authenticated, service_role;
grant execute on function public.log_calcom_refusal(text, text, text[]) to service_role;

create or replace function private.open_calcom_review(
  p_lineage_id uuid, p_head public.calcom_bookings, p_missing text[], p_error text default null
)
returns void
language sql
volatile
set search_path = ''
begin atomic
  insert into public.calcom_reviews as r (
    lineage_id, booking_uid, missing, error, event_type_id, starts_at
  )
  values (p_lineage_id, (p_head).uid, p_missing, p_error, (p_head).event_type_id, (p_head).starts_at)
  on conflict (lineage_id) do update
    set booking_uid = excluded.booking_uid, missing = excluded.missing, error = excluded.error,
      event_type_id = excluded.event_type_id, starts_at = excluded.starts_at,
      resolved_at = null, resolved_by = null, resolution = null;
end;
comment on function private.open_calcom_review(uuid, public.calcom_bookings, text[], text) is
  'Keeps a lineage for an operator, with what is missing.';
revoke execute on function private.open_calcom_review(uuid, public.calcom_bookings, text[], text) from public;

create or replace function private.open_calcom_session(
  p_lineage_id uuid, p_target private.calcom_target, p_status text, p_starts_at timestamptz
)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_id uuid := p_target.pending_session_id;
begin
  if v_id is null and p_target.kind = 'peer_group' then
    insert into public.group_sessions (group_id, title, session_date, status)
    values (p_target.group_id, left(p_target.title, 300), p_starts_at, p_status)
    returning id into v_id;
  elsif v_id is null then
    insert into public.module_sessions (
      module_id, program_id, enrollment_id, session_type, title, status, source, calcom_booking_uid
    )
    values (
      p_target.module_id,
      case when p_target.kind = 'group_module' then p_target.program_id end,
      p_target.enrollment_id,
      case when p_target.kind = 'group_module' then 'group' else 'individual' end,
      left(p_target.title, 300),
      -- without a date, and of no interest to anybody until all of it is written: then host, client and
      -- participants are told together
      'draft',
      'client_external',
      (select h.uid from private.calcom_history(p_lineage_id) h limit 1)
    )
    returning id into v_id;
  end if;

  update public.calcom_lineages l
  set module_session_id = case when p_target.kind <> 'peer_group' then v_id end,
    group_session_id = case when p_target.kind = 'peer_group' then v_id end,
    adopted = p_target.pending_session_id is not null,
    group_id = p_target.group_id
  where l.id = p_lineage_id;
end
$$;
comment on function private.open_calcom_session(uuid, private.calcom_target, text, timestamptz) is
  'Gives a lineage its session: the one that was waiting for the booking, else a new one, which for a '
  'module is a draft.';
revoke execute on function private.open_calcom_session(uuid, private.calcom_target, text, timestamptz)
  from public;

create or replace function private.record_calcom_facts(p_event jsonb)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_kind text := p_event ->> 'kind'; -- requested | accepted | rejected | cancelled | no_show
  v_at timestamptz := (p_event ->> 'created_at')::timestamptz;
  v_rank integer := case p_event ->> 'trigger'
    when 'BOOKING_REQUESTED' then 1 when 'BOOKING_CREATED' then 2 else 3
  end;
begin
  update public.calcom_bookings b
  set rescheduled_from = greatest(b.rescheduled_from, p_event ->> 'reschedule_uid'),
    booking_id = coalesce(p_event ->> 'booking_id', b.booking_id),
    requested_at = case when v_kind = 'requested' then greatest(b.requested_at, v_at) else b.requested_at end,
    accepted_at = case when v_kind = 'accepted' then greatest(b.accepted_at, v_at) else b.accepted_at end,
    rejected_at = case when v_kind = 'rejected' then greatest(b.rejected_at, v_at) else b.rejected_at end,
    awaits_new_time = case
      when v_kind = 'cancelled' and v_at >= coalesce(b.cancelled_at, '-infinity')
        then coalesce((p_event ->> 'request_reschedule')::boolean, false)
      else b.awaits_new_time
    end,
    cancelled_at = case when v_kind = 'cancelled' then greatest(b.cancelled_at, v_at) else b.cancelled_at end,
    no_show_at = case when v_kind = 'no_show' then greatest(b.no_show_at, v_at) else b.no_show_at end
  where b.uid = p_event ->> 'uid';

  if v_kind not in ('requested', 'accepted') then
    return;
  end if;

  update public.calcom_bookings b
  set detail_at = v_at,
    detail_rank = v_rank,
    starts_at = (p_event ->> 'starts_at')::timestamptz,
    ends_at = (p_event ->> 'ends_at')::timestamptz,
    attendee_timezone = p_event ->> 'attendee_timezone',
    organizer_timezone = p_event ->> 'organizer_timezone',
    meeting_url = p_event ->> 'meeting_url',
    location = p_event ->> 'location',
    event_type_id = (p_event ->> 'event_type_id')::integer,
    event_type_slug = p_event ->> 'event_type_slug',
    attendee_user_id = private.user_of_email(p_event ->> 'attendee_email'),
    organizer_user_id = private.user_of_email(p_event ->> 'organizer_email')
  where b.uid = p_event ->> 'uid'
    and (v_at, v_rank) >= (coalesce(b.detail_at, '-infinity'), coalesce(b.detail_rank, 0));

  update public.calcom_bookings b
  set hints = p_event -> 'hints', hinted_at = v_at
  where b.uid = p_event ->> 'uid'
    and p_event -> 'hints' <> '{}'
    and v_at >= coalesce(b.hinted_at, '-infinity');
end
$$;
comment on function private.record_calcom_facts(jsonb) is
  'Adds what an event says to what is known of its booking; an older event never takes the place of a '
  'newer.';
revoke execute on function private.record_calcom_facts(jsonb) from public;

create or replace function private.release_calcom_session(p_lineage_id uuid)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_before public.calcom_lineages;
begin
  select l.* into strict v_before from public.calcom_lineages l where l.id = p_lineage_id;
  update public.calcom_lineages l
  set module_session_id = null, group_session_id = null, adopted = false, settled = null
  where l.id = p_lineage_id;

  if v_before.adopted then
    update public.module_sessions s set status = 'cancelled'
    where s.id = v_before.module_session_id and s.status not in ('completed', 'cancelled');
    update public.group_sessions s set status = 'cancelled'
    where s.id = v_before.group_session_id and s.status not in ('completed', 'cancelled');
  else
    delete from public.module_sessions s
    where s.id = v_before.module_session_id and s.status <> 'completed';
    delete from public.group_sessions s
    where s.id = v_before.group_session_id and s.status <> 'completed';
  end if;
end
$$;
comment on function private.release_calcom_session(uuid) is
  'Parts a lineage from a session that turned out not to be its own. One that the booking made never was, '
  'and goes; one that was there before is cancelled; a completed one stays.';
revoke execute on function private.release_calcom_session(uuid) from public;

create or replace function private.resolve_calcom_booking(
  p_id uuid, p_decided jsonb, p_dismiss boolean, p_now timestamptz
)
returns public.calcom_event_result
language plpgsql
security definer -- admins may read reviews and write none: this is the one way
set search_path = ''
as $$
declare
  v_review public.calcom_reviews;
  v_known jsonb;
  v_settlement private.calcom_settlement;
  v_result public.calcom_event_result;
begin
  if auth.uid() is not null and not private.has_role(auth.uid(), 'admin') then
    v_result.code := 'forbidden';
    return v_result;
  end if;

  perform private.lock_calcom_lineages(p_alone => false);
  perform from public.calcom_lineages l
  where l.id = (select r.lineage_id from public.calcom_reviews r where r.id = p_id)
  for update;
  select r.* into v_review from public.calcom_reviews r where r.id = p_id and r.resolved_at is null;
  if not found then
    v_result.code := 'not_found';
    return v_result;
  end if;
  v_result.booking_uid := v_review.booking_uid;
  v_result.review_id := p_id;

  if p_dismiss then
    perform private.close_calcom_review(v_review.lineage_id, 'dismissed', auth.uid(), p_now);
    v_result.status := 'ignored';
    return v_result;
  end if;

  if exists (
    select from jsonb_each_text(p_decided) choice
    where not case choice.key
      when 'user_id' then exists (select from public.profiles p where p.id = choice.value::uuid)
      when 'host_id' then exists (select from public.profiles p where p.id = choice.value::uuid)
      when 'mapping_id' then exists (
        select from public.calcom_event_type_mappings m where m.id = choice.value::uuid and m.is_active
      )
      when 'module_id' then exists (select from public.program_modules m where m.id = choice.value::uuid)
      when 'group_id' then exists (select from public.groups g where g.id = choice.value::uuid)
      else exists (
        select from public.client_enrollments e
        where e.id = choice.value::uuid
          and e.client_user_id = coalesce((p_decided ->> 'user_id')::uuid, e.client_user_id)
      )
    end
  ) then
    v_result.code := 'invalid_choice';
    return v_result;
  end if;

  -- Somebody may have signed up since, under the address that Cal.com gave.
  v_known := jsonb_strip_nulls(jsonb_build_object(
    'user_id', private.user_of_email(v_review.attendee_email),
    'host_id', private.user_of_email(v_review.organizer_email)
  ));
  update public.calcom_lineages l set decided = v_known || l.decided || p_decided
  where l.id = v_review.lineage_id;

  v_settlement := private.settle_or_review(v_review.lineage_id, p_now);
  v_result.status := v_settlement.status;
  v_result.session_id := v_settlement.session_id;
  v_result.missing := v_settlement.missing;
  update public.calcom_reviews r set resolved_by = auth.uid()
  where r.id = p_id and r.resolved_at is not null;
  return v_result;
end
$$;
comment on function private.resolve_calcom_booking(uuid, jsonb, boolean, timestamptz) is
  'Finishes a booking in review with what an operator decided; see public.resolve_calcom_booking.';
revoke execute on function private.resolve_calcom_booking(uuid, jsonb, boolean, timestamptz) from public;
grant execute on function private.resolve_calcom_booking(uuid, jsonb, boolean, timestamptz)
  to authenticated, service_role;

create or replace function public.resolve_calcom_booking(
  p_id uuid,
  p_user_id uuid default null,
  p_enrollment_id uuid default null,
  p_host_id uuid default null,
  p_mapping_id uuid default null,
  p_module_id uuid default null,
  p_group_id uuid default null,
  p_dismiss boolean default false
)
returns public.calcom_event_result
language sql
volatile
set search_path = ''
begin atomic
  select private.resolve_calcom_booking(
    p_id,
    jsonb_strip_nulls(jsonb_build_object(
      'user_id', p_user_id, 'enrollment_id', p_enrollment_id, 'host_id', p_host_id,
      'mapping_id', p_mapping_id, 'module_id', p_module_id, 'group_id', p_group_id
    )),
    p_dismiss,
    now()
  );
end;
comment on function public.resolve_calcom_booking(uuid, uuid, uuid, uuid, uuid, uuid, uuid, boolean) is
  'An admin finishes a booking in review (calcom_reviews.id): says what was missing, or nothing once a '
  'mapping was switched on or somebody signed up; p_dismiss closes it. The decision holds for later '
  'reschedules of the same booking. Nothing is cancelled at Cal.com.';
revoke execute on function public.resolve_calcom_booking(uuid, uuid, uuid, uuid, uuid, uuid, uuid, boolean)
  from public, anon, authenticated, service_role;
grant execute on function public.resolve_calcom_booking(uuid, uuid, uuid, uuid, uuid, uuid, uuid, boolean)
  to authenticated, service_role;

create or replace function private.settle_calcom_lineage(p_lineage_id uuid, p_now timestamptz default now())
returns private.calcom_settlement
language plpgsql
set search_path = ''
as $$
declare
  v_lineage public.calcom_lineages;
  v_head public.calcom_bookings;
  v_detail public.calcom_bookings;
  v_target private.calcom_target;
  v_status text;
  v_session record;
  v_was_live boolean;
  v_invites boolean; -- what was accepted once is known to the group, whatever became of it
  v_result private.calcom_settlement;
begin
  select h.* into v_head from private.calcom_history(p_lineage_id) h limit 1;
  v_detail := v_head;
  if v_detail.starts_at is null then
    select h.* into v_detail from private.calcom_history(p_lineage_id) h
    where h.starts_at is not null
    limit 1;
  end if;
  if v_detail.starts_at is null then -- a cancellation of something never heard of
    v_result.status := 'ignored';
    return v_result;
  end if;
  v_status := case
    when v_head.rejected_at is not null then 'cancelled'
    when v_head.cancelled_at is not null and not v_head.awaits_new_time then 'cancelled'
    when v_head.cancelled_at is not null or v_head.accepted_at is null then 'requested'
    else 'scheduled'
  end;

  v_invites := exists (
    select from public.calcom_bookings b where b.lineage_id = p_lineage_id and b.accepted_at is not null
  );

  v_target := private.find_calcom_target(p_lineage_id);
  select l.* into strict v_lineage from public.calcom_lineages l where l.id = p_lineage_id;
  select coalesce(m.id, g.id) as id, coalesce(m.status, g.status) as status,
    coalesce(m.session_date, g.session_date) as starts_at,
    coalesce(m.calcom_booking_uid, g.calcom_booking_uid) as booking_uid,
    m.module_id, m.enrollment_id, g.group_id
  into v_session
  from (select) one
  left join public.module_sessions m on m.id = v_lineage.module_session_id
  left join public.group_sessions g on g.id = v_lineage.group_session_id;
  v_was_live := coalesce(v_session.status in ('scheduled', 'confirmed'), false);

  if cardinality(v_target.missing) > 0 and v_session.id is null then
    if v_status = 'cancelled' then -- nothing stands, and nothing is left to be done
      perform private.close_calcom_review(p_lineage_id, 'obsolete', p_now => p_now);
      v_result.status := 'ignored';
      return v_result;
    end if;
    perform private.open_calcom_review(p_lineage_id, v_detail, v_target.missing);
    v_result.status := 'review';
    v_result.missing := v_target.missing;
    return v_result;
  end if;

  v_result.session_id := v_session.id;
  v_result.status := 'unchanged';
  if v_session.id is not null
    and private.calcom_fingerprint(v_status, v_head.uid, v_detail, v_target) = v_lineage.settled
  then
    return v_result;
  end if;

  if v_session.status = 'completed' then
    if v_status = 'cancelled' or v_session.booking_uid = v_head.uid then
      return v_result;
    end if;
    -- what took place stays as it is; what is booked now is another session
    perform private.release_calcom_session(p_lineage_id);
    v_session.id := null;
    v_was_live := false;
  elsif v_session.id is not null and cardinality(v_target.missing) = 0 and (
    (v_target.pending_session_id is not null and not v_lineage.adopted)
    or (v_target.kind = 'peer_group') <> (v_lineage.group_session_id is not null)
    or v_target.group_id <> v_lineage.group_id
    or (v_target.kind <> 'peer_group' and v_target.module_id <> v_session.module_id)
    or v_target.enrollment_id is distinct from v_session.enrollment_id
  ) then
    perform private.release_calcom_session(p_lineage_id);
    v_session.id := null;
    v_was_live := false;
  end if;

  if v_session.id is null then
    perform private.open_calcom_session(p_lineage_id, v_target, v_status, v_detail.starts_at);
    select l.* into strict v_lineage from public.calcom_lineages l where l.id = p_lineage_id;
  end if;
  v_result.session_id := coalesce(v_lineage.module_session_id, v_lineage.group_session_id);

  if v_invites and v_lineage.module_session_id is not null then
    perform private.invite_calcom_group(p_lineage_id);
  end if;
  perform private.write_calcom_session(
    p_lineage_id, v_status, v_target.host_id, v_target.user_id, v_head, v_detail
  );
  if v_invites and v_lineage.group_session_id is not null then
    perform private.invite_calcom_group(p_lineage_id); -- told as they are added, once it stands
  end if;

  v_result.status := case
    when v_status = 'scheduled' and v_was_live and v_session.starts_at <> v_detail.starts_at then 'moved'
    when v_status = 'scheduled' and v_was_live then 'unchanged'
    when v_status = 'scheduled' then 'booked'
    when v_status = 'cancelled' then 'cancelled'
    when v_head.cancelled_at is not null then 'waiting'
    else 'requested'
  end;
  if v_lineage.group_session_id is not null and v_target.host_id is not null then
    if v_result.status = 'booked' then
      perform private.tell_calcom_host(v_result.session_id, v_target.host_id, 'scheduled');
    elsif v_result.status = 'moved' then
      perform private.tell_calcom_host(v_result.session_id, v_target.host_id, 'rescheduled');
    elsif v_result.status = 'cancelled' and v_was_live then
      perform private.tell_calcom_host(v_result.session_id, v_target.host_id, 'cancelled');
    end if;
  end if;

  -- found again from what stands now, so that the same facts have the same fingerprint next time
  v_target := private.find_calcom_target(p_lineage_id);
  update public.calcom_lineages l
  set settled = private.calcom_fingerprint(v_status, v_head.uid, v_detail, v_target)
  where l.id = p_lineage_id;
  perform private.close_calcom_review(p_lineage_id, 'settled', p_now => p_now);
  return v_result;
end
$$;
comment on function private.settle_calcom_lineage(uuid, timestamptz) is
  'Makes the one session of a lineage what its facts say, whatever order they came in; opens a review when '
  'something is missing. The caller holds the lineage.';
revoke execute on function private.settle_calcom_lineage(uuid, timestamptz) from public;

create or replace function private.settle_or_review(p_lineage_id uuid, p_now timestamptz)
returns private.calcom_settlement
language plpgsql
set search_path = ''
as $$
declare
  v_result private.calcom_settlement;
  v_state text;
  v_message text;
  v_head public.calcom_bookings;
begin
  return private.settle_calcom_lineage(p_lineage_id, p_now);
exception
  when others then
    get stacked diagnostics v_state = returned_sqlstate, v_message = message_text;
    -- connection, transaction (deadlock), resources, not in its state (lock timeout), intervention, system:
    -- these pass, and so the caller is to undo it all. Anything else fails again however often it is sent.
    if left(v_state, 2) in ('08', '25', '40', '53', '55', '57', '58', 'XX') then
      raise;
    end if;
    select h.* into v_head from private.calcom_history(p_lineage_id) h limit 1;
    perform private.open_calcom_review(
      p_lineage_id, v_head, array['refused'], v_state || ' ' || left(v_message, 500)
    );
    v_result.status := 'review';
    v_result.missing := array['refused'];
    return v_result;
end
$$;
comment on function private.settle_or_review(uuid, timestamptz) is
  'Settles a lineage; what the database refuses for good is undone and kept for review. Raises what may '
  'pass.';
revoke execute on function private.settle_or_review(uuid, timestamptz) from public;

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

create or replace function private.user_of_email(p_email text)
returns uuid
language sql
stable
set search_path = ''
begin atomic
  select p.id from public.profiles p where lower(p.email) = lower(btrim(p_email)) limit 1;
end;
comment on function private.user_of_email(text) is
  'Whose address it is, whatever its case; profiles.email is unique.';
revoke execute on function private.user_of_email(text) from public;

create or replace function private.write_calcom_session(
  p_lineage_id uuid, p_status text, p_host_id uuid, p_user_id uuid, p_head public.calcom_bookings,
  p_detail public.calcom_bookings
)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_lineage public.calcom_lineages;
  v_minutes integer := greatest(round(extract(epoch from p_detail.ends_at - p_detail.starts_at) / 60), 1);
begin
  select l.* into strict v_lineage from public.calcom_lineages l where l.id = p_lineage_id;

  update public.module_sessions s
  set session_date = p_detail.starts_at,
    duration_minutes = v_minutes,
    timezone = private.known_timezone(
      case when s.session_type = 'group' then p_detail.organizer_timezone else p_detail.attendee_timezone end
    ),
    meeting_url = p_detail.meeting_url,
    location = p_detail.location,
    status = p_status,
    client_response = 'accepted',
    instructor_id = coalesce(p_host_id, s.instructor_id),
    booked_by = coalesce(p_user_id, s.booked_by),
    booking_source = 'calcom',
    calcom_booking_id = p_head.booking_id,
    calcom_booking_uid = p_head.uid,
    calcom_reschedule_uid = p_head.rescheduled_from,
    calcom_event_type_id = p_detail.event_type_id,
    calcom_event_type_slug = p_detail.event_type_slug
  where s.id = v_lineage.module_session_id;

  update public.group_sessions s
  set session_date = p_detail.starts_at,
    start_time = p_detail.starts_at,
    end_time = p_detail.ends_at,
    duration_minutes = v_minutes,
    timezone = private.known_timezone(p_detail.organizer_timezone),
    meeting_link = p_detail.meeting_url,
    location = p_detail.location,
    status = p_status,
    booked_by = coalesce(p_user_id, s.booked_by),
    booking_source = 'calcom',
    calcom_booking_id = p_head.booking_id,
    calcom_booking_uid = p_head.uid,
    calcom_reschedule_uid = p_head.rescheduled_from,
    calcom_event_type_id = p_detail.event_type_id,
    calcom_event_type_slug = p_detail.event_type_slug
  where s.id = v_lineage.group_session_id;
end
$$;
comment on function private.write_calcom_session(uuid, text, uuid, uuid, public.calcom_bookings, public.calcom_bookings) is
  'Writes what a booking says over to its lineage''s session: who, when, where and how it stands.';
revoke execute on function private.write_calcom_session(uuid, text, uuid, uuid, public.calcom_bookings, public.calcom_bookings)
  from public;

-- Triggers ----------------------------------------------------------------------------------------

create or replace trigger follow_group_membership_change
  after update of status on public.group_memberships for each row
  when ((old.status = 'active') is distinct from (new.status = 'active'))
  execute function private.follow_group_membership();
create or replace trigger follow_group_membership_end
  after delete on public.group_memberships for each row
  execute function private.follow_group_membership();
create or replace trigger follow_group_membership_start
  after insert on public.group_memberships for each row
  when (new.status = 'active')
  execute function private.follow_group_membership();
create or replace trigger audit_writes
  after insert or update or delete on public.calcom_event_type_mappings
  for each row execute function private.audit_writes();
create or replace trigger update_calcom_event_type_mappings_updated_at
  before update on public.calcom_event_type_mappings
  for each row execute function public.update_updated_at_column();
create or replace trigger audit_writes
  after insert or update or delete on public.instructor_calcom_event_types
  for each row execute function private.audit_writes();
create or replace trigger update_instructor_calcom_event_types_updated_at
  before update on public.instructor_calcom_event_types
  for each row execute function public.update_updated_at_column();

-- What needs the functions above ------------------------------------------------------------------

-- Bookings that have a session already.
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
