create or replace function private.settle_purchase_reversals(
  p_batch_id uuid, p_payment_id text, p_amount bigint, p_now timestamptz
)
returns void
language plpgsql
set search_path = ''
as $$
begin
  perform private.reverse_credits(b.id, r.credits, r.credits, 'stripe:' || p_payment_id, p_now)
  from public.credit_batches b
  cross join lateral (
    select round(b.original_amount * least(
      private.stripe_reversed(p_payment_id)::numeric / nullif(p_amount, 0), 1
    ))::integer as credits
  ) r
  where b.id = p_batch_id and r.credits is not null and p_payment_id is not null;
  if found then
    perform private.settle_stripe_events(array[p_payment_id]);
  end if;
end
$$;
comment on function private.settle_purchase_reversals(uuid, text, bigint, timestamptz) is
  'Reverses the credits of a purchase in proportion to what of its payment was refunded or is disputed.';
revoke execute on function private.settle_purchase_reversals(uuid, text, bigint, timestamptz) from public;
