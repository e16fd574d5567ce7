create or replace function private.calendar_fingerprint(
  p_name text, p_parts private.calendar_part[], p_only text[]
)
returns text
language sql
stable
set search_path = ''
begin atomic
  -- the name is rendered as well
  select md5(concat_ws('|', p_name, coalesce(sum(p.events), 0), bit_xor(p.hash_0), bit_xor(p.hash_1)))
  from unnest(p_parts) p
  where p_only is null or p.selector = any (p_only);
end;
comment on function private.calendar_fingerprint(text, private.calendar_part[], text[]) is
  'The fingerprint of a feed: equal data, equal fingerprint.';
revoke execute on function private.calendar_fingerprint(text, private.calendar_part[], text[]) from public;
grant execute on function private.calendar_fingerprint(text, private.calendar_part[], text[]) to service_role;
