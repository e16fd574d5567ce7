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
