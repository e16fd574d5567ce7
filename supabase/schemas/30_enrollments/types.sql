create type public.capacity_result as (
  has_capacity boolean,
  capacity integer, -- null: no limit
  enrolled_count integer,
  available_spots integer,
  waitlist_count integer,
  error text
);
comment on type public.capacity_result is 'What the capacity checks answer.';

create type public.credit_spend_result as (
  success boolean,
  code text, -- null | invalid_amount | insufficient_credits | not_allowed | reserved_action | idempotency_conflict
  error text,
  spend_id uuid,
  requested integer,
  consumed integer,
  from_plan integer,
  from_program integer,
  from_bonus integer,
  remaining_needed integer,
  details jsonb -- [{ source: plan | program | bonus, batch_id, amount }]
);
comment on type public.credit_spend_result is 'What consume_credits_fifo answers.';

create type public.enrollment_price as (
  code text, -- null | unknown_program | unknown_tier | no_price | not_for_credits | invalid_code
  original_credit_cost integer,
  discount_percent numeric,
  final_credit_cost integer,
  discount_code_id uuid,
  enrollment_code_id uuid,
  partner_code_id uuid
);
comment on type public.enrollment_price is 'What an enrolment costs; code says why it has no price.';

create type public.enrollment_result as (
  success boolean,
  code text, -- null | not_allowed | unknown_program | unknown_tier | unknown_cohort | no_price
             -- | not_for_credits | invalid_code | price_mismatch | already_enrolled | program_full | cohort_full
             -- | insufficient_credits | too_many_codes
  error text,
  enrollment_id uuid,
  original_credit_cost integer,
  final_credit_cost integer,
  spend_id uuid,
  credit_details jsonb -- the credit_spend_result
);
comment on type public.enrollment_result is 'What enroll_with_credits answers.';

create type public.progress_status as enum ('not_started', 'in_progress', 'completed');
