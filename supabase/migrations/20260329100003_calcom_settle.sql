-- Makes the one session of a Cal.com lineage what its bookings say, and asks a group's members to it.
--
-- Why: see 20260329100001. private.settle_calcom_lineage derives the session from the facts, so that any
-- order of the same events ends in the same session; it is the only writer.
-- Who is told follows from the rows (20260328100001); the host of a peer group's session, whom no column
-- names, is told here.
-- Locks: none on tables beyond the trigger on group_memberships (SHARE ROW EXCLUSIVE, at once). At run time:
-- the lineage, then the group, in that order. Can be run again.

set lock_timeout = '10s';

do $$
begin
  if to_regtype('private.calcom_settlement') is null then
    create type private.calcom_settlement as (
      -- requested | booked | moved | waiting | cancelled | unchanged | ignored | review
      status text,
      session_id uuid,
      missing text[]
    );
  end if;
end
$$;
comment on type private.calcom_settlement is 'What private.settle_calcom_lineage answers.';

-- Participants --------------------------------------------------------------------------------------

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
  'Adds the active members of a lineage''s group (or one of them) to its session, each once; who booked has accepted.';

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
  'Trigger on group_memberships: who joins is asked to the group''s coming Cal.com sessions, who leaves is taken off them.';

create or replace trigger follow_group_membership_change
  after update of status on public.group_memberships for each row
  when ((old.status = 'active') is distinct from (new.status = 'active'))
  execute function private.follow_group_membership();
create or replace trigger follow_group_membership_start
  after insert on public.group_memberships for each row
  when (new.status = 'active')
  execute function private.follow_group_membership();
create or replace trigger follow_group_membership_end
  after delete on public.group_memberships for each row
  execute function private.follow_group_membership();

-- One session ---------------------------------------------------------------------------------------

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
  'Parts a lineage from a session that turned out not to be its own. One that the booking made never was, and goes; one that was there before is cancelled; a completed one stays.';

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
    values (p_target.group_id, p_target.title, p_starts_at, p_status)
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
      p_target.title,
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
  'Gives a lineage its session: the one that was waiting for the booking, else a new one, which for a module is a draft.';

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
comment on function private.write_calcom_session(
  uuid, text, uuid, uuid, public.calcom_bookings, public.calcom_bookings
) is 'Writes what a booking says over to its lineage''s session: who, when, where and how it stands.';

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

-- The lineage ---------------------------------------------------------------------------------------

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
comment on function private.calcom_fingerprint(
  text, text, public.calcom_bookings, private.calcom_target
) is 'Of all that private.settle_calcom_lineage carries over to a session.';

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
  'Makes the one session of a lineage what its facts say, whatever order they came in; opens a review when something is missing. The caller holds the lineage.';

revoke execute on function private.invite_calcom_group(uuid, uuid), private.follow_group_membership(),
  private.release_calcom_session(uuid),
  private.open_calcom_session(uuid, private.calcom_target, text, timestamptz),
  private.write_calcom_session(uuid, text, uuid, uuid, public.calcom_bookings, public.calcom_bookings),
  private.tell_calcom_host(uuid, uuid, text),
  private.close_calcom_review(uuid, text, uuid, timestamptz),
  private.open_calcom_review(uuid, public.calcom_bookings, text[], text),
  private.calcom_fingerprint(text, text, public.calcom_bookings, private.calcom_target),
  private.settle_calcom_lineage(uuid, timestamptz)
  from public, anon, authenticated;
