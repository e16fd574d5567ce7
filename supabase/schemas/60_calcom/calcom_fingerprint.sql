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
