create or replace function private.may_enroll(p_client_user_id uuid, p_program_id uuid, p_force boolean)
returns boolean
language sql
stable
set search_path = ''
begin atomic
  select case
    when current_setting('role') not in ('anon', 'authenticated') then true
    when private.has_role((select auth.uid()), 'admin') then true
    when p_force then false
    when p_client_user_id = (select auth.uid()) then true
    -- it costs the client's credits: whoever looks after the client, and not only after a program of theirs
    else private.is_program_instructor_or_coach((select auth.uid()), p_program_id)
      and private.staff_has_direct_client((select auth.uid()), p_client_user_id)
  end;
end;
comment on function private.may_enroll(uuid, uuid, boolean) is
  'Oneself; a client of one''s own, for staff of the program; anybody, and past the capacity, for admins '
  'and the service role.';
revoke execute on function private.may_enroll(uuid, uuid, boolean) from public;
