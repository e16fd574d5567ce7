-- What migrations call; nothing else does.

create or replace function private.drop_policies(variadic p_tables text[])
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_policy record;
begin
  for v_policy in
    select p.tablename, p.policyname from pg_catalog.pg_policies p
    where p.schemaname = 'public' and p.tablename = any (p_tables)
  loop
    execute format('drop policy %I on public.%I', v_policy.policyname, v_policy.tablename);
  end loop;
end
$$;
comment on function private.drop_policies(text[]) is
  'Drops every policy of these tables in public, production''s of unknown names too, before a migration '
  'makes them anew.';
revoke execute on function private.drop_policies(text[]) from public;

create or replace function private.drop_public_functions(variadic p_names text[])
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_function regprocedure;
begin
  for v_function in
    select p.oid::regprocedure from pg_catalog.pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.proname = any (p_names)
  loop
    execute format('drop function %s', v_function);
  end loop;
end
$$;
comment on function private.drop_public_functions(text[]) is
  'Drops the functions of these names in public, whatever their arguments, before a migration makes them '
  'anew.';
revoke execute on function private.drop_public_functions(text[]) from public;

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

create or replace function private.policies_are(p_tables text[], p_count integer)
returns boolean
language sql
stable
set search_path = ''
as $$
  select count(*) = p_count
    and bool_and(p.policyname in ('select', 'insert', 'update', 'delete', 'all'))
  from pg_catalog.pg_policies p
  where p.schemaname = 'public' and p.tablename = any (p_tables)
$$;
comment on function private.policies_are(text[], integer) is
  'Whether these tables of public have just so many policies, all named as ours are: after the operation.';
revoke execute on function private.policies_are(text[], integer) from public;
