create or replace function private.write_stripe_subscription(
  p_subscription jsonb, p_as_of timestamptz, p_rank integer, p_event_id text
)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_id constant text := p_subscription ->> 'id';
  v_new public.stripe_subscriptions;
begin
  v_new := jsonb_populate_record(
    null::public.stripe_subscriptions, private.stripe_subscription_state(p_subscription)
  );
  insert into public.stripe_subscriptions (id) values (v_id) on conflict (id) do nothing;
  update public.stripe_subscriptions
  set customer_id = v_new.customer_id, metadata = v_new.metadata, status = v_new.status,
    price_ids = v_new.price_ids, created_at = v_new.created_at, period_start = v_new.period_start,
    period_end = v_new.period_end, canceled_at = v_new.canceled_at, ended_at = v_new.ended_at,
    trial_end = v_new.trial_end,
    was_live = was_live or coalesce(v_new.status in ('active', 'trialing', 'past_due'), false),
    as_of = p_as_of, as_of_rank = p_rank, as_of_event = p_event_id
  where id = v_id;
  perform private.keep_stripe_prices(p_subscription, p_as_of, p_rank);
end
$$;
comment on function private.write_stripe_subscription(jsonb, timestamptz, integer, text) is
  'Makes this the newest state known of a subscription.';
revoke execute on function private.write_stripe_subscription(jsonb, timestamptz, integer, text) from public;
