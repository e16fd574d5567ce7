create or replace function private.offer_places(p_cohort_id uuid, p_now timestamptz)
returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_cohort public.program_cohorts;
  v_program public.programs;
  v_free bigint;
  v_offer record;
  v_offers integer := 0;
begin
  if not exists (
    select from public.cohort_waitlist w where w.cohort_id = p_cohort_id and w.offered_at is null
  ) then
    return 0;
  end if;
  -- Whoever holds it is enrolling somebody, and offers what is left; the job does, too.
  select * into v_cohort from public.program_cohorts where id = p_cohort_id for update skip locked;
  if v_cohort.id is null or v_cohort.status not in ('upcoming', 'active') then
    return 0;
  end if;
  select * into v_program from public.programs where id = v_cohort.program_id;

  select least(
      v_cohort.capacity - count(*) filter (where e.cohort_id = p_cohort_id), v_program.capacity - count(*)
    ) - (
      select count(*) from public.cohort_waitlist w
      where w.cohort_id = p_cohort_id and w.offer_expires_at > p_now
    )
  into v_free
  from public.client_enrollments e
  where e.program_id = v_cohort.program_id and e.status = 'active';

  for v_offer in
    update public.cohort_waitlist w
    set offered_at = p_now, offer_expires_at = p_now + interval '48 hours', notified = true
    where w.id in (
      select n.id from public.cohort_waitlist n
      where n.cohort_id = p_cohort_id and n.offered_at is null
      order by n.position
      limit case when v_free is not null then greatest(v_free, 0) end -- without a limit nobody has to wait
    )
    returning w.id, w.user_id, w.offer_expires_at
  loop
    v_offers := v_offers + 1;
    perform private.tell_each(
      array[v_offer.user_id],
      'waitlist_place',
      format('A place is free in %s', v_program.name),
      format('It is yours until %s (UTC): enroll in time, or the next on the waitlist gets it.',
        to_char(v_offer.offer_expires_at at time zone 'UTC', 'FMDD FMMonth YYYY HH24:MI')),
      '/programs/' || v_program.slug,
      jsonb_build_object('cohort_id', p_cohort_id, 'offer_expires_at', v_offer.offer_expires_at),
      'waitlist-place:' || v_offer.id || ':' || extract(epoch from p_now)
    );
  end loop;
  return v_offers;
end
$$;
comment on function private.offer_places(uuid, timestamptz) is
  'Offers the free places of a cohort to the first on its waitlist, who are told and have 48 hours. How many offers '
  'were made. A place is free when neither the cohort nor its program is full, and nobody else holds an offer of it.';
revoke execute on function private.offer_places(uuid, timestamptz) from public;

create or replace function public.offer_waitlist_places(p_now timestamptz default now())
returns integer
language sql
security definer -- private.tell_each is nobody's to call
set search_path = ''
as $$
  select coalesce(sum(private.offer_places(w.cohort_id, p_now)), 0)::integer
  from (
    select distinct w.cohort_id from public.cohort_waitlist w where w.offered_at is null
  ) w
  join public.program_cohorts c on c.id = w.cohort_id and c.status in ('upcoming', 'active')
  where c.capacity is null or c.capacity > (
    select count(*) from public.client_enrollments e where e.cohort_id = c.id and e.status = 'active'
  ) + (
    select count(*) from public.cohort_waitlist o where o.cohort_id = c.id and o.offer_expires_at > p_now
  );
$$;
comment on function public.offer_waitlist_places(timestamptz) is
  'Offers what is free to those who wait, in every cohort: after an offer has lapsed. How many offers were made.';
revoke execute on function public.offer_waitlist_places(timestamptz) from public, anon, authenticated, service_role;
grant execute on function public.offer_waitlist_places(timestamptz) to service_role;
