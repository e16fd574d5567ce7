create table private.calendar_epoch (
  is_only boolean primary key default true check (is_only),
  epoch bigint not null default 0
);

comment on table private.calendar_epoch is 'One row: raising the epoch makes every summary void.';

alter table private.calendar_epoch enable row level security;
revoke all on table private.calendar_epoch from public, anon, authenticated, service_role;
grant select on table private.calendar_epoch to service_role;
