create or replace function private.known_timezone(p_timezone text)
returns text
language plpgsql
stable
set search_path = ''
as $$
begin
  perform now() at time zone p_timezone;
  return coalesce(p_timezone, 'UTC');
exception
  when invalid_parameter_value then
    return 'UTC'; -- one mistyped row must not take a subscriber's whole calendar down
end
$$;
comment on function private.known_timezone(text) is
  'The timezone if PostgreSQL knows it, else UTC. pg_timezone_names would read every zone file.';
revoke execute on function private.known_timezone(text) from public;
grant execute on function private.known_timezone(text) to authenticated, service_role;
