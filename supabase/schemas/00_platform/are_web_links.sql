-- A browser strips controls and leading blanks before it looks for a scheme.
create or replace function private.are_web_links(variadic p_links text[])
returns boolean
language sql
immutable
set search_path = ''
begin atomic
  select coalesce(
    bool_and(
      link is null
      or (link !~ '[[:cntrl:]]' and (link ~* '^\s*https?://' or link !~* '^\s*[a-z][a-z0-9+.-]*:'))
    ),
    true
  )
  from unnest(p_links) as link;
end;
comment on function private.are_web_links(text[]) is
  'Whether each text is null, or an address of a web page, with http, https or no scheme: none that runs a script or opens '
  'a program.';
revoke execute on function private.are_web_links(text[]) from public;
grant execute on function private.are_web_links(text[]) to authenticated, service_role; -- whoever writes a row, checks it
