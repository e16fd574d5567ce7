-- The inbox of the Cal.com webhook: every signed delivery once, without personal data, for 30 days.
--
-- Why: a redelivery was applied again; the whole body was kept, names, addresses and all, and so was that
-- of callers who had no signature.
-- Now a delivery is known by trigger, booking uid and createdAt, which is all that Cal.com gives to tell
-- one from another. Older rows have nulls there and are no deliveries of anything that comes now.
-- Locks: ACCESS EXCLUSIVE on calcom_webhook_logs for three nullable columns, at once; its index builds
-- over columns that are still empty. Replaces production's cleanup_old_webhook_logs. Can be run again.

set lock_timeout = '10s';

alter table public.calcom_webhook_logs
  add column if not exists booking_uid text,
  add column if not exists event_created_at timestamptz,
  add column if not exists status text;
comment on table public.calcom_webhook_logs is
  'Inbox: the signed deliveries of the Cal.com webhook, each once, kept 30 days. No names, no addresses.';
comment on column public.calcom_webhook_logs.event_type is 'Cal.com''s triggerEvent.';
comment on column public.calcom_webhook_logs.event_created_at is 'Cal.com''s createdAt: when it happened there.';
comment on column public.calcom_webhook_logs.payload is
  'Event type and times of a booking; of a body that was refused, the names of its keys.';
comment on column public.calcom_webhook_logs.status is
  'What came of it, as apply_calcom_event answered; refused: not a body of this endpoint''s shape.';
comment on column public.calcom_webhook_logs.error_message is 'Why it was kept for review or refused.';

create unique index if not exists calcom_webhook_logs_delivery_key
  on public.calcom_webhook_logs (event_type, booking_uid, event_created_at)
  where booking_uid is not null;
create index if not exists calcom_webhook_logs_created_idx on public.calcom_webhook_logs (created_at);
create index if not exists calcom_webhook_logs_booking_idx
  on public.calcom_webhook_logs (booking_uid) where booking_uid is not null;

do $$
begin
  perform private.drop_public_functions('log_calcom_refusal', 'cleanup_old_webhook_logs');
end
$$;

create or replace function public.log_calcom_refusal(p_event_type text, p_reason text, p_keys text[])
returns void
language sql
volatile
set search_path = ''
begin atomic
  insert into public.calcom_webhook_logs (event_type, payload, processed, status, error_message)
  values (
    left(coalesce(p_event_type, 'unknown'), 100),
    jsonb_build_object('keys', coalesce(to_jsonb(p_keys), '[]')),
    false,
    'refused',
    left(p_reason, 500)
  );
end;
comment on function public.log_calcom_refusal(text, text, text[]) is
  'Keeps that a signed body was refused, and why: a custom template, a form. Only the names of its keys are kept.';
revoke execute on function public.log_calcom_refusal(text, text, text[]) from public, anon, authenticated;
grant execute on function public.log_calcom_refusal(text, text, text[]) to service_role;

create or replace function public.cleanup_old_webhook_logs(
  p_days integer default 30, p_now timestamptz default now()
)
returns bigint
language sql
volatile
set search_path = ''
begin atomic
  with deleted as (
    delete from public.calcom_webhook_logs l
    where l.created_at < p_now - make_interval(days => p_days)
    returning l.id
  )
  select count(*) from deleted;
end;
comment on function public.cleanup_old_webhook_logs(integer, timestamptz) is
  'Deletes deliveries of the Cal.com webhook that are older than so many days. How many there were.';
revoke execute on function public.cleanup_old_webhook_logs(integer, timestamptz)
  from public, anon, authenticated;
grant execute on function public.cleanup_old_webhook_logs(integer, timestamptz) to service_role;

select private.schedule_job(
  'calcom-webhook-logs', '40 3 * * *', 'select public.cleanup_old_webhook_logs()'
);
