create table private.operations_audits (
  name text primary key,
  checked_at timestamptz not null,
  violations bigint,
  first_violation text,
  error text,
  check ((violations is null) = (error is not null))
);

comment on table private.operations_audits is
  'The last run of each audit: how much it found wrong, or why it could not look.';
comment on column private.operations_audits.first_violation is
  'One of them: what is wrong, and the id it is about.';
comment on column private.operations_audits.error is 'SQLSTATE of what stopped it.';

alter table private.operations_audits enable row level security;
revoke all on table private.operations_audits from public, anon, authenticated, service_role;
