create or replace function private.keep_name_plain()
returns trigger
language plpgsql
security definer -- what it calls is nobody's to call
set search_path = ''
as $$
begin
  -- Nobody is refused, least of all by a sign-up, whose name comes from Auth.
  new.name := left(private.without_web_addresses(new.name), 200);
  return new;
end
$$;
comment on function private.keep_name_plain() is
  'Trigger on profiles: a name has no address of a web page in it, and at most 200 characters.';
revoke execute on function private.keep_name_plain() from public;
