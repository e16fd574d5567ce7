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
