create or replace function private.stripe_subscription_state(p_subscription jsonb)
returns jsonb
language sql
immutable
set search_path = ''
begin atomic
  select jsonb_build_object(
    'customer_id', private.stripe_id(p_subscription -> 'customer'),
    'metadata', coalesce(nullif(p_subscription -> 'metadata', 'null'), '{}'),
    'status', p_subscription ->> 'status',
    'price_ids', to_jsonb(private.stripe_price_ids(p_subscription)),
    'created_at', private.stripe_time(p_subscription -> 'created'),
    'period_start', private.stripe_period_start(p_subscription),
    'period_end', private.stripe_period_end(p_subscription),
    'canceled_at', private.stripe_time(p_subscription -> 'canceled_at'),
    'ended_at', private.stripe_time(p_subscription -> 'ended_at'),
    'trial_end', private.stripe_time(p_subscription -> 'trial_end')
  );
end;
comment on function private.stripe_subscription_state(jsonb) is
  'What is kept of a subscription: the columns of stripe_subscriptions.';
revoke execute on function private.stripe_subscription_state(jsonb) from public;
