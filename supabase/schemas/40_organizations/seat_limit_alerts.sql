create table private.seat_limit_alerts (
  organization_id uuid not null references public.organizations (id) on delete cascade,
  seat_kind text not null check (seat_kind in ('member', 'sponsored')),
  threshold integer not null check (threshold in (80, 100)),
  alerted_at timestamptz not null,
  primary key (organization_id, seat_kind, threshold)
);

comment on table private.seat_limit_alerts is
  'When an organisation''s admins were last told that so many per cent of its seats are taken.';

alter table private.seat_limit_alerts enable row level security;
revoke all on table private.seat_limit_alerts from public, anon, authenticated, service_role;
