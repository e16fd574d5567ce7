create table private.calendar_changes (
  user_id uuid not null, -- no foreign key: a change must not fail because its user is being deleted
  id bigint generated always as identity,
  primary key (user_id, id)
);

comment on table private.calendar_changes is
  'Users whose feed may have changed since their summary was made. Deleted by the reader that makes it '
  'anew.';

alter table private.calendar_changes enable row level security;
revoke all on table private.calendar_changes from public, anon, authenticated, service_role;
grant select, delete on table private.calendar_changes to service_role;
