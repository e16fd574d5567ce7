create or replace function private.lock_stripe()
returns void
language sql
volatile
set search_path = ''
begin atomic
  select pg_advisory_xact_lock(hashtextextended('stripe', 0));
end;
comment on function private.lock_stripe() is
  'Makes events follow one another, all of them. An invoice, its charge, its subscription and its customer '
  'find one another only by looking, so a lock an object would have to be several; an event takes '
  'milliseconds.';
revoke execute on function private.lock_stripe() from public;
