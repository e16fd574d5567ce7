create or replace function private.settle_purchase_reversals(
  p_batch_id uuid, p_payment_id text, p_amount bigint, p_now timestamptz
)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_reversed constant bigint := private.stripe_reversed(p_payment_id);
begin
  if exists (select from public.stripe_charges c where c.payment_id = p_payment_id)
    or exists (select from public.stripe_disputes d where d.payment_id = p_payment_id)
  then
    perform private.reverse_credits(
      b.id,
      round(b.original_amount * least(v_reversed::numeric / nullif(p_amount, 0), 1))::integer,
      'stripe:' || p_payment_id, p_now
    )
    from public.credit_batches b where b.id = p_batch_id;
    perform private.settle_stripe_events(array[p_payment_id]);
  end if;
end
$$;
comment on function private.settle_purchase_reversals(uuid, text, bigint, timestamptz) is
  'Reverses the credits of a purchase in proportion to what of its payment was refunded or is disputed.';
revoke execute on function private.settle_purchase_reversals(uuid, text, bigint, timestamptz) from public;
