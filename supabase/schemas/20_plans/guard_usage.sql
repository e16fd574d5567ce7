create or replace function private.guard_usage()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
begin
  if current_user in ('anon', 'authenticated') and not private.has_role(auth.uid(), 'admin')
    and (
      case tg_op
        when 'INSERT' then new.used_count < 0
        when 'UPDATE' then new.used_count < old.used_count
        else true
      end
    )
  then
    raise exception 'usage of % is counted up and never down', tg_table_name
      using errcode = 'insufficient_privilege';
  end if;
  return coalesce(new, old);
end
$$;
comment on function private.guard_usage() is
  'Trigger: the browser counts what its user has used; it may count up, and neither down nor delete.';
revoke execute on function private.guard_usage() from public;
