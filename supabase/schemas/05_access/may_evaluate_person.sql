create or replace function private.may_evaluate_person(p_user_id uuid, p_relationship text)
returns boolean
language sql
stable
set search_path = ''
as $$
  select case
    when p_relationship = 'peer' then private.are_group_peers((select auth.uid()), p_user_id)
    else private.is_staff_of(p_user_id)
  end
$$;
comment on function private.may_evaluate_person(uuid, text) is
  'Whether the caller may evaluate that person: as a peer of one group, or as staff with a relationship.';
revoke execute on function private.may_evaluate_person(uuid, text) from public;
grant execute on function private.may_evaluate_person(uuid, text) to authenticated, service_role;
