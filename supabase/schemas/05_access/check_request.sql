create or replace function private.check_request()
returns void
language plpgsql
stable
security definer -- the caller may not read auth.users
set search_path = ''
as $$
declare
  v_user_id uuid := auth.uid(); -- null for the keys, which are nobody's
begin
  if v_user_id is null then
    return;
  end if;
  if private.is_disabled(v_user_id)
    or not exists (select from auth.users u where u.id = v_user_id)
  then
    -- PostgREST answers PTnnn with the status nnn
    raise exception using errcode = 'PT403', message = 'This account is disabled.';
  end if;
end
$$;
comment on function private.check_request() is
  'Called by PostgREST before every request: refuses a disabled or deleted user with 403 PT403.';
revoke execute on function private.check_request() from public;
grant execute on function private.check_request() to anon, authenticated, service_role;

-- PostgREST calls one function before every request. Where another one is named already this stops:
-- it has to be called from there, or the other from here.
do $$
declare
  v_named text[];
begin
  select array_agg(substr(setting, length('pgrst.db_pre_request=') + 1)) into v_named
  from pg_catalog.pg_db_role_setting s
  cross join unnest(s.setconfig) as setting
  where s.setrole = 'authenticator'::regrole
    and s.setdatabase in (
      0, (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
    )
    and starts_with(setting, 'pgrst.db_pre_request=')
    and setting <> 'pgrst.db_pre_request=';
  if v_named = array['private.check_request'] then
    return;
  elsif v_named <> array['private.check_request'] then
    raise exception 'the role authenticator already names % as pgrst.db_pre_request', array_to_string(v_named, ', ')
      using hint = 'Call private.check_request() from it and take this block out, or reset the setting.';
  end if;
  execute format(
    'alter role authenticator in database %I set pgrst.db_pre_request = %L',
    current_database(), 'private.check_request'
  );
  notify pgrst, 'reload config';
end
$$;
