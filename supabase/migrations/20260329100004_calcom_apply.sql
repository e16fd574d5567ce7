-- apply_calcom_event: a delivery and its effect in one call. resolve_calcom_booking: an operator's part.
--
-- Why: a failure was answered 200 and cancelled the real booking at Cal.com. Here a transient one undoes
-- everything and is the caller's 500; a lasting one leaves the facts, with a review that says why.
-- Locks at run time, always in this order: lineages as a whole (shared; alone only for an event that can
-- join two), the booking uid, the lineage. Can be run again.

set lock_timeout = '10s';

do $$
begin
  perform private.drop_public_functions('apply_calcom_event', 'resolve_calcom_booking');

  if to_regtype('public.calcom_event_result') is null then
    create type public.calcom_event_result as (
      -- requested | booked | moved | waiting | cancelled | unchanged | duplicate | ignored | review
      status text,
      -- of resolve_calcom_booking: null | not_found | forbidden | invalid_choice
      code text,
      booking_uid text,
      session_id uuid,
      review_id uuid,
      missing text[]
    );
  end if;
end
$$;
comment on type public.calcom_event_result is 'What apply_calcom_event and resolve_calcom_booking answer.';

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
  'The lineage of these bookings, made or joined as needed. The caller holds all lineages alone when there are several uids.';

create or replace function private.user_of_email(p_email text)
returns uuid
language sql
stable
set search_path = ''
begin atomic
  select p.id from public.profiles p where lower(p.email) = lower(btrim(p_email)) limit 1;
end;
comment on function private.user_of_email(text) is 'Whose address it is, whatever its case; profiles.email is unique.';

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
  'Adds what an event says to what is known of its booking; an older event never takes the place of a newer.';

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
  'Settles a lineage; what the database refuses for good is undone and kept for review. Raises what may pass.';

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
  'calcom-webhook: one delivery, in the form of functions/calcom-webhook/event.ts, and all that follows from it; a second one of the same is a duplicate. Raises only what may pass when it is sent again.';

-- The operator's part -------------------------------------------------------------------------------

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
  if auth.uid() is not null and not public.has_role(auth.uid(), 'admin') then
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

create or replace function public.resolve_calcom_booking(
  p_id uuid,
  p_user_id uuid default null,
  p_enrollment_id uuid default null,
  p_host_id uuid default null,
  p_mapping_id uuid default null,
  p_module_id uuid default null,
  p_group_id uuid default null,
  p_dismiss boolean default false,
  p_now timestamptz default now()
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
    p_now
  );
end;
comment on function public.resolve_calcom_booking(
  uuid, uuid, uuid, uuid, uuid, uuid, uuid, boolean, timestamptz
) is
  'An admin finishes a booking in review (calcom_reviews.id): says what was missing, or nothing once a mapping was switched on or somebody signed up; p_dismiss closes it. The decision holds for later reschedules of the same booking. Nothing is cancelled at Cal.com.';

revoke execute on function private.lock_calcom_lineages(boolean), private.join_calcom_lineages(text[]),
  private.user_of_email(text), private.record_calcom_facts(jsonb),
  private.settle_or_review(uuid, timestamptz),
  private.resolve_calcom_booking(uuid, jsonb, boolean, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function private.resolve_calcom_booking(uuid, jsonb, boolean, timestamptz)
  to authenticated, service_role;

revoke execute on function public.apply_calcom_event(jsonb, timestamptz) from public, anon, authenticated;
grant execute on function public.apply_calcom_event(jsonb, timestamptz) to service_role;
revoke execute on function public.resolve_calcom_booking(
  uuid, uuid, uuid, uuid, uuid, uuid, uuid, boolean, timestamptz
) from public, anon;
grant execute on function public.resolve_calcom_booking(
  uuid, uuid, uuid, uuid, uuid, uuid, uuid, boolean, timestamptz
) to authenticated, service_role;
