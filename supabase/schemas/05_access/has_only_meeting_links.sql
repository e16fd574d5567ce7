create or replace function private.has_only_meeting_links(p_text text)
returns boolean
language sql
stable
security definer -- the hosts are nobody's to read
set search_path = ''
as $$
  select not exists (
    select
    -- what a mail or calendar program would make a link of ends at these
    from regexp_split_to_table(lower(p_text), '[\s<>"''`(),;|\\{}\[\]]+') as word
    where (
        word ~ '://'
        or word ~ '^(javascript|vbscript|data|file|mailto):.'
        or word ~ '[^\s.]\.[^\s.\d/:?#]{2,}' -- a domain, with or without what comes before it
        or word ~ '\d+\.\d+\.\d+\.\d+'
        or word ~ '[。．｡]' -- which a browser takes for the dot of a domain
      )
      and not exists (
        select from private.allowed_meeting_hosts h
        where '.' || substring(word from '^https://([a-z0-9.-]+)(?::443)?(?:[/?#].*)?$') like '%.' || h.host
      )
  )
$$;
comment on function private.has_only_meeting_links(text) is
  'Whether every web address in a text is https and of private.allowed_meeting_hosts or a subdomain; also of '
  'a text without any.';
revoke execute on function private.has_only_meeting_links(text) from public;
grant execute on function private.has_only_meeting_links(text) to authenticated, service_role;
