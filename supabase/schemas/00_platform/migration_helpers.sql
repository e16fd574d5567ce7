-- What migrations call; nothing else does.

create or replace function private.ensure_type(p_statement text)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_parts constant text[] := pg_catalog.regexp_match(p_statement, '^\s*create type (\S+) as \((.*)\)\s*$');
begin
  if to_regtype(v_parts[1]) is null then
    execute p_statement;
  end if;
  perform private.assert_type(v_parts[1], v_parts[2]);
end
$$;
comment on function private.ensure_type(text) is
  'Runs a `create type … as (…)` statement where there is no type of that name; raises where the one there is another.';
revoke execute on function private.ensure_type(text) from public;

create or replace function private.ensure_table(p_statement text)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_parts constant text[] := pg_catalog.regexp_match(p_statement, '^\s*create table (\S+) \((.*)\)\s*$');
begin
  if to_regclass(v_parts[1]) is null then
    execute p_statement;
  end if;
  perform private.assert_table(
    v_parts[1],
    -- a temporary table, with which it is compared, cannot refer to others
    pg_catalog.regexp_replace(
      v_parts[2], '\mreferences [a-z_.]+ \([a-z_, ]+\)( on (delete|update) (cascade|set null))*', '', 'g'
    )
  );
end
$$;
comment on function private.ensure_table(text) is
  'Runs a `create table` statement where there is no table of that name; raises where the one there is lacks its columns.';
revoke execute on function private.ensure_table(text) from public;

create or replace function private.ensure_index(p_statement text)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_parts constant text[] := pg_catalog.regexp_match(p_statement, '^create\s+(?:unique\s+)?index\s+(\S+)\s+on\s+([^\s(]+)');
begin
  -- Looked up first: `if not exists` would lock the table to find that there is nothing to do.
  if not exists (
    select from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
    where i.indrelid = v_parts[2]::regclass and c.relname = v_parts[1]
  ) then
    execute p_statement;
  end if;
  perform private.assert_index(p_statement);
end
$$;
comment on function private.ensure_index(text) is
  'Runs a `create index` statement where the table lacks an index of that name; raises where the one it has is another.';
revoke execute on function private.ensure_index(text) from public;
