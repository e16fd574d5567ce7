create or replace function private.keep_name_plain()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  -- "evil.example" becomes "evil. example", and "Dr.Pop" becomes "Dr. Pop": nobody is refused, least of all
  -- by a sign-up, whose name comes from Auth.
  new.name := left(
    regexp_replace(replace(new.name, '://', ': '), '\.(?=[[:alpha:]]{2})', '. ', 'g'), 200
  );
  return new;
end
$$;
comment on function private.keep_name_plain() is
  'Trigger on profiles: a name has no address of a web page in it, and at most 200 characters.';
revoke execute on function private.keep_name_plain() from public;
