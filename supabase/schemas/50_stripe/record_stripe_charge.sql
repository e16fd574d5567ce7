create or replace function private.record_stripe_charge(p_event jsonb)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_object constant jsonb := p_event #> '{data,object}';
  v_refunded constant bigint := coalesce((v_object ->> 'amount_refunded')::bigint, 0);
  v_known bigint;
begin
  select c.amount_refunded into v_known from public.stripe_charges c where c.id = v_object ->> 'id';
  insert into public.stripe_charges as c (id, payment_id, amount, amount_refunded)
  values (
    v_object ->> 'id', private.stripe_subject(p_event), (v_object ->> 'amount')::bigint, v_refunded
  )
  on conflict (id) do update set amount_refunded = greatest(c.amount_refunded, excluded.amount_refunded);
  if private.stripe_id(v_object -> 'invoice') is not null then -- before basil
    insert into public.stripe_payments (id, invoice_id)
    values (private.stripe_subject(p_event), private.stripe_id(v_object -> 'invoice'))
    on conflict (id) do update set invoice_id = excluded.invoice_id;
  end if;
  return case
    when v_known = v_refunded then 'duplicate'
    when v_known > v_refunded then 'stale'
    else 'applied'
  end;
end
$$;
comment on function private.record_stripe_charge(jsonb) is
  'Keeps how much of a charge was refunded: the figure is cumulative, so the largest is the newest.';
revoke execute on function private.record_stripe_charge(jsonb) from public;
