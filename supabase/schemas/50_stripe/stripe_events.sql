create table public.stripe_events (
  id text primary key,
  type text not null,
  api_version text,
  created timestamptz not null,
  object_id text,
  subject text,
  payload jsonb,
  received_at timestamptz not null default now(),
  status text not null
    check (status in ('applied', 'duplicate', 'stale', 'ignored', 'unmatched', 'dismissed')),
  outcome text not null
);

comment on table public.stripe_events is
  'Every event received, once. The row and the event''s effect are one transaction. Payloads go after 90 '
  'days.';
comment on column public.stripe_events.subject is
  'What the event is about: a subscription, a one-time checkout session, or a payment.';
comment on column public.stripe_events.status is
  'stale lost to a newer state; duplicate told nothing new; ignored is not handled or not ours; unmatched '
  'needs a person or a later event; dismissed is what a person, or the end of its payload, has put aside.';

create index stripe_events_object_idx on public.stripe_events (object_id, created);
create index stripe_events_payload_idx on public.stripe_events (received_at) where payload is not null;
create index stripe_events_unmatched_idx on public.stripe_events (subject) where status = 'unmatched';

alter table public.stripe_events enable row level security;
revoke all on table public.stripe_events from public, anon, authenticated, service_role;
grant select on table public.stripe_events to authenticated, service_role;

create policy "select" on public.stripe_events for select to authenticated using ((select private.is_admin()));
