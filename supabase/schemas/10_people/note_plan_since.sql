create or replace function private.note_plan_since()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  if new.plan_id is distinct from old.plan_id
    -- a renewal may be three days late: so long Stripe goes on telling of it
    or (old.plan_expires_at < now() - interval '3 days' and coalesce(new.plan_expires_at > now(), true))
  then
    new.plan_since := now();
  end if;
  return new;
end
$$;
comment on function private.note_plan_since() is
  'Trigger: since when a plan holds, once it is another one or holds again.';
revoke execute on function private.note_plan_since() from public;
