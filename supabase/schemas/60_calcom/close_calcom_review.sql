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
