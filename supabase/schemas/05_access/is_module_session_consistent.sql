create or replace function private.is_module_session_consistent(
  p_module_id uuid, p_enrollment_id uuid, p_program_id uuid
)
returns boolean
language sql
stable
security definer -- callers cannot read every module
set search_path = ''
as $$
  select
    (p_enrollment_id is null or private.is_module_of_enrolment(p_module_id, p_enrollment_id))
    and (
      p_program_id is null
      or exists (
        select from public.program_modules m
        where m.id = p_module_id and m.program_id = p_program_id
      )
    );
$$;
comment on function private.is_module_session_consistent(uuid, uuid, uuid) is
  'Whether module, enrolment and programme of a session, as far as given, belong together.';
revoke execute on function private.is_module_session_consistent(uuid, uuid, uuid) from public;
grant execute on function private.is_module_session_consistent(uuid, uuid, uuid)
  to authenticated, service_role;
