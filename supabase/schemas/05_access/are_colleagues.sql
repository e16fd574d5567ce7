create or replace function private.are_colleagues(p_staff_id uuid, p_other_id uuid)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  with staffed as (
    select s.instructor_id as staff_id, s.program_id from public.program_instructors s
    where s.instructor_id in (p_staff_id, p_other_id)
    union
    select s.coach_id, s.program_id from public.program_coaches s
    where s.coach_id in (p_staff_id, p_other_id)
    union
    select s.instructor_id, m.program_id from public.module_instructors s
    join public.program_modules m on m.id = s.module_id
    where s.instructor_id in (p_staff_id, p_other_id)
    union
    select s.coach_id, m.program_id from public.module_coaches s
    join public.program_modules m on m.id = s.module_id
    where s.coach_id in (p_staff_id, p_other_id)
  )
  select p_staff_id <> p_other_id
    and private.is_coach_or_instructor(p_staff_id)
    and private.is_coach_or_instructor(p_other_id)
    and exists (
      select from staffed own
      join staffed other on other.program_id = own.program_id
      where own.staff_id = p_staff_id and other.staff_id = p_other_id
    )
$$;
comment on function private.are_colleagues(uuid, uuid) is
  'Whether two people are staff of one program, of all of it or of one of its modules.';
revoke execute on function private.are_colleagues(uuid, uuid) from public;
grant execute on function private.are_colleagues(uuid, uuid) to authenticated, service_role;
