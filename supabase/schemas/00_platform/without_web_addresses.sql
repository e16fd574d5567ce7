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
      regexp_replace(
        regexp_replace(
          -- what is not seen could stand within an address: controls but for tab and line feed, and formats of Unicode
          translate(p_text, '：／＼⁄∕', '://\//'),
          '[\u0001-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]',
          '', 'g'
        ),
        '([a-z][a-z0-9+.-]*)?:[/\\]+', '', 'gi' -- a scheme
      ),
      -- a domain, also with what browsers and IDNA read as its dot
      '[.․。．｡](?=[^[:space:][:digit:][:punct:]]{2})', '. ', 'g'
    ),
    '(\d+)\.(\d+)\.(\d+)\.(\d+)', '\1 \2 \3 \4', 'g'
  );
end;
comment on function private.without_web_addresses(text) is
  'A text in which nothing is an address of a web page: schemes and what is not seen go, and behind a dot within a '
  'domain comes a space: "evil.example" is "evil. example", and "Dr.Pop" is "Dr. Pop".';
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
