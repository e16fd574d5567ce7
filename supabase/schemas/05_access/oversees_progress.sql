create or replace function private.oversees_progress(p_progress_id uuid)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select private.is_staff() and exists (
    select from public.module_progress p
    join public.client_enrollments e on e.id = p.enrollment_id
    where p.id = p_progress_id
      and (
        private.is_assigned_coach(e.client_user_id)
        or exists (
          select from public.program_instructors i
          where i.program_id = e.program_id and i.instructor_id = (select auth.uid())
        )
      )
  )
$$;
comment on function private.oversees_progress(uuid) is
  'Whether the caller is a coach of the client whose progress in a module it is, or an instructor of the program.';
revoke execute on function private.oversees_progress(uuid) from public;
grant execute on function private.oversees_progress(uuid) to authenticated, service_role;
