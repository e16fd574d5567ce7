-- Security invoker for the reason given at private.guard_columns.
create or replace function private.guard_owner_columns()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
declare
  v_column text;
begin
  if current_user not in ('anon', 'authenticated')
    or (to_jsonb(old) ->> tg_argv[0])::uuid is distinct from auth.uid()
    or private.has_role(auth.uid(), 'admin')
  then
    return new;
  end if;

  select name into v_column
  from unnest(tg_argv) as name
  where to_jsonb(new) -> name is distinct from to_jsonb(old) -> name
  limit 1;

  if found then
    raise exception 'column "%" of % is not yours to change', v_column, tg_table_name
      using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
comment on function private.guard_owner_columns() is
  'Trigger: refuses the person a row is about, whom its first argument names, and who is no admin, a change '
  'of a column named in its arguments. Who else may update the row, such as staff, is not bound.';
revoke execute on function private.guard_owner_columns() from public;
