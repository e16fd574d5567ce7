create or replace function private.release_user(p_user_id uuid, p_heir_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_column record;
  v_count bigint;
  v_done jsonb := '{}'::jsonb;
begin
  -- Read from the catalog: production has more tables than are known here.
  for v_column in
    select it.* from (
      -- what blocks: foreign keys to the user
      select c.conrelid::regclass::text as relation, a.attname as name,
        case when a.attnotnull then 'reassign' else 'clear' end as on_delete,
        format('%I = $1', a.attname) as condition
      from pg_catalog.pg_constraint c
      join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
      where c.contype = 'f'
        and c.confrelid in ('auth.users'::regclass, 'public.profiles'::regclass)
        and c.confdeltype in ('a', 'r')
        and cardinality(c.conkey) = 1
        and c.connamespace = 'public'::regnamespace
      union
      -- and foreign keys to what goes with the user, an enrolment say
      select c.conrelid::regclass::text, a.attname, 'clear',
        format(
          '%I in (select it.%I from %s it where it.%I = $1)', a.attname, key.attname, owned.conrelid::regclass,
          owner.attname
        )
      from pg_catalog.pg_constraint owned
      join pg_catalog.pg_attribute owner on owner.attrelid = owned.conrelid and owner.attnum = owned.conkey[1]
      join pg_catalog.pg_constraint c on c.confrelid = owned.conrelid
      join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
      join pg_catalog.pg_attribute key on key.attrelid = c.confrelid and key.attnum = c.confkey[1]
      where owned.contype = 'f'
        and owned.confrelid in ('auth.users'::regclass, 'public.profiles'::regclass)
        and owned.confdeltype = 'c'
        and owned.connamespace = 'public'::regnamespace
        and owned.conrelid <> 'public.profiles'::regclass
        and c.contype = 'f'
        and c.confdeltype in ('a', 'r')
        and cardinality(c.conkey) = 1
        and not a.attnotnull
      union
      -- and to what is deleted below, an add-on say
      select c.conrelid::regclass::text, a.attname, 'clear',
        format(
          '%I in (select it.%I from %s it where it.%I = $1)', a.attname, key.attname, c.confrelid::regclass,
          u.column_name
        )
      from private.user_columns u
      join pg_catalog.pg_constraint c on c.confrelid = to_regclass(u.table_name)
      join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
      join pg_catalog.pg_attribute key on key.attrelid = c.confrelid and key.attnum = c.confkey[1]
      where u.on_delete = 'delete'
        and c.contype = 'f'
        and c.confdeltype in ('a', 'r')
        and cardinality(c.conkey) = 1
        and not a.attnotnull
      union
      -- and what would be orphaned
      select u.table_name, u.column_name, u.on_delete, format('%I = $1', u.column_name)
      from private.user_columns u
      where u.on_delete <> 'keep' and to_regclass(u.table_name) is not null
    ) it
    order by it.on_delete = 'delete', 1, 2, 4 -- what is to go is referred to by nothing by then
  loop
    execute case v_column.on_delete
      when 'delete' then format('delete from %s where %s', v_column.relation, v_column.condition)
      when 'clear' then format(
        'update %s set %I = null where %s', v_column.relation, v_column.name, v_column.condition
      )
      else format('update %s set %I = $2 where %s', v_column.relation, v_column.name, v_column.condition)
    end using p_user_id, p_heir_id;
    get diagnostics v_count = row_count;
    if v_count > 0 then
      v_done := v_done || jsonb_build_object(
        format('%s.%s', replace(v_column.relation, 'public.', ''), v_column.name),
        format(
          '%s %s', v_count,
          case v_column.on_delete when 'delete' then 'deleted' when 'clear' then 'cleared' else 'reassigned' end
        )
      );
    end if;
  end loop;
  return v_done;
end
$$;
comment on function private.release_user(uuid, uuid) is
  'Takes away what keeps a user from being deleted or would be left without an owner: by foreign keys, as '
  'the catalog has them, and by private.user_columns. p_heir_id gets what must have somebody. Returns '
  'table.column → how many rows.';
revoke execute on function private.release_user(uuid, uuid) from public;

create or replace function public.delete_user(
  p_actor_id uuid, p_session_id uuid, p_user_id uuid, p_now timestamptz default now()
)
returns public.user_action_result
language plpgsql
security definer -- deletes from auth.users
set search_path = ''
as $$
declare
  v_result public.user_action_result;
  v_blocker text;
begin
  v_result := private.admit_user_action(p_actor_id, p_session_id, p_user_id, p_now);
  if v_result.code <> 'ok' then
    return v_result;
  end if;

  begin
    v_result.left_behind := private.user_leftovers(p_user_id, p_now);
    -- Codes live on under the admin's name, and bring nobody until somebody decides so.
    update public.partner_codes c set is_active = false where c.partner_id = p_user_id and c.is_active;
    v_result.done := private.release_user(p_user_id, p_actor_id);
    -- Copies that migrations left, of whatever table.
    delete from private.rows_before_repair r
    where r.content @? format('$.** ? (@ == %s)', to_json(p_user_id))::jsonpath;
    delete from auth.users u where u.id = p_user_id;
  exception
    when integrity_constraint_violation then -- a table that is not known here; everything above is undone
      get stacked diagnostics v_blocker = table_name;
      v_result.code := 'deletion_blocked';
      v_result.done := null;
      v_result.left_behind := jsonb_build_object('blocked_by', v_blocker);
      return v_result;
  end;
  perform private.audit(
    p_actor_id, 'delete_user', p_user_id, 'done',
    jsonb_build_object('done', v_result.done, 'left_behind', v_result.left_behind)
  );
  return v_result;
end
$$;
comment on function public.delete_user(uuid, uuid, uuid, timestamptz) is
  'Deletes a user for an admin, all or nothing: what would block it is cleared or re-assigned to the admin, '
  'what would be orphaned is deleted, accounts stay. Says what it did and what stays behind.';
revoke execute on function public.delete_user(uuid, uuid, uuid, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.delete_user(uuid, uuid, uuid, timestamptz) to service_role;
