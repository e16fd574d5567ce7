create or replace function private.month_start(p_now timestamptz)
returns timestamptz
language plpgsql -- which keeps its plans: every spend asks
immutable
set search_path = ''
as $$
begin
  return date_trunc('month', p_now at time zone 'UTC') at time zone 'UTC';
end
$$;
comment on function private.month_start(timestamptz) is 'The start of the calendar month in UTC.';
revoke execute on function private.month_start(timestamptz) from public;

create or replace function private.next_month_start(p_now timestamptz)
returns timestamptz
language plpgsql -- as above
immutable
set search_path = ''
as $$
begin
  return (date_trunc('month', p_now at time zone 'UTC') + interval '1 month') at time zone 'UTC';
end
$$;
comment on function private.next_month_start(timestamptz) is 'The end of the calendar month in UTC.';
revoke execute on function private.next_month_start(timestamptz) from public;
