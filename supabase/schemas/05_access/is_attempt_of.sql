create or replace function private.is_attempt_of(
  p_user_id uuid, p_enrollment_id uuid, p_module_id uuid, p_parent_assignment_id uuid
)
returns boolean
language sql
stable
security definer -- callers cannot read every enrollment, module and assignment
set search_path = ''
as $$
  select
    (p_enrollment_id is null or private.is_enrollment_of(p_enrollment_id, p_user_id))
    and (
      p_module_id is null
      or exists (
        select from public.program_modules m
        join public.client_enrollments e on e.program_id = m.program_id
        where m.id = p_module_id
          and e.client_user_id = p_user_id
          and (p_enrollment_id is null or e.id = p_enrollment_id)
      )
    )
    and (
      p_parent_assignment_id is null
      or exists (
        select from public.scenario_assignments parent
        where parent.id = p_parent_assignment_id and parent.user_id = p_user_id
      )
    )
$$;
comment on function private.is_attempt_of(uuid, uuid, uuid, uuid) is
  'Whether enrollment, module and former attempt, as far as given, are that user''s.';
revoke execute on function private.is_attempt_of(uuid, uuid, uuid, uuid) from public;
grant execute on function private.is_attempt_of(uuid, uuid, uuid, uuid) to authenticated, service_role;
