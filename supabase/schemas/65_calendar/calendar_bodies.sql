create table private.calendar_bodies (
  user_id uuid not null references private.calendar_summaries (user_id) on delete cascade,
  variant text not null check (variant ~ '^[A-Za-z0-9+-]{1,64}$'),
  fingerprint text not null,
  body text not null,
  kept_at timestamptz not null default now(),
  primary key (user_id, variant)
);
-- It is compressed already.
alter table private.calendar_bodies alter column body set storage external;

comment on table private.calendar_bodies is
  'Rendered calendars, at most four a user and none for more than a week. May be emptied at any time.';
comment on column private.calendar_bodies.user_id is 'Whose calendar it is.';
comment on column private.calendar_bodies.variant is
  'The form in which the rows are rendered: the revision of the renderer and the options, as in the ETag.';
comment on column private.calendar_bodies.fingerprint is 'That of calendar_feed for what was rendered.';
comment on column private.calendar_bodies.body is
  'The calendar (RFC 5545), packed with gzip, behind its SHA-256, all of it in base64 as JSON carries it.';
comment on column private.calendar_bodies.kept_at is 'When it was rendered.';

create index calendar_bodies_kept_at_idx on private.calendar_bodies (kept_at);

alter table private.calendar_bodies enable row level security;
revoke all on table private.calendar_bodies from public, anon, authenticated, service_role;
grant select, insert, update, delete on table private.calendar_bodies to service_role;
