create or replace function private.health_of_stripe_inbox(p_now timestamptz)
returns private.operations_check
language sql
stable
set search_path = ''
-- Not begin atomic: the view is dropped and made anew where its migration runs again.
as $$
  with waiting as (
    select a.kind, a.since, a.kind = 'unmatched_event' and a.since < p_now - interval '24 hours' as is_stuck
    from public.stripe_attention a
  )
  select
    null,
    case when bool_or(w.is_stuck) then 'red' when count(*) > 0 then 'amber' else 'green' end,
    count(*), min(w.kind), min(w.since),
    case
      when count(*) = 0 then 'Nothing waits.'
      else count(*) || ' wait for a person in stripe_attention, '
        || count(*) filter (where w.is_stuck) || ' of them events without effect for more than a day.'
    end
  from waiting w;
$$;
comment on function private.health_of_stripe_inbox(timestamptz) is
  'What waits in stripe_attention. Red: an event of Stripe''s has had no effect for more than a day.';
revoke execute on function private.health_of_stripe_inbox(timestamptz) from public;
