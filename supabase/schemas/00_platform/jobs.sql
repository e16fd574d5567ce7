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
  if not exists (select from pg_catalog.pg_extension where extname = 'pg_cron') then
    begin
      -- By execute: supautils rewrites the tree of the statement, which plpgsql would keep for the next call.
      execute 'create extension pg_cron with schema pg_catalog';
    exception
      when others then -- not preloaded, or another database of this server holds it
        raise notice 'pg_cron cannot be used here (%): % is not scheduled', sqlerrm, p_name;
        return;
    end;
  end if;
  if exists (
    select from cron.job j
    where (j.jobname, j.schedule, j.command, j.database, j.username)
      = (p_name, p_schedule, p_command, current_database(), current_user)
      and j.active
  ) then
    return;
  end if;
  begin
    perform cron.schedule(p_name, p_schedule, p_command);
  exception
    when internal_error then -- the extension is there and its library is not preloaded
      raise notice 'pg_cron cannot be used here (%): % is not scheduled', sqlerrm, p_name;
  end;
end
$$;
comment on function private.schedule_job(text, text, text) is
  'Schedules a command by name, anew where the name is taken; a notice where pg_cron cannot be had.';
revoke execute on function private.schedule_job(text, text, text) from public;

create or replace function private.unschedule_job(p_name text)
returns void
language plpgsql
set search_path = ''
as $$
begin
  if to_regclass('cron.job') is not null then
    perform cron.unschedule(j.jobid) from cron.job j where j.jobname = p_name;
  end if;
exception
  when internal_error then -- the extension is there and its library is not preloaded
    raise notice 'pg_cron cannot be used here (%): % stays scheduled', sqlerrm, p_name;
end
$$;
comment on function private.unschedule_job(text) is 'Takes a job off the schedule; does nothing where there is none.';
revoke execute on function private.unschedule_job(text) from public;
