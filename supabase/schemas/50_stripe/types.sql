create type public.stripe_event_result as (
  status text, -- applied | duplicate | stale | ignored | unmatched | needs_fetch | refused | dismissed
  outcome text,
  fetch_type text, -- subscription | invoice_payments
  fetch_id text
);
comment on type public.stripe_event_result is
  'What became of an event. needs_fetch: nothing, until the caller gets the named object from Stripe and '
  'calls again.';
