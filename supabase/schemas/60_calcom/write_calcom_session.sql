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
