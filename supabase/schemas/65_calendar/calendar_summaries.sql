create table private.calendar_summaries (
  user_id uuid primary key references public.profiles (id) on delete cascade,
  revision bigint not null default 0,
  kept_at timestamptz not null default now(),
  epoch bigint,
  day date,
  parts private.calendar_part[]
);

comment on table private.calendar_summaries is
  'What the feed of a user who has asked for it amounts to. Made again when absent, out of date or '
  'contradicted by calendar_changes, so it may be emptied at any time with '
  'private.forget_calendar_summaries().';
comment on column private.calendar_summaries.revision is
  'Rises with every writing, so that of two readers one writes.';
comment on column private.calendar_summaries.kept_at is
  'For three days from then on changes are noted for this user.';
comment on column private.calendar_summaries.epoch is 'That of calendar_epoch when the parts were made.';
comment on column private.calendar_summaries.day is 'The day in UTC that the parts hold for.';
comment on column private.calendar_summaries.parts is 'Null until the second request, see calendar_feed.';

alter table private.calendar_summaries enable row level security;
revoke all on table private.calendar_summaries from public, anon, authenticated, service_role;
grant select, insert, update on table private.calendar_summaries to service_role;

create or replace trigger drop_calendar_changes
  after delete on private.calendar_summaries
  referencing old table as old_rows
  for each statement execute function private.drop_calendar_changes();
