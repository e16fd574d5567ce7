create type public.credit_rollover_result as (
  success boolean,
  batches_rolled integer,
  credits_rolled bigint
);
comment on type public.credit_rollover_result is 'What process_credit_rollover answers.';

create type public.credit_summary as (
  plan_allowance integer, -- of the calendar month (UTC); null: no active plan
  plan_used integer,
  plan_remaining integer,
  program_total bigint,
  program_remaining bigint,
  bonus_total bigint,
  bonus_remaining bigint,
  total_available bigint,
  expiring_within_7_days bigint,
  earliest_expiry timestamptz,
  batches jsonb -- [{ id, source_type, feature_key, original_amount, remaining_amount, expires_at, description }]
);
comment on type public.credit_summary is 'What the credit summaries answer.';

create type private.backing_move as (
  batch_id uuid,
  back integer, -- what comes back that had paid a debt
  taken integer, -- what is not paid for any more; negative: paid for again
  paid integer -- what pays a debt
);
comment on type private.backing_move is 'What settle_backing moves in a batch.';
