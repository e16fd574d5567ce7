create or replace function private.assert_table(
  p_table text, p_columns text, variadic p_constraints text[] default '{}'
) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_bare constant text := '::[a-z_."]+( [a-z]+)*(\([0-9,]+\))?(\[\])?';
  v_twin regclass;
  v_constraint text;
  v_wanted text;
  v_part record;
begin
  execute format('create temporary table assert_twin (%s)', p_columns);
  v_twin := to_regclass('pg_temp.assert_twin');
  for v_part in
    with columns as (
      select a.attrelid = v_twin as is_wanted, a.attname as name,
        concat_ws(' ', pg_catalog.format_type(a.atttypid, a.atttypmod),
          case when a.attnotnull then 'not null' end,
          case a.attidentity when 'a' then 'generated always as identity' when 'd' then 'generated as identity' end,
          case when a.attgenerated <> '' then 'generated as' else 'default' end
            || ' ' || pg_catalog.regexp_replace(pg_catalog.pg_get_expr(d.adbin, d.adrelid), v_bare, '', 'g')
        ) as definition
      from pg_catalog.pg_attribute a
      left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where a.attrelid in (v_twin, p_table::regclass)
        and a.attnum > 0 and not a.attisdropped
    )
    select w.name, w.definition as wanted, coalesce(f.definition, 'nothing') as found
    from columns w left join columns f on f.name = w.name and not f.is_wanted
    where w.is_wanted and f.definition is distinct from w.definition
  loop
    raise exception 'column %.% is not as this migration makes it: it is %, and should be %',
      p_table, v_part.name, v_part.found, v_part.wanted using errcode = 'object_not_in_prerequisite_state';
  end loop;

  foreach v_constraint in array p_constraints loop
    v_wanted := v_constraint;
    if v_constraint !~* '^\s*foreign key' then -- which a temporary table cannot have: it is compared as written
      execute format('alter table pg_temp.assert_twin add constraint assert_twin_one %s', v_constraint);
      select pg_catalog.pg_get_constraintdef(k.oid) into v_wanted from pg_catalog.pg_constraint k
      where k.conrelid = v_twin and k.conname = 'assert_twin_one';
      execute 'alter table pg_temp.assert_twin drop constraint assert_twin_one';
    end if;
    perform from pg_catalog.pg_constraint k
    where k.conrelid = p_table::regclass
      and pg_catalog.regexp_replace(lower(pg_catalog.pg_get_constraintdef(k.oid)), '\s|not valid$', '', 'g')
        = pg_catalog.regexp_replace(lower(v_wanted), '\s', '', 'g');
    if not found then
      raise exception 'table % has no constraint %, which this migration makes; it has %', p_table, v_wanted,
        (select string_agg(pg_catalog.pg_get_constraintdef(k.oid), '; ') from pg_catalog.pg_constraint k
         where k.conrelid = p_table::regclass) using errcode = 'object_not_in_prerequisite_state';
    end if;
  end loop;
  execute 'drop table pg_temp.assert_twin';
end
$$;
comment on function private.assert_table(text, text, text[]) is
  'Raises unless a table has these columns (type, not null, default; casts in a default do not count) and these constraints, whatever their names. Others may be there too.';
revoke execute on function private.assert_table(text, text, text[]) from public;

create or replace function private.assert_index(p_statement text)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_parts constant text[] := pg_catalog.regexp_match(p_statement,
    '^\s*create\s+(unique\s+)?index\s+(?:if\s+not\s+exists\s+)?(\S+)\s+on\s+(?:only\s+)?(\S+?)\s*((?:using|\().*?)\s*;?\s*$', 'i');
  v_table constant regclass := v_parts[3]::regclass;
  v_wanted text;
  v_found text;
begin
  execute format('create temporary table assert_twin (like %s)', v_table);
  execute format('create %s index assert_twin_index on pg_temp.assert_twin %s', v_parts[1], v_parts[4]);
  v_wanted := pg_catalog.pg_get_indexdef(to_regclass('pg_temp.assert_twin_index'));
  select pg_catalog.pg_get_indexdef(i.indexrelid) || case when i.indisvalid then '' else ' (not valid)' end
  into v_found
  from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
  where i.indrelid = v_table and c.relname = pg_catalog.btrim(v_parts[2], '"');
  execute 'drop table pg_temp.assert_twin';
  -- how it begins differs by the names of index and table alone, which are known
  if v_found is null
    or (v_found ~ '^CREATE UNIQUE') <> (v_wanted ~ '^CREATE UNIQUE')
    or pg_catalog.regexp_replace(v_found, '^.*? USING ', '') <> pg_catalog.regexp_replace(v_wanted, '^.*? USING ', '')
  then
    raise exception 'index % of % is not as this migration makes it: it is %, and should be %',
      v_parts[2], v_table, coalesce(v_found, 'not there'), p_statement
      using errcode = 'object_not_in_prerequisite_state';
  end if;
end
$$;
comment on function private.assert_index(text) is
  'Raises unless the index is there that this `create index` statement makes, on that table, valid.';
revoke execute on function private.assert_index(text) from public;
