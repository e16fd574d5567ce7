create type public.waitlist_result as (
  success boolean,
  code text, -- null | not_signed_in | unknown_cohort | cohort_closed | already_enrolled
             -- | already_waiting | places_left
  error text,
  "position" integer
);
comment on type public.waitlist_result is 'What join_cohort_waitlist answers.';

create or replace function private.join_cohort_waitlist(p_cohort_id uuid)
returns public.waitlist_result
language plpgsql
security definer -- users may not write positions
set search_path = ''
as $$
declare
  v_result public.waitlist_result;
  v_user_id uuid := auth.uid();
  v_cohort public.program_cohorts;
begin
  v_result.success := false;
  select * into v_cohort from public.program_cohorts where id = p_cohort_id for update;
  if v_user_id is null then
    v_result.code := 'not_signed_in';
    v_result.error := 'Sign in to join the waitlist';
  elsif v_cohort.id is null then
    v_result.code := 'unknown_cohort';
    v_result.error := 'Cohort not found';
  elsif v_cohort.status not in ('upcoming', 'active') then
    v_result.code := 'cohort_closed';
    v_result.error := 'This cohort is closed';
  elsif exists (
    select from public.client_enrollments e
    where e.cohort_id = p_cohort_id and e.client_user_id = v_user_id and e.status = 'active'
  ) then
    v_result.code := 'already_enrolled';
    v_result.error := 'Already enrolled in this cohort';
  elsif exists (
    select from public.cohort_waitlist w
    where w.cohort_id = p_cohort_id and w.user_id = v_user_id
      and (w.offered_at is null or w.offer_expires_at > now())
  ) then
    v_result.code := 'already_waiting';
    v_result.error := 'Already on the waitlist';
  elsif (private.cohort_capacity(p_cohort_id)).has_capacity then
    v_result.code := 'places_left';
    v_result.error := 'The cohort still has places';
  else
    insert into public.cohort_waitlist (user_id, cohort_id, "position")
    select v_user_id, p_cohort_id, coalesce(max(w."position"), 0) + 1
    from public.cohort_waitlist w where w.cohort_id = p_cohort_id
    on conflict (user_id, cohort_id) do update -- an offer that has lapsed: again at the end
    set "position" = excluded."position", offered_at = null, offer_expires_at = null, notified = false
    returning "position" into v_result."position";
    v_result.success := true;
  end if;
  return v_result;
end
$$;
comment on function private.join_cohort_waitlist(uuid) is
  'Puts the caller at the end of a full cohort''s waitlist. Locks the cohort, so that no position is given '
  'twice.';
revoke execute on function private.join_cohort_waitlist(uuid) from public;
grant execute on function private.join_cohort_waitlist(uuid) to authenticated;

create or replace function public.join_cohort_waitlist(p_cohort_id uuid)
returns public.waitlist_result
language sql
set search_path = ''
begin atomic
  select private.join_cohort_waitlist(p_cohort_id);
end;
comment on function public.join_cohort_waitlist(uuid) is
  'Puts the caller at the end of a full cohort''s waitlist.';
revoke execute on function public.join_cohort_waitlist(uuid) from public, anon, authenticated, service_role;
grant execute on function public.join_cohort_waitlist(uuid) to authenticated;
