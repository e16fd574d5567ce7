create table private.reflection_contexts (
  user_id uuid not null references auth.users (id) on delete cascade,
  day date not null,
  given integer not null default 1 check (given between 1 and 10),
  primary key (user_id, day)
);

comment on table private.reflection_contexts is
  'How often a user''s context was given for the AI on a day of UTC: at most ten times; '
  'further prompts of the day are general ones.';

alter table private.reflection_contexts enable row level security;
revoke all on table private.reflection_contexts from public, anon, authenticated, service_role;
