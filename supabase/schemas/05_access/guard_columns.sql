-- Security invoker on purpose: current_user is then whoever runs the statement. It is anon or
-- authenticated for a request and for every security invoker function a request can reach, and somebody
-- else only inside a definer function, which answers for itself, or for the service role.
create or replace function private.guard_columns()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
declare
  v_column text;
begin
  if current_user not in ('anon', 'authenticated') or private.has_role(auth.uid(), 'admin') then
    return new;
  end if;

  select c.name into v_column
  from unnest(tg_argv) as argument
  cross join lateral (
    select
      split_part(argument, '=', 1) as name,
      nullif(split_part(argument, '=', 2), '') as column_default
  ) c
  where case tg_op
    when 'INSERT' then
      to_jsonb(new) ->> c.name is not null
      and to_jsonb(new) ->> c.name is distinct from c.column_default
    else to_jsonb(new) -> c.name is distinct from to_jsonb(old) -> c.name
  end
  limit 1;

  if found then
    raise exception 'column "%" of % is not yours to change', v_column, tg_table_name
      using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
comment on function private.guard_columns() is
  'Trigger: refuses a caller who is no admin and changes a column named in its arguments. On insert a '
  'column may be null or its default, which is given as column=default.';
revoke execute on function private.guard_columns() from public;
