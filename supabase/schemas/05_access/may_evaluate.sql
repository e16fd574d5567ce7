create or replace function private.may_evaluate(p_assignment_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select exists (
    select from public.scenario_assignments s
    where s.id = p_assignment_id and private.teaches_client(s.user_id, s.enrollment_id, s.module_id)
  )
$$;
comment on function private.may_evaluate(uuid) is
  'Whether the caller teaches the client whose scenario assignment it is, in its module.';
revoke execute on function private.may_evaluate(uuid) from public;
grant execute on function private.may_evaluate(uuid) to authenticated, service_role;
