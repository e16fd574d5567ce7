-- What migrations call to take away what production has under other names.

create or replace function private.drop_public_functions(variadic p_names text[])
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_function regprocedure;
  v_users text;
begin
  for v_function in
    select p.oid::regprocedure from pg_catalog.pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.proname = any (p_names)
  loop
    begin
      execute format('drop function %s', v_function);
    exception
      when dependent_objects_still_exist then
        get stacked diagnostics v_users = pg_exception_detail;
        raise exception '% has to be made anew, and something that no migration here makes uses it: %', v_function, v_users
          using errcode = 'dependent_objects_still_exist', hint = 'Drop or change what uses it, then run this again.';
    end;
  end loop;
end
$$;
comment on function private.drop_public_functions(text[]) is
  'Drops the functions of these names in public, whatever their arguments, before a migration makes them '
  'anew.';
revoke execute on function private.drop_public_functions(text[]) from public;

create or replace function private.drop_checks(p_table text, p_column text)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_name text;
begin
  for v_name in
    select c.conname from pg_catalog.pg_constraint c
    join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and c.conkey = array[a.attnum]
    where c.conrelid = p_table::regclass and c.contype = 'c' and a.attname = p_column
  loop
    execute format('alter table %s drop constraint %I', p_table::regclass, v_name);
  end loop;
end
$$;
comment on function private.drop_checks(text, text) is
  'Drops the checks of one column alone, whatever their names, before a migration makes another. A check of several columns stays.';
revoke execute on function private.drop_checks(text, text) from public;

create or replace function private.drop_unique_keys(p_table text, p_columns text[], p_except text default '')
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_key record;
begin
  for v_key in
    select i.indexrelid::regclass as index, k.conname as name
    from pg_catalog.pg_index i
    join pg_catalog.pg_class c on c.oid = i.indexrelid
    left join pg_catalog.pg_constraint k on k.conindid = i.indexrelid and k.contype = 'u'
    where i.indrelid = p_table::regclass and i.indisunique and not i.indisprimary and c.relname <> p_except
      and (
        select array_agg(a.attname::text order by a.attname)
        from pg_catalog.pg_attribute a
        where a.attrelid = i.indrelid and a.attnum = any (i.indkey::smallint[])
      ) = (select array_agg(name order by name) from unnest(p_columns) as name)
      and 0 <> all (i.indkey::smallint[])
  loop
    if v_key.name is not null then
      execute format('alter table %s drop constraint %I', p_table::regclass, v_key.name);
    else
      execute format('drop index %s', v_key.index);
    end if;
  end loop;
end
$$;
comment on function private.drop_unique_keys(text, text[], text) is
  'Drops the unique keys and indexes over just these columns, whatever their names, but for one that is meant to be there.';
revoke execute on function private.drop_unique_keys(text, text[], text) from public;
