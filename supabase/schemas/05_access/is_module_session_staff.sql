-- The same rule as public.can_manage_module_session, asked of a row's columns instead of its id: a row
-- that is just being written cannot be looked up yet.
create or replace function private.is_module_session_staff(
  p_user_id uuid, p_module_id uuid, p_program_id uuid
)
returns boolean
language sql
stable
security definer -- callers cannot read every module and its staff
set search_path = ''
as $$
  select private.is_coach_or_instructor(p_user_id) and exists (
    select from public.program_modules m
    where m.id = p_module_id
      and (
        exists (
          select from public.module_instructors i
          where i.module_id = m.id and i.instructor_id = p_user_id
        )
        or exists (
          select from public.module_coaches c
          where c.module_id = m.id and c.coach_id = p_user_id
        )
        or exists (
          select from public.program_instructors i
          where i.program_id = coalesce(p_program_id, m.program_id) and i.instructor_id = p_user_id
        )
        or exists (
          select from public.program_coaches c
          where c.program_id = coalesce(p_program_id, m.program_id) and c.coach_id = p_user_id
        )
      )
  );
$$;
comment on function private.is_module_session_staff(uuid, uuid, uuid) is
  'Whether the user is staff of the module, or of the programme (of the module''s, when that is null), and still '
  'a coach or an instructor.';
revoke execute on function private.is_module_session_staff(uuid, uuid, uuid) from public;
grant execute on function private.is_module_session_staff(uuid, uuid, uuid) to authenticated, service_role;
