create or replace function private.org_role_name(p_role public.org_role)
returns text
language sql
immutable
set search_path = ''
begin atomic
  select case p_role
    when 'org_admin' then 'Administrator'
    when 'org_manager' then 'Manager'
    else 'Member'
  end;
end;
comment on function private.org_role_name(public.org_role) is 'A role in an organisation, for a person.';
revoke execute on function private.org_role_name(public.org_role) from public;
