create or replace function private.assert_type(p_type text, p_attributes text)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_wanted text;
  v_found text;
begin
  execute format('create temporary table assert_twin (%s)', p_attributes);
  select string_agg(a.attname || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod), ', ' order by a.attnum)
    filter (where a.attrelid = to_regclass('pg_temp.assert_twin')),
    string_agg(a.attname || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod), ', ' order by a.attnum)
    filter (where a.attrelid <> to_regclass('pg_temp.assert_twin'))
  into v_wanted, v_found
  from pg_catalog.pg_attribute a
  where a.attnum > 0 and not a.attisdropped
    and a.attrelid in (
      to_regclass('pg_temp.assert_twin'),
      (select t.typrelid from pg_catalog.pg_type t where t.oid = to_regtype(p_type))
    );
  execute 'drop table pg_temp.assert_twin';
  if v_found is distinct from v_wanted then
    raise exception 'type % is not as this migration makes it: it is (%), and should be (%)',
      p_type, coalesce(v_found, 'no composite type'), v_wanted using errcode = 'object_not_in_prerequisite_state';
  end if;
end
$$;
comment on function private.assert_type(text, text) is
  'Raises unless a composite type has these attributes, in this order.';
revoke execute on function private.assert_type(text, text) from public;

create or replace function private.assert_enum(p_type text, variadic p_labels text[])
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_found constant text[] := array(
    select e.enumlabel from pg_catalog.pg_enum e where e.enumtypid = p_type::regtype order by e.enumsortorder);
begin
  if v_found is distinct from p_labels then
    raise exception 'type % is not as this migration makes it: its values are %, and should be %',
      p_type, v_found, p_labels using errcode = 'object_not_in_prerequisite_state';
  end if;
end
$$;
comment on function private.assert_enum(text, text[]) is
  'Raises unless an enum has these values, in this order.';
revoke execute on function private.assert_enum(text, text[]) from public;

create or replace function private.assert_schema(p_schema text)
returns void
language plpgsql
set search_path = ''
as $$
begin
  if not pg_catalog.has_schema_privilege(p_schema, 'create') then
    raise exception 'schema % belongs to %, and % may not create in it', p_schema,
      (select n.nspowner::regrole from pg_catalog.pg_namespace n where n.nspname = p_schema), current_user
      using errcode = 'object_not_in_prerequisite_state';
  end if;
end
$$;
comment on function private.assert_schema(text) is 'Raises unless the migration''s role may create in a schema.';
revoke execute on function private.assert_schema(text) from public;
