create table public.calcom_bookings (
  uid text primary key,
  lineage_id uuid not null references public.calcom_lineages (id) on delete cascade,
  rescheduled_from text,
  booking_id text,
  requested_at timestamptz,
  accepted_at timestamptz,
  rejected_at timestamptz,
  cancelled_at timestamptz,
  awaits_new_time boolean not null default false,
  no_show_at timestamptz,
  detail_at timestamptz,
  detail_rank integer,
  starts_at timestamptz,
  ends_at timestamptz,
  attendee_timezone text,
  organizer_timezone text,
  meeting_url text,
  location text,
  event_type_id integer,
  event_type_slug text,
  attendee_user_id uuid references public.profiles (id) on delete set null,
  organizer_user_id uuid references public.profiles (id) on delete set null,
  hints jsonb,
  hinted_at timestamptz,
  created_at timestamptz not null default now(),
  constraint calcom_bookings_ends_after_start check (ends_at > starts_at)
);

comment on table public.calcom_bookings is
  'What Cal.com has said of each booking. Facts only grow, so that the order of events does not matter. A '
  'row without any is known as what another booking replaced.';
comment on column public.calcom_bookings.requested_at is
  'createdAt of the newest such event, as in the columns that follow; null: none came.';
comment on column public.calcom_bookings.awaits_new_time is
  'The newest cancellation asked for a new time (requestReschedule): no real one.';
comment on column public.calcom_bookings.detail_at is
  'createdAt of the event that the details are of: the newest request, creation or reschedule; detail_rank '
  'breaks a tie.';
comment on column public.calcom_bookings.hints is
  'Ids from the booking''s metadata, which the booker can make up: each is checked before it is used.';

create index calcom_bookings_attendee_idx on public.calcom_bookings (attendee_user_id);
create index calcom_bookings_lineage_idx on public.calcom_bookings (lineage_id);
create index calcom_bookings_organizer_idx on public.calcom_bookings (organizer_user_id);

alter table public.calcom_bookings enable row level security;
revoke all on table public.calcom_bookings from public, anon, authenticated, service_role;
grant select on table public.calcom_bookings to authenticated, service_role;

create policy "select" on public.calcom_bookings for select to authenticated using ((select private.is_admin()));
