create or replace function public.send_credit_expiry_notices(p_now timestamptz default now())
returns integer
language plpgsql
security definer -- private.tell_each is nobody's to call
set search_path = ''
set timezone = 'UTC' -- a day lapses at the same time for everybody
as $$
declare
  v_told integer;
begin
  with lapsing as (
    -- by the day, so that what lapses on one day is told of together
    select b.owner_type, b.owner_id, b.expires_at::date as lapses_on, sum(b.remaining_amount) as credits,
      case
        when b.expires_at::date <= p_now::date + 1 then 1
        when b.expires_at::date <= p_now::date + 7 then 7
        else 30
      end as days
    from public.credit_batches b
    where not b.is_expired
      and b.remaining_amount > 0
      and b.source_type <> 'plan' -- never spent, and renewed each month
      and b.expires_at > p_now
      and b.expires_at < p_now::date + 31
    group by b.owner_type, b.owner_id, lapses_on, days
  )
  select coalesce(sum(private.tell_each(
    people.ids,
    'credits_expiring',
    format(case when l.credits = 1 then '%s credit lapses on %s' else '%s credits lapse on %s' end, l.credits,
      to_char(l.lapses_on, 'FMDD FMMonth YYYY')),
    null,
    '/credits',
    jsonb_build_object('credits', l.credits, 'lapses_on', l.lapses_on, 'days', l.days),
    'credits-lapse:' || l.owner_id || ':' || l.lapses_on || ':' || l.days
  )), 0) into v_told
  from lapsing l
  join lateral private.people_of_credits(l.owner_type, l.owner_id) as people (ids) on people.ids is not null;
  return v_told;
end
$$;
comment on function public.send_credit_expiry_notices(timestamptz) is
  'Tells owners, and who manages an organisation''s credits, of credits that lapse within 30, 7 and 1 days: '
  'once for each of these and each day of lapsing. How many notifications were made.';
revoke execute on function public.send_credit_expiry_notices(timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.send_credit_expiry_notices(timestamptz) to service_role;
