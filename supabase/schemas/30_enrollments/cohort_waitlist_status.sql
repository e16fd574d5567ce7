create or replace function private.cohort_waitlist_status(p_cohort_id uuid)
returns table (
  has_capacity boolean, available_spots integer, waitlist_count bigint, own_position integer,
  offer_expires_at timestamptz
)
language sql
stable
security definer -- how many wait is no secret, who waits is
set search_path = ''
begin atomic
  select capacity.has_capacity, capacity.available_spots,
    (select count(*) from public.cohort_waitlist w where w.cohort_id = p_cohort_id),
    own.position, own.offer_expires_at
  from private.cohort_capacity(p_cohort_id) capacity
  left join public.cohort_waitlist own on own.cohort_id = p_cohort_id and own.user_id = (select auth.uid());
end;
comment on function private.cohort_waitlist_status(uuid) is 'See public.cohort_waitlist_status.';
revoke execute on function private.cohort_waitlist_status(uuid) from public;
grant execute on function private.cohort_waitlist_status(uuid) to authenticated;

create or replace function public.cohort_waitlist_status(p_cohort_id uuid)
returns table (
  has_capacity boolean, available_spots integer, waitlist_count bigint, own_position integer,
  offer_expires_at timestamptz
)
language sql
stable
set search_path = ''
begin atomic
  select * from private.cohort_waitlist_status(p_cohort_id);
end;
comment on function public.cohort_waitlist_status(uuid) is
  'CohortWaitlistButton: whether there is room, how many wait, and the caller''s own place, null when not '
  'waiting, and until when a free place is held for the caller.';
revoke execute on function public.cohort_waitlist_status(uuid) from public, anon, authenticated, service_role;
grant execute on function public.cohort_waitlist_status(uuid) to authenticated;
