create or replace function private.audit_writes()
returns trigger
language plpgsql
security definer -- nobody who writes these tables may write the audit log
-- Triggers on tables that the server writes all the time ask for the role of the request, which a definer function
-- keeps: what the server and pg_cron write there costs nothing here.
set search_path = ''
as $$
declare
  v_actor_id constant uuid := auth.uid();
  v_old jsonb;
  v_new jsonb;
  v_row jsonb;
  v_changed jsonb;
begin
  if tg_argv[0] = 'admins' and not private.is_admin() then
    return null;
  end if;
  v_old := case when tg_op <> 'INSERT' then to_jsonb(old) else '{}' end;
  v_new := case when tg_op <> 'DELETE' then to_jsonb(new) else '{}' end;
  v_row := v_old || v_new;

  -- What people wrote, and what may be a secret, is text: of such columns the log has the name alone.
  select jsonb_object_agg(
    a.attname,
    case
      when t.typcategory in ('B', 'N', 'D', 'E') or t.oid = 'uuid'::regtype
        then jsonb_strip_nulls(jsonb_build_object('old', v_old -> a.attname, 'new', v_new -> a.attname))
      else '{}'
    end
  ) into v_changed
  from pg_catalog.pg_attribute a
  join pg_catalog.pg_type t on t.oid = a.atttypid
  where a.attrelid = tg_relid and a.attnum > 0 and not a.attisdropped
    -- who used a code stands in a row of its own
    and a.attname not in ('created_at', 'updated_at', 'current_uses', 'uses_count')
    and nullif(v_old -> a.attname, 'null') is distinct from nullif(v_new -> a.attname, 'null');
  if v_changed is null then
    return null;
  end if;

  perform private.audit(
    v_actor_id, tg_table_name || '.' || lower(tg_op),
    private.uuid_or_null(coalesce(
      v_row ->> 'user_id', v_row ->> 'client_user_id', v_row ->> 'partner_id',
      case v_row ->> 'owner_type' when 'user' then v_row ->> 'owner_id' end
    )),
    'done',
    jsonb_build_object('table', tg_table_name, 'key', v_row -> 'id', 'changed', v_changed)
      -- without a person, such as the server or somebody at psql: the role
      || case when v_actor_id is null
        then jsonb_build_object('role', coalesce(nullif(current_setting('role'), 'none'), session_user))
        else '{}' end
  );
  return null;
end
$$;
comment on function private.audit_writes() is
  'Trigger on roles, credits, codes, plans and settings: a line of the audit log for each row, whoever writes it; with '
  'the argument admins, what an admin writes. It has the values of numbers, flags, dates, enums and ids, and of text '
  'the column''s name alone; without a person, the role.';
revoke execute on function private.audit_writes() from public;
