create type private.calendar_part as (
  selector text, -- coaching | group | cohort | hosting, as ?only= has them
  events bigint,
  hash_0 bigint, -- of every column of every event, whatever their order
  hash_1 bigint,
  modified_at timestamptz
);
comment on type private.calendar_part is 'What the events of a feed under one selector amount to.';
