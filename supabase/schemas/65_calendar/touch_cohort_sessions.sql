create or replace function private.touch_cohort_sessions()
returns trigger
language plpgsql
security definer -- whoever may cancel a cohort need not be allowed to write its sessions
set search_path = ''
as $$
begin
  update public.cohort_sessions set calendar_changed_at = now() where cohort_id = new.id;
  return null;
end
$$;
comment on function private.touch_cohort_sessions() is
  'Trigger: a cohort that is cancelled, or taken up again, changes the status of all its events.';
revoke execute on function private.touch_cohort_sessions() from public;
