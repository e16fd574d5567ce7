create or replace function private.adds_too_many_group_sessions(p_group_id uuid)
returns boolean
language plpgsql
security definer -- counts also what the caller may no longer see
set search_path = ''
as $$
declare
  -- A weekly series of a year is 53 sessions, which the page adds at once: one, and some single ones.
  v_a_day constant integer := 60;
  v_to_come constant integer := 120;
begin
  -- One at a time a member and group: those who wait here count what those before them added.
  perform pg_catalog.pg_advisory_xact_lock(
    pg_catalog.hashtextextended('group sessions ' || p_group_id || auth.uid(), 0)
  );
  return (
    select count(*) filter (where s.created_at > now() - interval '1 day') > v_a_day
      or count(*) filter (where s.session_date > now()) > v_to_come
    from public.group_sessions s
    where s.group_id = p_group_id and s.booked_by = auth.uid()
  );
end
$$;
comment on function private.adds_too_many_group_sessions(uuid) is
  'Whether the caller has more than 60 sessions of this day, or more than 120 to come, in the group.';
revoke execute on function private.adds_too_many_group_sessions(uuid) from public;
grant execute on function private.adds_too_many_group_sessions(uuid) to authenticated;

-- Security invoker for the reason given at private.guard_columns.
create or replace function private.limit_group_sessions()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
begin
  -- apart: the server may not even call what is asked below
  if current_user not in ('anon', 'authenticated') or private.is_admin() then
    return null;
  end if;
  if exists (
    select from (select distinct a.group_id from added a) as one
    where private.adds_too_many_group_sessions(one.group_id)
  ) then
    raise exception 'a member may add 60 sessions a day to a group, and have 120 to come'
      using errcode = 'check_violation';
  end if;
  return null;
end
$$;
comment on function private.limit_group_sessions() is
  'Trigger on group_sessions: refuses what a member adds beyond private.adds_too_many_group_sessions(); '
  'admins are not bound.';
revoke execute on function private.limit_group_sessions() from public;
