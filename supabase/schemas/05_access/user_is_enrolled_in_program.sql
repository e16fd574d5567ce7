create or replace function private.user_is_enrolled_in_program(_user_id uuid, _program_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select from public.client_enrollments e
    where e.client_user_id = _user_id and e.program_id = _program_id
  );
$$;
comment on function private.user_is_enrolled_in_program(uuid, uuid) is
  'Whether the user has an enrolment in the programme, of any status.';
revoke execute on function private.user_is_enrolled_in_program(uuid, uuid) from public;
grant execute on function private.user_is_enrolled_in_program(uuid, uuid)
  to authenticated, service_role;

create or replace function public.user_is_enrolled_in_program(_user_id uuid, _program_id uuid)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  if not private.may_ask_about(_user_id) then
    return false;
  end if;
  return private.user_is_enrolled_in_program(_user_id, _program_id);
end
$$;
comment on function public.user_is_enrolled_in_program(uuid, uuid) is
  'Policy helper: private.user_is_enrolled_in_program, of the caller alone: false of others, but for admins and the server.';
revoke execute on function public.user_is_enrolled_in_program(uuid, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.user_is_enrolled_in_program(uuid, uuid) to anon, authenticated, service_role;
