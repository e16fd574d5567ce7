create table private.reflection_quota (
  user_id uuid not null references auth.users (id) on delete cascade,
  day date not null,
  used integer not null default 1 check (used between 1 and 5),
  primary key (user_id, day)
);

comment on table private.reflection_quota is
  'How many prompts a user has had made anew on a day of UTC: at most five.';

alter table private.reflection_quota enable row level security;
revoke all on table private.reflection_quota from public, anon, authenticated, service_role;
