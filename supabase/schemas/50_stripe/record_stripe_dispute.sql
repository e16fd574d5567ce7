create or replace function private.record_stripe_dispute(p_event jsonb)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_object constant jsonb := p_event #> '{data,object}';
  v_created constant timestamptz := private.stripe_time(p_event -> 'created');
  v_state constant text := case
    when p_event ->> 'type' = 'charge.dispute.funds_reinstated' then 'won'
    when v_object ->> 'status' = 'lost' then 'lost'
    -- an inquiry that led to nothing, and a dispute that was kept from being one, too
    when v_object ->> 'status' in ('won', 'warning_closed', 'prevented') then 'won'
    when p_event ->> 'type' = 'charge.dispute.closed' then 'won'
    else 'open'
  end;
  v_states constant text[] := array['open', 'lost', 'won']; -- what follows what within a second
  v_known public.stripe_disputes;
  v_is_newer boolean;
begin
  select * into v_known from public.stripe_disputes where id = v_object ->> 'id';
  v_is_newer := v_known.id is null
    or (v_created, array_position(v_states, v_state)) > (v_known.as_of, array_position(v_states, v_known.state));
  insert into public.stripe_disputes as d (id, payment_id, amount, state, as_of)
  values (
    v_object ->> 'id', private.stripe_subject(p_event), coalesce(private.stripe_amount(v_object -> 'amount'), 0),
    v_state, v_created
  )
  on conflict (id) do update
  set amount = greatest(d.amount, excluded.amount),
    state = case when v_is_newer then excluded.state else d.state end,
    as_of = greatest(d.as_of, excluded.as_of);
  return case
    when v_known.state = v_state then 'duplicate'
    when v_is_newer then 'applied'
    else 'stale'
  end;
end
$$;
comment on function private.record_stripe_dispute(jsonb) is
  'Keeps the newest state of a dispute: open, lost, won. Within a second the later of these counts.';
revoke execute on function private.record_stripe_dispute(jsonb) from public;
