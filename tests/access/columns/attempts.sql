-- What the columns' proof tries, in the database: each in a subtransaction that is undone.

-- Tries to insert a row. 'taken' where the row is there with the value asked about, 'ignored' where another came in
-- its place, 'refused' by a privilege, a policy, a trigger or a check; constraints between rows are checked after
-- all of these, so that who runs into one was let through.
create function pg_temp.try_insert(p_user_id text, p_table text, p_row jsonb, p_asked jsonb default '{}')
returns text language plpgsql as $$
declare
  v_columns text := (select string_agg(quote_ident(key), ', ') from jsonb_object_keys(p_row) as key);
  v_has text := format('select count(*) from public.%I t where to_jsonb(t) @> $1', p_table);
  v_asked jsonb := pg_temp.as_kept(p_table, p_asked);
  v_before bigint;
  v_after bigint;
  v_state text;
  v_message text;
begin
  execute v_has into v_before using v_asked;
  begin
    perform set_config('request.jwt.claims',
      jsonb_build_object('role', 'authenticated', 'sub', p_user_id)::text, true);
    perform set_config('role', 'authenticated', true);
    execute format('insert into public.%1$I (%2$s) select %2$s from jsonb_populate_record(null::public.%1$I, $1)',
      p_table, v_columns) using p_row;
    perform set_config('role', 'none', true);
    execute v_has into v_after using v_asked;
    raise exception using errcode = 'UNDO1';
  exception when others then
    get stacked diagnostics v_state = returned_sqlstate, v_message = message_text;
  end;
  return case
    when v_state = 'UNDO1' then case when v_after > v_before then 'taken' else 'ignored' end
    when v_state in ('23505', '23503', '23502', '23P01') then 'taken'
    when v_state in ('42501', 'P0001', '23514') then 'refused'
    else 'refused ' || v_state || ' ' || v_message
  end;
end
$$;

-- The same of an update of one row, which p_key finds. 'no row' where policies show none.
create function pg_temp.try_update(p_user_id text, p_table text, p_key jsonb, p_changes jsonb)
returns text language plpgsql as $$
declare
  v_sets text := (
    select string_agg(format('%1$I = (jsonb_populate_record(null::public.%2$I, $1)).%1$I', key, p_table), ', ')
    from jsonb_object_keys(p_changes) as key
  );
  v_where text := (select string_agg(format('%I = %L', key, value), ' and ') from jsonb_each_text(p_key));
  v_asked jsonb := pg_temp.as_kept(p_table, p_changes);
  v_rows bigint;
  v_is_kept boolean;
  v_state text;
  v_message text;
begin
  begin
    perform set_config('request.jwt.claims',
      jsonb_build_object('role', 'authenticated', 'sub', p_user_id)::text, true);
    perform set_config('role', 'authenticated', true);
    execute format('update public.%I set %s where %s', p_table, v_sets, v_where) using p_changes;
    get diagnostics v_rows = row_count;
    perform set_config('role', 'none', true);
    execute format('select exists (select from public.%I t where %s and to_jsonb(t) @> $1)', p_table, v_where)
      into v_is_kept using v_asked;
    raise exception using errcode = 'UNDO1';
  exception when others then
    get stacked diagnostics v_state = returned_sqlstate, v_message = message_text;
  end;
  return case
    when v_state = 'UNDO1' then case when v_rows = 0 then 'no row' when v_is_kept then 'taken' else 'ignored' end
    when v_state in ('23505', '23503', '23502', '23P01') then 'taken'
    when v_state in ('42501', 'P0001', '23514') then 'refused'
    else 'refused ' || v_state || ' ' || v_message
  end;
end
$$;

-- Values as to_jsonb() prints them of a row.
create function pg_temp.as_kept(p_table text, p_values jsonb)
returns jsonb language plpgsql as $$
declare
  v_row jsonb;
begin
  execute format('select to_jsonb(jsonb_populate_record(null::public.%I, $1))', p_table) into v_row using p_values;
  return coalesce((select jsonb_object_agg(key, v_row -> key) from jsonb_object_keys(p_values) as key), '{}');
end
$$;

-- The same of a deletion. A row that others hang on is let through.
create function pg_temp.try_delete(p_user_id text, p_table text, p_key jsonb)
returns text language plpgsql as $$
declare
  v_where text := (select string_agg(format('%I = %L', key, value), ' and ') from jsonb_each_text(p_key));
  v_rows bigint;
  v_state text;
begin
  begin
    perform set_config('request.jwt.claims',
      jsonb_build_object('role', 'authenticated', 'sub', p_user_id)::text, true);
    perform set_config('role', 'authenticated', true);
    execute format('delete from public.%I where %s', p_table, v_where);
    get diagnostics v_rows = row_count;
    raise exception using errcode = 'UNDO1';
  exception when others then
    get stacked diagnostics v_state = returned_sqlstate;
  end;
  return case
    when v_state = 'UNDO1' then case when v_rows > 0 then 'taken' else 'no row' end
    when v_state like '23%' then 'taken'
    else 'refused'
  end;
end
$$;
