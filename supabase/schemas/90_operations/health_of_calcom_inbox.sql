create or replace function private.health_of_calcom_inbox(p_now timestamptz)
returns private.operations_check
language sql
stable
set search_path = ''
begin atomic
  with waiting as (
    select count(*) as reviews, min(r.created_at) as since, r.missing[1] as missing,
      bool_or(r.starts_at < p_now + interval '24 hours') as is_near
    from public.calcom_reviews r
    where r.resolved_at is null
    group by r.missing[1]
  ),
  refused as (
    select count(*) as deliveries, min(l.created_at) as since
    from public.calcom_webhook_logs l
    where l.created_at > p_now - interval '24 hours' and l.status = 'refused'
  )
  select
    null,
    case
      when bool_or(w.is_near) then 'red'
      when coalesce(sum(w.reviews), 0) + min(r.deliveries) > 0 then 'amber'
      else 'green'
    end,
    (coalesce(sum(w.reviews), 0) + min(r.deliveries))::bigint,
    coalesce(min(w.missing), case when min(r.deliveries) > 0 then 'refused' end),
    least(min(w.since), min(r.since)),
    case
      when coalesce(sum(w.reviews), 0) + min(r.deliveries) = 0 then 'Nothing waits.'
      else coalesce(sum(w.reviews), 0) || ' bookings wait in calcom_reviews, '
        || min(r.deliveries) || ' deliveries were refused in a day.'
    end
  from refused r
  left join waiting w on true;
end;
comment on function private.health_of_calcom_inbox(timestamptz) is
  'Bookings that wait in calcom_reviews and deliveries that were refused. Red: one of the bookings begins '
  'within a day, or has.';
revoke execute on function private.health_of_calcom_inbox(timestamptz) from public;
