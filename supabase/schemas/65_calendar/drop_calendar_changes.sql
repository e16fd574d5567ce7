create or replace function private.drop_calendar_changes()
returns trigger
language plpgsql
security definer -- whoever deletes the user may not delete here
set search_path = ''
as $$
begin
  delete from private.calendar_changes c where c.user_id in (select o.user_id from old_rows o);
  return null;
end
$$;
comment on function private.drop_calendar_changes() is
  'Trigger: what was noted for a user goes with the summary, when the user is deleted.';
revoke execute on function private.drop_calendar_changes() from public;
