create or replace function private.capacity(
  p_capacity integer, p_enrolled bigint, p_waiting bigint, p_held bigint
)
returns public.capacity_result
language sql
immutable
set search_path = ''
begin atomic
  select row(
    p_capacity is null or p_enrolled + p_held < p_capacity, p_capacity, p_enrolled::integer,
    -- no limit is not none left
    case when p_capacity is not null then greatest(p_capacity - p_enrolled - p_held, 0)::integer end,
    p_waiting::integer, null
  )::public.capacity_result;
end;
comment on function private.capacity(integer, bigint, bigint, bigint) is 'Places, and how many are taken or held.';
revoke execute on function private.capacity(integer, bigint, bigint, bigint) from public;

create or replace function private.places_held(p_cohort_id uuid, p_user_id uuid)
returns bigint
language sql
stable
security definer -- counts people whom the caller may not see
set search_path = ''
begin atomic
  -- An offer that is open, or, until one is made, the place in the line. What a lapsed one held is free.
  select count(*)
  from public.cohort_waitlist w
  left join public.cohort_waitlist own on own.cohort_id = w.cohort_id and own.user_id = p_user_id
  where w.cohort_id = p_cohort_id and w.user_id is distinct from p_user_id
    and (w.offered_at is null or w.offer_expires_at > now())
    and case
      when own.offer_expires_at > now() then w.offer_expires_at > now() and w.position < own.position
      when own.id is not null and own.offered_at is null then w.offer_expires_at > now() or w.position < own.position
      else true
    end;
end;
comment on function private.places_held(uuid, uuid) is
  'How many free places of a cohort are held for others on its waitlist.';
revoke execute on function private.places_held(uuid, uuid) from public;

create or replace function private.cohort_capacity(p_cohort_id uuid, p_user_id uuid default auth.uid())
returns public.capacity_result
language sql
stable
security definer -- shows numbers only, of enrolments that the caller may not see
set search_path = ''
begin atomic
  select coalesce(
    (
      select private.capacity(
        c.capacity,
        (select count(*) from public.client_enrollments e where e.cohort_id = c.id and e.status = 'active'),
        (select count(*) from public.cohort_waitlist w where w.cohort_id = c.id),
        private.places_held(c.id, p_user_id)
      )
      from public.program_cohorts c where c.id = p_cohort_id
    ),
    row(false, null, null, null, null, 'Cohort not found')::public.capacity_result
  );
end;
comment on function private.cohort_capacity(uuid, uuid) is
  'The places of a cohort as one person finds them: those held for others on the waitlist are none.';
revoke execute on function private.cohort_capacity(uuid, uuid) from public;
grant execute on function private.cohort_capacity(uuid, uuid) to authenticated, service_role;

create or replace function private.program_capacity(p_program_id uuid)
returns public.capacity_result
language sql
stable
security definer -- as above
set search_path = ''
begin atomic
  select coalesce(
    (
      select private.capacity(
        p.capacity,
        (select count(*) from public.client_enrollments e where e.program_id = p.id and e.status = 'active'),
        0, 0
      )
      from public.programs p where p.id = p_program_id
    ),
    row(false, null, null, null, null, 'Program not found')::public.capacity_result
  );
end;
comment on function private.program_capacity(uuid) is 'The places of a program.';
revoke execute on function private.program_capacity(uuid) from public;
grant execute on function private.program_capacity(uuid) to authenticated, service_role;
