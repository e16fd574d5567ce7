create type private.calcom_settlement as (
  -- requested | booked | moved | waiting | cancelled | unchanged | ignored | review
  status text,
  session_id uuid,
  missing text[]
);
comment on type private.calcom_settlement is 'What private.settle_calcom_lineage answers.';

create type private.calcom_target as (
  missing text[], -- what is missing, as calcom_reviews.missing; empty: all is known
  kind text, -- individual | group_module | peer_group
  program_id uuid,
  module_id uuid,
  enrollment_id uuid,
  group_id uuid,
  user_id uuid, -- who booked
  host_id uuid,
  title text,
  pending_session_id uuid -- a session that waits for a booking and is this target's own
);
comment on type private.calcom_target is 'What private.find_calcom_target answers.';

create type public.calcom_event_result as (
  -- requested | booked | moved | waiting | cancelled | unchanged | duplicate | ignored | review
  status text,
  -- of resolve_calcom_booking: null | not_found | forbidden | invalid_choice
  code text,
  booking_uid text,
  session_id uuid,
  review_id uuid,
  missing text[]
);
comment on type public.calcom_event_result is 'What apply_calcom_event and resolve_calcom_booking answer.';
