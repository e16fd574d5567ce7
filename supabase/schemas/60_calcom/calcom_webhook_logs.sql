create table public.calcom_webhook_logs (
  id uuid primary key default gen_random_uuid(),
  event_type text not null,
  payload jsonb not null,
  processed boolean default false,
  error_message text,
  created_at timestamptz not null default now(),
  booking_uid text,
  event_created_at timestamptz,
  status text
);

comment on table public.calcom_webhook_logs is
  'Inbox: the signed deliveries of the Cal.com webhook, each once, kept 30 days. No names, no addresses.';
comment on column public.calcom_webhook_logs.event_type is 'Cal.com''s triggerEvent.';
comment on column public.calcom_webhook_logs.payload is
  'Event type and times of a booking; of a body that was refused, the names of its keys.';
comment on column public.calcom_webhook_logs.error_message is 'Why it was kept for review or refused.';
comment on column public.calcom_webhook_logs.event_created_at is
  'Cal.com''s createdAt: when it happened there.';
comment on column public.calcom_webhook_logs.status is
  'What came of it, as apply_calcom_event answered; refused: not a body of this endpoint''s shape.';

create index calcom_webhook_logs_booking_idx
  on public.calcom_webhook_logs (booking_uid) where booking_uid is not null;
create index calcom_webhook_logs_created_idx on public.calcom_webhook_logs (created_at);
create unique index calcom_webhook_logs_delivery_key
  on public.calcom_webhook_logs (event_type, booking_uid, event_created_at)
  where booking_uid is not null;

alter table public.calcom_webhook_logs enable row level security;
revoke all on table public.calcom_webhook_logs from public, anon, authenticated, service_role;
grant select on table public.calcom_webhook_logs to authenticated;
grant all on table public.calcom_webhook_logs to service_role;

create policy "select" on public.calcom_webhook_logs for select to authenticated using ((select private.is_admin()));
