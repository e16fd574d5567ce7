create table public.calcom_reviews (
  id uuid primary key default gen_random_uuid(),
  lineage_id uuid not null references public.calcom_lineages (id) on delete cascade,
  booking_uid text not null,
  missing text[] not null check (cardinality(missing) > 0),
  error text,
  attendee_email text,
  organizer_email text,
  event_type_id integer,
  starts_at timestamptz,
  created_at timestamptz not null default now(),
  resolved_at timestamptz,
  resolved_by uuid references public.profiles (id) on delete set null,
  resolution text check (resolution in ('settled', 'dismissed', 'obsolete')),
  constraint calcom_reviews_lineage_id_key unique (lineage_id),
  constraint calcom_reviews_resolved check ((resolved_at is null) = (resolution is null))
);

comment on table public.calcom_reviews is
  'Bookings that could not become a session, and what is missing. resolve_calcom_booking finishes them.';
comment on column public.calcom_reviews.missing is
  'attendee_unknown, organizer_unknown, event_type_unknown, mapping_inactive, module_unknown, '
  'enrollment_missing, group_unknown, attendee_not_in_group; refused: the database would not have it, see '
  'error.';
comment on column public.calcom_reviews.error is 'SQLSTATE and message of what the database refused.';
comment on column public.calcom_reviews.attendee_email is
  'As Cal.com gave it, while nobody here is known by it.';

create index calcom_reviews_open_idx
  on public.calcom_reviews (created_at) where resolved_at is null;
create index calcom_reviews_resolved_by_idx on public.calcom_reviews (resolved_by);

alter table public.calcom_reviews enable row level security;
revoke all on table public.calcom_reviews from public, anon, authenticated, service_role;
grant select on table public.calcom_reviews to authenticated, service_role;

create policy "select" on public.calcom_reviews for select to authenticated using ((select private.is_admin()));
