create or replace function private.is_registered_for_session(p_session_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select exists (
    select from public.session_participants p
    where p.session_id = p_session_id
      and p.user_id = (select auth.uid())
      and p.status in ('registered', 'confirmed', 'attended', 'no_show')
  )
$$;
comment on function private.is_registered_for_session(uuid) is
  'Whether the caller has a place in the free-standing session; an invitation is none yet.';
revoke execute on function private.is_registered_for_session(uuid) from public;
grant execute on function private.is_registered_for_session(uuid) to authenticated, service_role;
