create type private.operations_check as (
  check_name text,
  status text, -- green | amber: somebody should look | red: something does not work
  number bigint, -- how many are wrong; of migrations, how many are applied
  subject text, -- which: a job, a setting, a version; the first of them
  since timestamptz, -- of the oldest; of a green check, when it was last seen to work
  detail text
);
comment on type private.operations_check is 'A row of operations_health.';
