-- A database as a Supabase project begins with it, without the schema auth (auth.sql). Run as supabase_admin in
-- template1, so that every new database has it, and in the database postgres.
-- psql -v default_grants=on: the Data API's roles get everything on what postgres makes in public, as in projects
-- from before 2026-10-30; =off: nothing.

create schema extensions;
create extension pgcrypto with schema extensions;
create extension "uuid-ossp" with schema extensions;
-- Supabase has it where somebody asked for it, as `supabase db lint` does; without supautils only a superuser can.
create extension plpgsql_check with schema extensions;
grant usage on schema extensions to anon, authenticated, service_role;
grant all on schema extensions to postgres, dashboard_user;
grant all on all routines in schema extensions to postgres, dashboard_user;

create schema storage authorization supabase_storage_admin;
create schema realtime authorization supabase_realtime_admin;
grant usage on schema storage, realtime to postgres, anon, authenticated, service_role;

grant usage on schema public to postgres, anon, authenticated, service_role;
\if :default_grants
alter default privileges for role postgres, supabase_admin in schema public
  grant all on tables to postgres, anon, authenticated, service_role;
alter default privileges for role postgres, supabase_admin in schema public
  grant all on functions to postgres, anon, authenticated, service_role;
alter default privileges for role postgres, supabase_admin in schema public
  grant all on sequences to postgres, anon, authenticated, service_role;
\endif

-- Every change of the schema has PostgREST read it anew.
create function extensions.pgrst_ddl_watch() returns event_trigger language plpgsql as $$
begin
  if exists (
    select from pg_event_trigger_ddl_commands() c
    where coalesce(c.schema_name, '') not in ('pg_temp', 'auth', 'realtime', 'storage')
  ) then
    notify pgrst, 'reload schema';
  end if;
end
$$;
create function extensions.pgrst_drop_watch() returns event_trigger language plpgsql as $$
begin
  if exists (select from pg_event_trigger_dropped_objects() d where not d.is_temporary) then
    notify pgrst, 'reload schema';
  end if;
end
$$;
create event trigger pgrst_ddl_watch on ddl_command_end execute function extensions.pgrst_ddl_watch();
create event trigger pgrst_drop_watch on sql_drop execute function extensions.pgrst_drop_watch();

-- In place of supautils: before postgres makes, alters or drops a policy, or drops a trigger, on any table and
-- `if exists` of nothing too, every table of the platform is locked until the transaction ends.
create function extensions.lock_platform_tables() returns event_trigger language plpgsql as $$
declare
  v_tables text;
begin
  if current_user <> 'postgres' then
    return;
  end if;
  select string_agg(c.oid::regclass::text, ', ' order by c.oid) into v_tables
  from pg_catalog.pg_class c
  where c.relkind = 'r' and c.relnamespace = 'auth'::regnamespace and c.relname <> 'schema_migrations';
  execute 'lock table ' || v_tables || ' in access exclusive mode';
end
$$;
create event trigger lock_platform_tables on ddl_command_start
  when tag in ('CREATE POLICY', 'ALTER POLICY', 'DROP POLICY', 'DROP TRIGGER')
  execute function extensions.lock_platform_tables();
