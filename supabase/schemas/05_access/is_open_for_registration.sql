create or replace function private.is_open_for_registration(p_session_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select exists (
    select from public.sessions s
    where s.id = p_session_id
      and s.allow_self_registration
      and s.status in ('scheduled', 'confirmed')
      and (s.registration_deadline is null or s.registration_deadline > now())
      -- who registered afterwards would be shown the link and the notes of what was held
      and (s.session_date is null or s.session_date > now())
  )
$$;
comment on function private.is_open_for_registration(uuid) is
  'Whether participants may still register for the session themselves.';
revoke execute on function private.is_open_for_registration(uuid) from public;
grant execute on function private.is_open_for_registration(uuid) to authenticated, service_role;
