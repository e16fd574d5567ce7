create or replace function private.record_stripe_charge(p_event jsonb)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_object constant jsonb := p_event #> '{data,object}';
  v_refunded constant bigint := coalesce(private.stripe_amount(v_object -> 'amount_refunded'), 0);
  v_created constant timestamptz := private.stripe_time(p_event -> 'created');
  v_known public.stripe_charges;
begin
  select * into v_known from public.stripe_charges where id = v_object ->> 'id';
  insert into public.stripe_charges as c (id, payment_id, amount, amount_refunded, as_of)
  values (
    v_object ->> 'id', private.stripe_subject(p_event), coalesce(private.stripe_amount(v_object -> 'amount'), 0),
    v_refunded, v_created
  )
  on conflict (id) do update set amount_refunded = excluded.amount_refunded, as_of = excluded.as_of
  where (excluded.as_of, excluded.amount_refunded) > (c.as_of, c.amount_refunded);
  if private.stripe_id(v_object -> 'invoice') is not null then -- before basil
    insert into public.stripe_payments (id, invoice_id)
    values (private.stripe_subject(p_event), private.stripe_id(v_object -> 'invoice'))
    on conflict (id) do update set invoice_id = excluded.invoice_id;
  end if;
  return case
    when v_known.amount_refunded = v_refunded then 'duplicate'
    when (v_known.as_of, v_known.amount_refunded) > (v_created, v_refunded) then 'stale'
    else 'applied'
  end;
end
$$;
comment on function private.record_stripe_charge(jsonb) is
  'Keeps how much of a charge was refunded: the newest word counts, and within a second the largest, for the '
  'figure is cumulative.';
revoke execute on function private.record_stripe_charge(jsonb) from public;
