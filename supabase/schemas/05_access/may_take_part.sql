create or replace function private.may_take_part(p_session_id uuid, p_user_id uuid, p_enrollment_id uuid)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select exists (
    select from public.module_sessions s
    join public.program_modules m on m.id = s.module_id
    join public.client_enrollments e on e.program_id = coalesce(s.program_id, m.program_id)
    where s.id = p_session_id
      and e.client_user_id = p_user_id
      and e.id = coalesce(p_enrollment_id, e.id)
  )
$$;
comment on function private.may_take_part(uuid, uuid, uuid) is
  'Whether the person is enrolled in the program of the module session: by that enrollment, where one is named.';
revoke execute on function private.may_take_part(uuid, uuid, uuid) from public;
grant execute on function private.may_take_part(uuid, uuid, uuid) to authenticated, service_role;
