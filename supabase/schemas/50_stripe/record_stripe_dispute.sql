create or replace function private.record_stripe_dispute(p_event jsonb)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_object constant jsonb := p_event #> '{data,object}';
  v_state constant text := case
    when p_event ->> 'type' <> 'charge.dispute.closed' then 'open'
    when v_object ->> 'status' = 'lost' then 'lost'
    else 'won' -- warning_closed, too: the inquiry led to nothing
  end;
  v_known text;
begin
  select d.state into v_known from public.stripe_disputes d where d.id = v_object ->> 'id';
  insert into public.stripe_disputes as d (id, payment_id, amount, state)
  values (
    v_object ->> 'id', private.stripe_subject(p_event), (v_object ->> 'amount')::bigint, v_state
  )
  on conflict (id) do update
  set state = case when d.state = 'open' then excluded.state else d.state end,
    amount = greatest(d.amount, excluded.amount);
  return case
    when v_known is null or (v_known = 'open' and v_state <> 'open') then 'applied'
    when v_known = v_state then 'duplicate'
    else 'stale'
  end;
end
$$;
comment on function private.record_stripe_dispute(jsonb) is
  'Keeps the state of a dispute: open, then won or lost, which is final.';
revoke execute on function private.record_stripe_dispute(jsonb) from public;
