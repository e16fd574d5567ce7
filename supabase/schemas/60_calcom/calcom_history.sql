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
