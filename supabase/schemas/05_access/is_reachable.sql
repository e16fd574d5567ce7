create or replace function private.is_reachable(p_user_id uuid)
returns boolean
language sql
stable
set search_path = ''
as $$
  select not private.is_disabled(p_user_id)
    and not exists (
      select from public.client_profiles c where c.user_id = p_user_id and c.status = 'inactive'
    );
$$;
comment on function private.is_reachable(uuid) is
  'Whether a person is told anything at all: not the disabled, not the inactive client.';
revoke execute on function private.is_reachable(uuid) from public;
grant execute on function private.is_reachable(uuid) to service_role;
