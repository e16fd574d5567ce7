create or replace function private.record_stripe_invoice(p_event jsonb)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_object constant jsonb := p_event #> '{data,object}';
  v_subscription_id constant text := private.stripe_invoice_subscription(v_object);
  v_created constant timestamptz := private.stripe_time(p_event -> 'created');
  v_attempts constant integer := least(coalesce(private.stripe_amount(v_object -> 'attempt_count'), 0), 1000000);
  v_next constant timestamptz := private.stripe_time(v_object -> 'next_payment_attempt');
  v_status constant text := coalesce(v_object ->> 'status', 'open');
  v_failed_at constant timestamptz := case p_event ->> 'type' when 'invoice.payment_failed' then v_created end;
  v_paid constant bigint := coalesce(private.stripe_amount(v_object -> 'amount_paid'), 0);
  v_total constant bigint := coalesce(private.stripe_amount(v_object -> 'total'), v_paid);
  v_known public.stripe_invoices;
  v_new public.stripe_invoices;
begin
  insert into public.stripe_subscriptions (id, customer_id)
  values (v_subscription_id, private.stripe_id(v_object -> 'customer'))
  on conflict (id) do nothing;
  insert into public.stripe_payments (id, invoice_id)
  select p.id, v_object ->> 'id'
  from private.stripe_invoice_payments(v_object) p (id)
  where p.id is not null
  on conflict (id) do update set invoice_id = excluded.invoice_id;

  select * into v_known from public.stripe_invoices where id = v_object ->> 'id';
  if not found then
    insert into public.stripe_invoices (
      id, subscription_id, status, billing_reason, currency, amount_paid, total, net, subtotal, regular,
      attempt_count, next_payment_attempt, metadata, created_at, paid_at, failed_at, as_of, as_of_event
    )
    values (
      v_object ->> 'id', v_subscription_id, v_status, v_object ->> 'billing_reason', v_object ->> 'currency',
      v_paid, v_total, v_total - private.stripe_invoice_tax(v_object),
      coalesce(private.stripe_amount(v_object -> 'subtotal'), v_total), private.stripe_invoice_regular(v_object),
      v_attempts, v_next, private.stripe_invoice_metadata(v_object),
      coalesce(private.stripe_time(v_object -> 'created'), v_created),
      case v_status when 'paid' then coalesce(
        private.stripe_time(v_object #> '{status_transitions,paid_at}'), v_created
      ) end,
      v_failed_at, v_created, p_event ->> 'id'
    );
    return 'applied';
  end if;

  v_new := v_known;
  -- paid and void are final, and a paid one cannot be made void; what was written off may still be paid
  if v_status = 'paid' or (v_status = 'void' and v_known.status <> 'paid')
    or (v_status = 'uncollectible' and v_known.status not in ('paid', 'void'))
  then
    v_new.status := v_status;
    v_new.amount_paid := greatest(v_known.amount_paid, v_paid);
    v_new.total := v_total;
    v_new.net := v_total - private.stripe_invoice_tax(v_object);
    v_new.subtotal := coalesce(private.stripe_amount(v_object -> 'subtotal'), v_total);
    v_new.regular := private.stripe_invoice_regular(v_object);
    v_new.paid_at := case v_status when 'paid' then least(v_known.paid_at, coalesce(
      private.stripe_time(v_object #> '{status_transitions,paid_at}'), v_created
    )) end;
  end if;
  -- the last attempt is the one with the highest number; without a next one it was the last of all
  if v_failed_at is not null and (
    v_known.failed_at is null
    or (v_attempts, v_failed_at, v_next is null)
      > (v_known.attempt_count, v_known.failed_at, v_known.next_payment_attempt is null)
  ) then
    v_new.attempt_count := v_attempts;
    v_new.next_payment_attempt := v_next;
    v_new.failed_at := v_failed_at;
    if v_new.status not in ('paid', 'void', 'uncollectible') then
      v_new.status := v_status;
    end if;
  end if;
  if (v_created, p_event ->> 'id') > (v_known.as_of, v_known.as_of_event) then
    v_new.metadata := private.stripe_invoice_metadata(v_object);
    v_new.as_of := v_created;
    v_new.as_of_event := p_event ->> 'id';
  end if;
  update public.stripe_invoices
  set status = v_new.status, amount_paid = v_new.amount_paid, total = v_new.total, net = v_new.net,
    subtotal = v_new.subtotal, regular = v_new.regular, paid_at = v_new.paid_at,
    attempt_count = v_new.attempt_count, next_payment_attempt = v_new.next_payment_attempt,
    failed_at = v_new.failed_at, metadata = v_new.metadata, as_of = v_new.as_of,
    as_of_event = v_new.as_of_event
  where id = v_known.id;
  return case
    when v_known.status in ('paid', 'void') and v_status not in ('paid', 'void') then 'stale'
    when (v_new.status, v_new.amount_paid, v_new.attempt_count, v_new.next_payment_attempt)
      is not distinct from
      (v_known.status, v_known.amount_paid, v_known.attempt_count, v_known.next_payment_attempt) then 'duplicate'
    else 'applied'
  end;
end
$$;
comment on function private.record_stripe_invoice(jsonb) is
  'Keeps what an event says of an invoice of a subscription: paid and void are final, written off it stays until '
  'then, of failed attempts the last counts.';
revoke execute on function private.record_stripe_invoice(jsonb) from public;
