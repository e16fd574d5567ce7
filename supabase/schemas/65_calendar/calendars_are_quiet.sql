create or replace function private.calendars_are_quiet()
returns boolean
language sql
volatile
set search_path = ''
as $$
  select current_setting('transaction_isolation') = 'read committed'
    and current_setting('transaction_read_only') = 'off'
    and not exists (
      select from pg_catalog.pg_locks l
      where l.relation = 'private.calendar_changes'::regclass
        and l.database = (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
        and l.mode = 'RowExclusiveLock'
        and l.pid is distinct from pg_backend_pid()
    );
$$;
comment on function private.calendars_are_quiet() is
  'Whether what is read from now on may be kept: nobody else has changed the feed''s tables without having '
  'ended the transaction.';
revoke execute on function private.calendars_are_quiet() from public;
grant execute on function private.calendars_are_quiet() to service_role;
