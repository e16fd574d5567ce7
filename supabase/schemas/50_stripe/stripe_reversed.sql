create or replace function private.stripe_reversed(p_payment_id text)
returns bigint
language sql
stable
set search_path = ''
begin atomic
  select (
    greatest(
      coalesce((select sum(c.amount_refunded) from public.stripe_charges c where c.payment_id = p_payment_id), 0)
      - coalesce((
        select sum(r.amount) from public.stripe_failed_refunds r
        where r.payment_id = p_payment_id
          and r.failed_at >= (select max(c.as_of) from public.stripe_charges c where c.payment_id = p_payment_id)
      ), 0),
      0
    )
    + coalesce((
      select sum(d.amount) from public.stripe_disputes d where d.payment_id = p_payment_id and d.state <> 'won'
    ), 0)
  )::bigint;
end;
comment on function private.stripe_reversed(text) is
  'How much of a payment was refunded or is disputed, in the currency''s smallest unit; a disputed refund '
  'counts twice, so cap it.';
revoke execute on function private.stripe_reversed(text) from public;
