create or replace function private.positive_or_null(p_text text)
returns integer
language sql
immutable
set search_path = ''
begin atomic
  select case when p_text ~ '^[0-9]{1,9}$' then nullif(p_text::integer, 0) end;
end;
comment on function private.positive_or_null(text) is 'The positive whole number that a text is, or null.';
revoke execute on function private.positive_or_null(text) from public;

create or replace function private.time_or_null(p_text text)
returns timestamptz
language plpgsql
stable
set search_path = ''
set timezone = 'UTC'
as $$
begin
  return case when p_text ~ '^\d{4}-\d{2}-\d{2}' then p_text::timestamptz end;
exception
  when data_exception then
    return null;
end
$$;
comment on function private.time_or_null(text) is 'The ISO 8601 time that a text is, or null.';
revoke execute on function private.time_or_null(text) from public;

create or replace function private.uuid_or_null(p_text text)
returns uuid
language sql
immutable
set search_path = ''
begin atomic
  select case
    when p_text ~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' then p_text::uuid
  end;
end;
comment on function private.uuid_or_null(text) is
  'The uuid that a text is, or null: metadata may hold anything.';
revoke execute on function private.uuid_or_null(text) from public;
