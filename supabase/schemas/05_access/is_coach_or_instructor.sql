create or replace function private.is_coach_or_instructor(p_user_id uuid)
returns boolean
language sql
stable
security definer -- user_roles shows callers their own rows only
set search_path = ''
as $$
  select exists (
    select from public.user_roles r
    where r.user_id = p_user_id and r.role in ('coach', 'instructor')
  )
$$;
comment on function private.is_coach_or_instructor(uuid) is
  'Whether a person may be assigned as staff: who holds the platform role of coach or instructor.';
revoke execute on function private.is_coach_or_instructor(uuid) from public;
grant execute on function private.is_coach_or_instructor(uuid) to authenticated, service_role;
