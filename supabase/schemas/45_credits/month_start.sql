create or replace function private.month_start(p_now timestamptz)
returns timestamptz
language sql
immutable
set search_path = ''
begin atomic
  select date_trunc('month', p_now at time zone 'UTC') at time zone 'UTC';
end;
comment on function private.month_start(timestamptz) is 'The start of the calendar month in UTC.';
revoke execute on function private.month_start(timestamptz) from public;
