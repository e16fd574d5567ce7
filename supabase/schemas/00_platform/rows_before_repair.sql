create table private.rows_before_repair (
  id bigint generated always as identity primary key,
  table_name text not null,
  content jsonb not null,
  kept_at timestamptz not null default now()
);
comment on table private.rows_before_repair is
  'Rows as they were before a migration cut a text or moved a date into the limits that hold from then on. Gone '
  'after 90 days, and what names a user with the user.';

create index rows_before_repair_content_idx on private.rows_before_repair using gin (content);

alter table private.rows_before_repair enable row level security;
revoke all on table private.rows_before_repair from public, anon, authenticated, service_role;
grant select, delete on table private.rows_before_repair to service_role;
