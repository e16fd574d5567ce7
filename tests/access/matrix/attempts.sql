-- What the matrix tries, in the database: for one session, and undone with its transaction.

set local plan_cache_mode = force_generic_plan;

-- Tries a statement and undoes it. 'may'; '-' without the privilege; '.' where policies show no such row;
-- 'refused' where they refuse the new one, or a trigger does; else what went wrong.
-- Each statement becomes a function, so that it is planned, with its policies, once a role.
create function pg_temp.attempt(
  p_role text, p_user_id text, p_table text, p_statement text, p_columns text[] default '{}'
)
returns text language plpgsql as $$
declare
  v_function text := 'attempt_' || md5(p_statement);
  v_outcome text;
begin
  if to_regproc('pg_temp.' || v_function) is null then
    execute format($template$
      create function pg_temp.%I(p_role text, p_user_id text, p_table text, p_columns text[])
      returns text language plpgsql as $body$
      declare
        v_rows bigint;
        v_state text;
        v_message text;
        v_context text;
      begin
        begin
          perform set_config('request.jwt.claims', jsonb_strip_nulls(jsonb_build_object(
            'role', p_role, 'sub', p_user_id))::text, true);
          perform set_config('role', p_role, true);
          %s;
          get diagnostics v_rows = row_count;
          raise exception using errcode = 'UNDO1'; -- and the role with it
        exception when others then
          get stacked diagnostics
            v_state = returned_sqlstate, v_message = message_text, v_context = pg_exception_context;
        end;
        return case
          when v_state = 'UNDO1' then case when v_rows > 0 then 'may' else '.' end
          when v_message in ('permission denied for table ' || p_table, 'permission denied for view ' || p_table)
            or v_message ~ '^cannot (insert into|update|delete from) view '
            then '-'
          when v_message like format('new row violates row-level security policy %%%%for table "%%s"', p_table)
            then 'refused'
          when v_context ~ 'PL/pgSQL function (private|public)\.' and v_state in ('42501', 'P0001', '23514')
            then 'refused'
          -- constraints are checked after the policies and the triggers before
          when v_state like '23%%' and v_context !~ 'PL/pgSQL function (private|public)\.' then 'may'
          else v_state || ' ' || v_message
        end;
      end $body$ $template$, v_function, p_statement);
  end if;
  execute format('select pg_temp.%I($1, $2, $3, $4)', v_function)
    into v_outcome using p_role, p_user_id, p_table, p_columns;
  return v_outcome;
end
$$;

create function pg_temp.letter(p_outcome text, p_letter text)
returns text language sql as $$
  select case p_outcome when 'may' then p_letter when '-' then '-' when '.' then '.' when 'refused' then '.' else '!' end
$$;

-- Tries to insert a copy of a row, as far as the role may insert its columns.
create function pg_temp.insert(p_role text, p_user_id text, p_table text, p_row jsonb)
returns text language plpgsql as $$
declare
  v_columns text;
begin
  select string_agg(quote_ident(a.attname), ', ' order by a.attnum) into v_columns from pg_attribute a
  where a.attrelid = format('public.%I', p_table)::regclass and a.attnum > 0 and not a.attisdropped
    and a.attgenerated = '' and a.attidentity = ''
    and has_column_privilege(p_role, a.attrelid, a.attnum, 'INSERT');
  return case when v_columns is null then '-' else pg_temp.attempt(p_role, p_user_id, p_table, format(
    'insert into public.%1$I (%2$s) select %2$s from jsonb_populate_record(null::public.%1$I, %3$L)',
    p_table, v_columns, p_row)) end;
end
$$;

-- Tries to change some columns of a row, by a statement that names all that the role may update.
create function pg_temp.change(
  p_role text, p_user_id text, p_table text, p_where text, p_changes jsonb, p_columns text[]
)
returns text language sql as $$
  select pg_temp.attempt(
    p_role, p_user_id, p_table,
    format(
      'update public.%I set %s where %s', p_table,
      string_agg(format('%1$I = case when %1$L = any (p_columns) then %2$L else %1$I end', key, value), ', '),
      p_where
    ),
    p_columns
  )
  from jsonb_each_text(p_changes)
  where has_column_privilege(p_role, format('public.%I', p_table), key, 'UPDATE')
$$;

-- The columns whose change is refused, by halving.
create function pg_temp.refused(
  p_role text, p_user_id text, p_table text, p_where text, p_changes jsonb, p_columns text[]
)
returns text[] language plpgsql as $$
declare
  v_half integer := cardinality(p_columns) / 2;
begin
  if pg_temp.change(p_role, p_user_id, p_table, p_where, p_changes, p_columns) = 'may' then
    return '{}';
  end if;
  if v_half = 0 then
    return p_columns;
  end if;
  return pg_temp.refused(p_role, p_user_id, p_table, p_where, p_changes, p_columns[:v_half])
    || pg_temp.refused(p_role, p_user_id, p_table, p_where, p_changes, p_columns[v_half + 1:]);
end
$$;

-- Tries all four on one row, which p_where finds. An update is U where every column can be changed, and u
-- where only some can.
create function pg_temp.cell(
  p_role text, p_user_id text, p_table text, p_where text, p_row jsonb, p_changes jsonb
)
returns table (cell text, refused text[], fault text) language plpgsql as $$
declare
  v_columns text[] := array(select jsonb_object_keys(p_changes));
  v_granted text[] := array(
    select name from unnest(v_columns) as name
    where has_column_privilege(p_role, format('public.%I', p_table), name, 'UPDATE')
  );
  v_select text := pg_temp.attempt(p_role, p_user_id, p_table,
    format('perform from public.%I where %s', p_table, p_where));
  v_insert text := pg_temp.insert(p_role, p_user_id, p_table, p_row);
  v_update text := case when v_granted = '{}' then '-'
    else pg_temp.change(p_role, p_user_id, p_table, p_where, p_changes, v_granted) end;
  v_delete text := pg_temp.attempt(p_role, p_user_id, p_table,
    format('delete from public.%I where %s', p_table, p_where));
begin
  refused := '{}';
  if v_update = 'refused' then
    refused := pg_temp.refused(p_role, p_user_id, p_table, p_where, p_changes, v_granted);
    v_update := case when refused @> v_granted then 'refused' else 'may' end;
  end if;
  if v_update = 'may' then
    refused := refused || array(select unnest(v_columns) except select unnest(v_granted));
  else
    refused := '{}';
  end if;
  cell := pg_temp.letter(v_select, 'S') || pg_temp.letter(v_insert, 'I')
    || pg_temp.letter(v_update, case refused when '{}' then 'U' else 'u' end) || pg_temp.letter(v_delete, 'D');
  select string_agg(distinct outcome, '; ') into fault
  from unnest(array[v_select, v_insert, v_update, v_delete]) as outcome
  where pg_temp.letter(outcome, 'may') = '!';
  return next;
end
$$;
