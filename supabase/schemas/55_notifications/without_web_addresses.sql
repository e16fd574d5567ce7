-- Programs that show a mail make a link of whatever looks like an address of a web page, a bare domain too. A name
-- or a title that somebody chose would be a link of theirs in a mail of ours.
create or replace function private.without_web_addresses(p_text text)
returns text
language sql
immutable
set search_path = ''
begin atomic
  select regexp_replace(
    regexp_replace(
      regexp_replace(p_text, '[a-z][a-z0-9+.-]*:/+', '', 'gi'), -- a scheme
      '(?<=[[:alnum:]-])[.。．｡](?=[[:alpha:]]{2})', ' ', 'g' -- a domain, also with the full stops that IDNA reads as dots
    ),
    '(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})', '\1 \2 \3 \4', 'g'
  );
end;
comment on function private.without_web_addresses(text) is
  'A text in which nothing is an address of a web page: schemes go, and dots within a domain are spaces.';
revoke execute on function private.without_web_addresses(text) from public;

create or replace function private.values_without_web_addresses(p_data jsonb)
returns jsonb
language sql
immutable
set search_path = ''
begin atomic
  select coalesce(
    jsonb_object_agg(
      key,
      case
        when jsonb_typeof(value) = 'string' and key ~* '(name|title|message|topic)$'
          then to_jsonb(private.without_web_addresses(value #>> '{}'))
        else value
      end
    ),
    '{}'
  )
  from jsonb_each(p_data);
end;
comment on function private.values_without_web_addresses(jsonb) is
  'The values of a mail''s template: names, titles and messages without addresses of web pages. Links, which the '
  'platform makes, are left.';
revoke execute on function private.values_without_web_addresses(jsonb) from public;
