create or replace function private.try_stripe_event(p_event jsonb, p_fetched jsonb, p_now timestamptz)
returns public.stripe_event_result
language plpgsql
set search_path = ''
as $$
begin
  return private.take_stripe_event(p_event, p_fetched, p_now);
exception
  -- The event itself is at fault, and would be each time: it is kept for a person, without an effect.
  when data_exception or integrity_constraint_violation then
    return row('unmatched', 'unknown_values', null, null)::public.stripe_event_result;
end
$$;
comment on function private.try_stripe_event(jsonb, jsonb, timestamptz) is
  'take_stripe_event, of an event that may hold what nothing can be made of.';
revoke execute on function private.try_stripe_event(jsonb, jsonb, timestamptz) from public;

create or replace function public.apply_stripe_event(
  p_event jsonb, p_fetched jsonb default null, p_now timestamptz default now(), p_livemode boolean default null
)
returns public.stripe_event_result
language plpgsql
security definer -- writes plans, schedules and credits
set search_path = ''
as $$
declare
  v_result public.stripe_event_result;
  v_id constant text := p_event ->> 'id';
  v_type constant text := p_event ->> 'type';
begin
  if v_id is null or v_type is null or private.stripe_time(p_event -> 'created') is null
    or jsonb_typeof(p_event #> '{data,object}') is distinct from 'object'
  then
    raise exception 'not an event of Stripe''s' using errcode = '22023';
  end if;

  -- What was taken in does not wait for the lock. What nobody could place gets another chance.
  if exists (select from public.stripe_events e where e.id = v_id and e.status <> 'unmatched') then
    return row('duplicate', 'received_before', null, null)::public.stripe_event_result;
  end if;
  v_result := row('ignored', 'type_not_handled', null, null)::public.stripe_event_result;
  if p_event ->> 'livemode' <> p_livemode::text then
    v_result.outcome := 'other_mode';
  elsif private.is_stripe_type_handled(v_type) then
    perform private.lock_stripe();
    if exists (select from public.stripe_events e where e.id = v_id and e.status <> 'unmatched') then
      return row('duplicate', 'received_before', null, null)::public.stripe_event_result;
    end if;
    v_result := private.try_stripe_event(p_event, p_fetched, p_now);
    if v_result.status = 'needs_fetch' then
      return v_result;
    end if;
  end if;

  insert into public.stripe_events as e (
    id, type, api_version, created, object_id, subject, payload, received_at, status, outcome
  )
  values (
    v_id, v_type, p_event ->> 'api_version', private.stripe_time(p_event -> 'created'),
    p_event #>> '{data,object,id}', private.stripe_subject(p_event), p_event, p_now, v_result.status,
    v_result.outcome
  )
  on conflict (id) do update
  set status = case
      when e.status = 'unmatched' and excluded.status = 'duplicate' then 'applied' else excluded.status
    end,
    outcome = excluded.outcome
  where e.status = 'unmatched';
  return v_result;
end
$$;
comment on function public.apply_stripe_event(jsonb, jsonb, timestamptz, boolean) is
  'Takes in a verified event: its row in the inbox and its effect are one transaction. p_fetched is what an '
  'earlier answer asked for, and counts as the newest state. p_livemode is the mode of the configured key, null where '
  'that is not known.';
revoke execute on function public.apply_stripe_event(jsonb, jsonb, timestamptz, boolean)
  from public, anon, authenticated, service_role;
grant execute on function public.apply_stripe_event(jsonb, jsonb, timestamptz, boolean) to service_role;
