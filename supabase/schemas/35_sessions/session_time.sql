create or replace function private.session_time(p_starts_at timestamptz, p_timezone text)
returns text
language sql
stable
set search_path = ''
begin atomic
  select to_char(p_starts_at at time zone zone.name, 'FMDay, FMDD FMMonth YYYY, HH24:MI')
    || ' (' || zone.name || ')'
  from private.known_timezone(p_timezone) as zone (name);
end;
comment on function private.session_time(timestamptz, text) is
  'A time as people read it, in the session''s timezone: Tuesday, 4 March 2031, 16:00 (Europe/Bucharest).';
revoke execute on function private.session_time(timestamptz, text) from public;
