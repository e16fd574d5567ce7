create table public.email_queue (
  id uuid primary key default gen_random_uuid(),
  notification_id uuid references public.notifications (id) on delete cascade,
  recipient_email text not null,
  recipient_name text,
  template_key text not null,
  template_data jsonb default '{}',
  status text default 'pending',
  attempts integer default 0,
  max_attempts integer default 5,
  last_attempt_at timestamptz,
  sent_at timestamptz,
  error_message text,
  scheduled_for timestamptz default now(),
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  user_id uuid,
  dedupe_key text,
  provider_id text,
  actor_id uuid,
  constraint email_queue_status_check check (
    status in ('pending', 'sending', 'sent', 'dead', 'suppressed', 'expired')
  )
);

comment on table public.email_queue is
  'Mails to be sent. Filled by definer functions and the service role only.';
comment on column public.email_queue.status is
  'pending, sending (claimed), sent, dead (given up: error_message says why), suppressed (the recipient is '
  'disabled, or who caused it is over the budget: error_message says which), expired (it had waited too long when the first sender was installed; set to pending to send it).';
comment on column public.email_queue.error_message is
  'Why it failed last, was given up or held back; for a sent one, the template''s values that were missing.';
comment on column public.email_queue.scheduled_for is
  'Not to be sent before: when it was wanted, the end of a sender''s claim, or of the pause after a '
  'failure.';
comment on column public.email_queue.user_id is
  'Whose mail it is, where the recipient has an account: a person disabled meanwhile gets nothing.';
comment on column public.email_queue.dedupe_key is
  'What this tells of: an address is mailed it once. Null: no rule.';
comment on column public.email_queue.actor_id is
  'The signed-in user, no admin, who caused this mail to somebody else: private.may_mail() counts by it.';
comment on column public.email_queue.provider_id is 'The mail''s id at the provider.';

create index email_queue_actor_id_created_at_idx on public.email_queue (actor_id, created_at)
  where actor_id is not null;
create index email_queue_created_at_idx on public.email_queue (created_at)
  where status in ('sent', 'suppressed');
create index email_queue_dead_idx on public.email_queue (created_at) where status = 'dead';
create index email_queue_due_idx on public.email_queue (scheduled_for)
  where status in ('pending', 'sending');
create index email_queue_missing_values_idx on public.email_queue (created_at)
  where status = 'sent' and error_message is not null;
create index email_queue_notification_id_idx on public.email_queue (notification_id);
create unique index email_queue_recipient_email_dedupe_key_key
  on public.email_queue (lower(recipient_email), dedupe_key) where dedupe_key is not null;
create index email_queue_sent_at_idx on public.email_queue (sent_at) where sent_at is not null;
create index email_queue_user_id_idx on public.email_queue (user_id)
  where user_id is not null;

alter table public.email_queue enable row level security;
revoke all on table public.email_queue from public, anon, authenticated, service_role;
grant select, delete on table public.email_queue to authenticated;
grant update (status, attempts, last_attempt_at, error_message) on table public.email_queue to authenticated;
grant all on table public.email_queue to service_role;

create policy "select" on public.email_queue for select to authenticated using ((select private.is_admin()));
create policy "update" on public.email_queue for update to authenticated using ((select private.is_admin()));
create policy "delete" on public.email_queue for delete to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.email_queue
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes('admins');
create or replace trigger update_email_queue_updated_at
  before update on public.email_queue
  for each row execute function public.update_updated_at_column();
