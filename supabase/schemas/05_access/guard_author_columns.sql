-- Security invoker for the reason given at private.guard_columns.
create or replace function private.guard_author_columns()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
declare
  v_column text;
begin
  if current_user not in ('anon', 'authenticated')
    or to_jsonb(old) ->> tg_argv[0] = auth.uid()::text
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
comment on function private.guard_author_columns() is
  'Trigger: refuses everybody but the person whom its first argument names, the author or who the row is about, '
  'a change of a column named in its arguments.';
revoke execute on function private.guard_author_columns() from public;
