create or replace function private.forget_calendar_summaries()
returns void
language sql
security definer -- service_role may not write the epoch otherwise
set search_path = ''
begin atomic
  update private.calendar_epoch set epoch = epoch + 1;
end;
comment on function private.forget_calendar_summaries() is
  'Makes every kept summary void. For whoever changed the feed''s tables past their triggers, or what '
  'private.calendar_events shows.';
revoke execute on function private.forget_calendar_summaries() from public;
grant execute on function private.forget_calendar_summaries() to service_role;
