create or replace function private.forget_calendar_bodies(p_now timestamptz default now())
returns bigint
language sql
volatile
set search_path = ''
begin atomic
  with forgotten as (
    delete from private.calendar_bodies b where b.kept_at < p_now - interval '6 days' returning 1
  )
  select count(*) from forgotten;
end;
comment on function private.forget_calendar_bodies(timestamptz) is
  'Deletes the calendars that were rendered six days ago: each night, so that none is older than a week. '
  'Returns how many.';
revoke execute on function private.forget_calendar_bodies(timestamptz) from public;
