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
