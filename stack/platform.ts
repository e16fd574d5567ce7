import { getAuthSchemaSql } from "@supabase/lite";

/**
 * What a Supabase project has before its first migration, and `@supabase/lite` leaves out: the API's
 * roles. The names are the platform's; migrations grant to them.
 */
const ROLES = `
do $$
declare
  v_role text;
begin
  foreach v_role in array array[
    'anon nologin noinherit',
    'authenticated nologin noinherit',
    'service_role nologin noinherit bypassrls',
    'authenticator nologin noinherit',
    'supabase_auth_admin nologin noinherit createrole'
  ] loop
    if to_regrole(split_part(v_role, ' ', 1)) is null then
      execute 'create role ' || v_role;
    end if;
  end loop;
  foreach v_role in array array['anon', 'authenticated', 'service_role'] loop
    if not pg_has_role('authenticator', v_role, 'member') then
      execute format('grant %I to authenticator', v_role);
    end if;
  end loop;
exception
  -- roles belong to the whole server: another stack on another database came first
  when duplicate_object or unique_violation then null;
end
$$;
create schema if not exists extensions;
create extension if not exists pgcrypto with schema extensions;
create extension if not exists "uuid-ossp" with schema extensions;
`;

/** What policies read of the request's token, as Supabase defines it. lite's auth.email() is always null. */
const AUTH_HELPERS = `
create or replace function auth.uid() returns uuid language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.sub', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid
$$;
create or replace function auth.role() returns text language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.role', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role')
$$;
create or replace function auth.email() returns text language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim.email', true), ''),
    nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email')
$$;
create or replace function auth.jwt() returns jsonb language sql stable as $$
  select coalesce(
    nullif(current_setting('request.jwt.claim', true), ''),
    nullif(current_setting('request.jwt.claims', true), ''))::jsonb
$$;
`;

/**
 * The history of migrations and the seed as the Supabase CLI keeps them: all that a project of
 * Supabase's lacks, where `postgres`, no superuser, may make it.
 */
export const HISTORY_SQL = `
create schema if not exists supabase_migrations;
create table if not exists supabase_migrations.schema_migrations (
  version text not null primary key, statements text[], name text
);
create table if not exists supabase_migrations.seed_files (
  path text not null primary key, hash text not null
);
`;

/**
 * Columns of auth.users that lite leaves out and seeds written for Supabase fill, ids that the database
 * gives as it does there, and the platform's grants. Tables get none by default (Supabase since
 * 2026-10-30): a migration that forgets a grant fails here as it does there.
 */
const COMPLETION = `
alter table auth.users add column if not exists instance_id uuid;
alter table auth.users add column if not exists is_super_admin boolean;
alter table auth.identities alter column id set default gen_random_uuid();
alter table auth.refresh_tokens alter column id set default gen_random_uuid();

grant usage on schema public, extensions, auth to anon, authenticated, service_role;
grant usage on schema auth to supabase_auth_admin;
grant all on all tables in schema auth to supabase_auth_admin;
alter default privileges in schema public
  grant execute on functions to anon, authenticated, service_role;
`;

/** As on Supabase, every change of the schema tells PostgREST to read it anew. */
const SCHEMA_RELOAD = `
create or replace function extensions.pgrst_ddl_watch() returns event_trigger language plpgsql as $$
begin
  if exists (select from pg_event_trigger_ddl_commands() c
             where c.schema_name is distinct from 'pg_temp') then
    notify pgrst, 'reload schema';
  end if;
end
$$;
create or replace function extensions.pgrst_drop_watch() returns event_trigger language plpgsql as $$
begin
  if exists (select from pg_event_trigger_dropped_objects() d where not d.is_temporary) then
    notify pgrst, 'reload schema';
  end if;
end
$$;
drop event trigger if exists pgrst_ddl_watch;
drop event trigger if exists pgrst_drop_watch;
create event trigger pgrst_ddl_watch on ddl_command_end
  execute function extensions.pgrst_ddl_watch();
create event trigger pgrst_drop_watch on sql_drop execute function extensions.pgrst_drop_watch();
`;

/** The channel PostgREST listens on. */
export const RELOAD_CHANNEL = "pgrst";

/** Makes an empty database look like a new Supabase project. Can be run again. */
export const PLATFORM_SQL = [
  ROLES,
  getAuthSchemaSql(),
  AUTH_HELPERS,
  COMPLETION,
  HISTORY_SQL,
  SCHEMA_RELOAD,
].join("\n");

/** The platform's session settings: extensions resolve, and times read, as they do there. */
export const SETTINGS = {
  search_path: '"$user", public, extensions',
  TimeZone: "UTC",
};
