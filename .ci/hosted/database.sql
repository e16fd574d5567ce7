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
create table storage.buckets (id text primary key, name text not null unique, public boolean default false);
create table storage.objects (
  id uuid primary key default gen_random_uuid(),
  bucket_id text references storage.buckets,
  name text,
  owner_id text,
  metadata jsonb,
  created_at timestamptz default now()
);
alter table storage.buckets owner to supabase_storage_admin;
alter table storage.objects owner to supabase_storage_admin;
alter table storage.buckets enable row level security;
alter table storage.objects enable row level security;
grant all on all tables in schema storage to postgres, anon, authenticated, service_role;

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
  where c.relkind = 'r' and c.relnamespace in ('auth'::regnamespace, 'storage'::regnamespace)
    and c.relname <> 'schema_migrations';
  execute 'lock table ' || v_tables || ' in access exclusive mode';
  if tg_tag = 'DROP TRIGGER' and current_query() ~ '\mauth\M' then
    perform extensions.let_postgres_drop_triggers_of_auth(true);
  end if;
end
$$;
create event trigger lock_platform_tables on ddl_command_start
  when tag in ('CREATE POLICY', 'ALTER POLICY', 'DROP POLICY', 'DROP TRIGGER')
  execute function extensions.lock_platform_tables();

-- supautils also lets postgres drop triggers on the platform's tables, which takes their owner: for the one
-- statement, where it may be about auth. (Policies there, which it allows as well, are not stood in for.)
create function extensions.let_postgres_drop_triggers_of_auth(p_let boolean) returns void
language plpgsql security definer set search_path = '' as $$
begin
  if p_let then
    grant supabase_auth_admin to postgres;
  else
    revoke supabase_auth_admin from postgres;
  end if;
end
$$;
create function extensions.end_of_drop_trigger() returns event_trigger language plpgsql as $$
begin
  if current_user = 'postgres' and pg_has_role('supabase_auth_admin', 'member') then
    perform extensions.let_postgres_drop_triggers_of_auth(false);
  end if;
end
$$;
create event trigger end_of_drop_trigger on ddl_command_end
  when tag in ('DROP TRIGGER') execute function extensions.end_of_drop_trigger();
