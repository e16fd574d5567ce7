create table private.user_columns (
  table_name text not null,
  column_name text not null,
  on_delete text not null check (on_delete in ('delete', 'clear', 'reassign', 'keep')),
  reason text,
  primary key (table_name, column_name)
);

comment on table private.user_columns is
  'Columns that name a user without a foreign key, and what a deletion does to their rows: delete, clear '
  '(null), reassign (to the admin who deletes), keep. A new such column needs a row here.';

alter table private.user_columns enable row level security;
revoke all on table private.user_columns from public, anon, authenticated, service_role;
