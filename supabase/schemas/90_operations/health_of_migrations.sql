create or replace function private.health_of_migrations()
returns private.operations_check
language plpgsql
stable
set search_path = ''
as $$
declare
  v_check private.operations_check;
begin
  if to_regclass('supabase_migrations.schema_migrations') is null then
    v_check.status := 'red';
    v_check.detail := 'There is no migration history.';
    return v_check;
  end if;
  execute format(
    'select count(*), max(m.version) from %I.schema_migrations m', 'supabase_migrations'
  ) into v_check.number, v_check.subject;
  if coalesce(v_check.subject, '') < '20260330083927' then
    v_check.status := 'red';
    v_check.detail := 'The history lacks the migration that made this view.';
  else
    v_check.status := 'green';
    v_check.detail := 'The newest is ' || v_check.subject || '.';
  end if;
  return v_check;
end
$$;
comment on function private.health_of_migrations() is
  'How many migrations are applied, and which is the newest.';
revoke execute on function private.health_of_migrations() from public;
