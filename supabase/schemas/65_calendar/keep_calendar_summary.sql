create or replace function private.keep_calendar_summary(
  p_user_id uuid, p_revision bigint, p_epoch bigint, p_day date, p_parts private.calendar_part[],
  p_changes bigint[]
)
returns void
language plpgsql
set search_path = ''
as $$
begin
  -- Another reader of this feed, or the user's deletion, goes first: nobody waits.
  perform from private.calendar_summaries s
  where s.user_id = p_user_id and s.revision = p_revision
  for no key update skip locked;
  if not found then
    return;
  end if;
  update private.calendar_summaries s
  set revision = s.revision + 1, kept_at = now(), epoch = p_epoch, day = p_day, parts = p_parts
  where s.user_id = p_user_id;
  delete from private.calendar_changes c where c.user_id = p_user_id and c.id = any (p_changes);
end
$$;
comment on function private.keep_calendar_summary(uuid, bigint, bigint, date, private.calendar_part[], bigint[]) is
  'Keeps what was made where the summary has this revision, and deletes the changes that it takes in.';
revoke execute on function private.keep_calendar_summary(uuid, bigint, bigint, date, private.calendar_part[], bigint[])
  from public;
grant execute on function private.keep_calendar_summary(uuid, bigint, bigint, date, private.calendar_part[], bigint[])
  to service_role;
