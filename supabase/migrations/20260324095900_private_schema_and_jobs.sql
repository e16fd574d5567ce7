-- Schema private, which the Data API does not expose, and what later migrations share.
--
-- Why: helpers must not be callable by visitors; a database without pg_cron (PGlite, a bare PostgreSQL)
-- has to take every migration all the same; and production's functions have signatures and results that
-- `create or replace` cannot change.
-- Locks: none. Can be run again.

set lock_timeout = '10s';

create schema if not exists private;
comment on schema private is 'Helpers and tables that the Data API does not expose.';
revoke all on schema private from public;
grant usage on schema private to anon, authenticated, service_role;

create or replace function private.schedule_job(p_name text, p_schedule text, p_command text)
returns void
language plpgsql
set search_path = ''
as $$
begin
  if not exists (select from pg_catalog.pg_available_extensions where name = 'pg_cron') then
    raise notice 'pg_cron is not available: % is not scheduled', p_name;
    return;
  end if;
  begin
    create extension if not exists pg_cron with schema pg_catalog;
  exception
    when others then -- not preloaded, or another database of this server holds it
      raise notice 'pg_cron cannot be used here (%): % is not scheduled', sqlerrm, p_name;
      return;
  end;
  perform cron.schedule(p_name, p_schedule, p_command);
end
$$;
comment on function private.schedule_job(text, text, text) is
  'Schedules a command by name, anew where the name is taken; a notice where pg_cron cannot be had.';

create or replace function private.unschedule_job(p_name text)
returns void
language plpgsql
set search_path = ''
as $$
begin
  if to_regclass('cron.job') is not null then
    perform cron.unschedule(j.jobid) from cron.job j where j.jobname = p_name;
  end if;
end
$$;
comment on function private.unschedule_job(text) is 'Takes a job off the schedule; does nothing where there is none.';

create or replace function private.drop_public_functions(variadic p_names text[])
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_function regprocedure;
begin
  for v_function in
    select p.oid::regprocedure from pg_catalog.pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.proname = any (p_names)
  loop
    execute format('drop function %s', v_function);
  end loop;
end
$$;
comment on function private.drop_public_functions(text[]) is
  'Drops the functions of these names in public, whatever their arguments, before a migration makes them anew.';

create or replace function private.drop_policies(variadic p_tables text[])
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_policy record;
begin
  for v_policy in
    select p.tablename, p.policyname from pg_catalog.pg_policies p
    where p.schemaname = 'public' and p.tablename = any (p_tables)
  loop
    execute format('drop policy %I on public.%I', v_policy.policyname, v_policy.tablename);
  end loop;
end
$$;
comment on function private.drop_policies(text[]) is
  'Drops every policy of these tables in public, production''s of unknown names too, before a migration makes them anew.';

revoke execute on function private.schedule_job(text, text, text), private.unschedule_job(text),
  private.drop_public_functions(text[]), private.drop_policies(text[])
  from public, anon, authenticated;
