create or replace function private.has_session_of_colleague(p_session_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  with recursive series as (
    select s.id, s.instructor_id from public.module_sessions s where s.parent_session_id = p_session_id
    union
    select s.id, s.instructor_id
    from public.module_sessions s
    join series on s.parent_session_id = series.id
  )
  select exists (select from series where series.instructor_id <> (select auth.uid()))
$$;
comment on function private.has_session_of_colleague(uuid) is
  'Whether the series of which the module session is the first has one that somebody else hosts.';
revoke execute on function private.has_session_of_colleague(uuid) from public;
grant execute on function private.has_session_of_colleague(uuid) to authenticated, service_role;
