create or replace function private.refused_code(p_is_limited boolean)
returns jsonb
language sql
immutable
set search_path = ''
begin atomic
  select jsonb_build_object(
    'valid', false,
    'error', case when p_is_limited then 'Too many codes were tried. Try again later.' else 'This code is not valid' end
  );
end;
comment on function private.refused_code(boolean) is
  'The one answer to a code that is not valid, and the one to whoever has tried too many.';
revoke execute on function private.refused_code(boolean) from public;
