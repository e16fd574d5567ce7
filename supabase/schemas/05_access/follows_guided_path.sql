create or replace function private.follows_guided_path(p_template_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select exists (
    select from public.guided_path_instantiations i
    where i.template_id = p_template_id and i.user_id = (select auth.uid())
  )
$$;
comment on function private.follows_guided_path(uuid) is
  'Whether the caller follows a guided path made from the template.';
revoke execute on function private.follows_guided_path(uuid) from public;
grant execute on function private.follows_guided_path(uuid) to authenticated, service_role;
