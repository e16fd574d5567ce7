create table public.cohort_waitlist (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  cohort_id uuid not null references public.program_cohorts (id) on delete cascade,
  position integer not null,
  notified boolean default false,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  offered_at timestamptz,
  offer_expires_at timestamptz,
  constraint cohort_waitlist_user_id_cohort_id_key unique (user_id, cohort_id),
  constraint cohort_waitlist_position_key unique (cohort_id, "position") deferrable initially deferred
);

comment on table public.cohort_waitlist is 'Who waits for a place in a cohort, by position.';
comment on column public.cohort_waitlist.offer_expires_at is
  'Until then a free place is held for this person. Past it, others may take the place.';

create index cohort_waitlist_waiting_idx on public.cohort_waitlist (cohort_id) where offered_at is null;

alter table public.cohort_waitlist enable row level security;
revoke all on table public.cohort_waitlist from public, anon, authenticated, service_role;
grant select, delete on table public.cohort_waitlist to authenticated;
grant all on table public.cohort_waitlist to service_role;

create policy "select" on public.cohort_waitlist for select to authenticated
  using ((select private.is_admin()) or user_id = (select auth.uid()));
create policy "delete" on public.cohort_waitlist for delete to authenticated
  using ((select private.is_admin()) or user_id = (select auth.uid()));

create or replace trigger note_freed_place
  after delete on public.cohort_waitlist for each row
  when (old.offered_at is not null)
  execute function private.note_freed_place();
create or replace trigger update_cohort_waitlist_updated_at
  before update on public.cohort_waitlist
  for each row execute function public.update_updated_at_column();
