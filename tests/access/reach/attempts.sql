-- What the proof of reach tries, in the database: each in a subtransaction that is undone.

-- How many rows a statement changes as a user, or the code of what refused it.
create function pg_temp.reached(p_user_id text, p_statement text)
returns text language plpgsql as $$
declare
  v_rows bigint;
begin
  perform set_config('request.jwt.claims',
    jsonb_build_object('role', 'authenticated', 'sub', p_user_id)::text, true);
  perform set_config('role', 'authenticated', true);
  execute p_statement;
  get diagnostics v_rows = row_count;
  raise exception using errcode = 'UNDO1', message = v_rows::text;
exception
  when sqlstate 'UNDO1' then return sqlerrm;
  when others then return sqlstate;
end
$$;

-- A statement that names a column of the rows asks for the right to read them, and one that names none does not: who
-- reaches more rows by the second changes what they cannot read. Asked of the owner's row in each of its states.
-- Answers a line for each case; the last says how many were compared.
create function pg_temp.reach(p_table text, p_key text[], p_columns text[], p_people jsonb, p_states jsonb)
returns setof text language plpgsql as $$
declare
  v_filter constant text := format(' where %I is not null', p_key[1]);
  v_person record;
  v_state jsonb;
  v_statement text;
  v_all text;
  v_readable text;
  v_is_updated boolean;
  v_compared integer := 0;
  v_found text[] := '{}';
begin
  for v_state in select * from jsonb_array_elements(p_states) loop
    begin
      if v_state -> 'values' <> '{}' then
        execute format('update public.%I set %s where %s', p_table,
          (select string_agg(format('%I = %L', key, value), ', ') from jsonb_each_text(v_state -> 'values')),
          (select string_agg(format('%I = %L', key, value), ' and ') from jsonb_each_text(v_state -> 'key')));
      end if;
      for v_person in select key as who, value as id from jsonb_each_text(p_people) loop
        v_is_updated := false;
        foreach v_statement in array array(
          select format('update public.%I set %I = %L', p_table, name, v_state -> 'row' ->> name)
          from unnest(p_columns) as name
        ) || format('delete from public.%I', p_table) loop
          continue when v_is_updated and v_statement like 'update%';
          v_all := pg_temp.reached(v_person.id, v_statement);
          continue when v_all !~ '^\d+$'; -- by another column, perhaps
          v_is_updated := true;
          continue when v_all = '0';
          v_readable := pg_temp.reached(v_person.id, v_statement || v_filter);
          v_compared := v_compared + 1;
          if v_all <> v_readable then
            v_found := v_found || format('%s: %s %ss %s, reads %s', p_table, v_person.who,
              split_part(v_statement, ' ', 1), v_all, v_readable);
          end if;
        end loop;
      end loop;
      raise exception using errcode = 'UNDO2';
    exception
      when sqlstate 'UNDO2' or integrity_constraint_violation then null; -- no row is ever like that
    end;
  end loop;
  return query select distinct unnest(v_found);
  return next v_compared::text;
end
$$;
