create or replace function public.replay_stripe_event(p_id text, p_now timestamptz default now())
returns public.stripe_event_result
language plpgsql
security definer -- as apply_stripe_event
set search_path = ''
as $$
declare
  v_event public.stripe_events;
  v_result public.stripe_event_result;
begin
  perform private.lock_stripe();
  select * into v_event from public.stripe_events where id = p_id;
  if v_event.id is null then
    return row('refused', 'unknown_event', null, null)::public.stripe_event_result;
  elsif v_event.payload is null then
    return row('refused', 'payload_deleted', null, null)::public.stripe_event_result;
  elsif v_event.outcome in ('other_mode', 'other_account') then
    return row('ignored', v_event.outcome, null, null)::public.stripe_event_result;
  elsif not private.is_stripe_type_handled(v_event.type) then
    return row('ignored', 'type_not_handled', null, null)::public.stripe_event_result;
  end if;

  v_result := private.try_stripe_event(v_event.payload, null, p_now);
  if v_result.status = 'needs_fetch' then
    return row('refused', v_result.outcome, v_result.fetch_type, v_result.fetch_id)::public.stripe_event_result;
  end if;
  if v_event.status in ('unmatched', 'ignored', 'dismissed') and v_result.status = 'duplicate' then
    v_result.status := 'applied'; -- the facts are not new, what they lead to is
  end if;
  update public.stripe_events set status = v_result.status, outcome = v_result.outcome
  where id = p_id and status in ('unmatched', 'ignored', 'dismissed');
  return v_result;
end
$$;
comment on function public.replay_stripe_event(text, timestamptz) is
  'Applies a kept event again, for an operator who has added what was missing: a price, a user. What had '
  'its effect has it no second time. refused: there is no such event, or its payload is deleted.';
revoke execute on function public.replay_stripe_event(text, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.replay_stripe_event(text, timestamptz) to service_role;
