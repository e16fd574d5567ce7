create table private.email_secrets (
  email_id uuid primary key references public.email_queue (id) on delete cascade,
  data jsonb not null
);

comment on table private.email_secrets is
  'Template values that are credentials, such as a link with a token. Deleted when the mail is sent or '
  'given up.';

alter table private.email_secrets enable row level security;
revoke all on table private.email_secrets from public, anon, authenticated, service_role;
