create or replace function private.capacity(p_capacity integer, p_enrolled bigint, p_waiting bigint)
returns public.capacity_result
language sql
immutable
set search_path = ''
begin atomic
  select row(
    p_capacity is null or p_enrolled < p_capacity, p_capacity, p_enrolled::integer,
    case when p_capacity is not null then greatest(p_capacity - p_enrolled, 0)::integer end, -- no limit is not none left
    p_waiting::integer, null
  )::public.capacity_result;
end;
comment on function private.capacity(integer, bigint, bigint) is 'Places and how many are taken.';
revoke execute on function private.capacity(integer, bigint, bigint) from public;

create or replace function private.cohort_capacity(p_cohort_id uuid)
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
        (select count(*) from public.cohort_waitlist w where w.cohort_id = c.id)
      )
      from public.program_cohorts c where c.id = p_cohort_id
    ),
    row(false, null, null, null, null, 'Cohort not found')::public.capacity_result
  );
end;
comment on function private.cohort_capacity(uuid) is 'The places of a cohort.';
revoke execute on function private.cohort_capacity(uuid) from public;
grant execute on function private.cohort_capacity(uuid) to authenticated, service_role;

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
        0
      )
      from public.programs p where p.id = p_program_id
    ),
    row(false, null, null, null, null, 'Program not found')::public.capacity_result
  );
end;
comment on function private.program_capacity(uuid) is 'The places of a program.';
revoke execute on function private.program_capacity(uuid) from public;
grant execute on function private.program_capacity(uuid) to authenticated, service_role;
