create or replace function private.owns_development_item(p_item_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select exists (
    select from public.development_items i where i.id = p_item_id and i.user_id = (select auth.uid())
  )
$$;
comment on function private.owns_development_item(uuid) is
  'Whether the development item is the caller''s own.';
revoke execute on function private.owns_development_item(uuid) from public;
grant execute on function private.owns_development_item(uuid) to authenticated, service_role;
