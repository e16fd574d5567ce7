-- Security invoker for the reason given at private.guard_columns.
create or replace function private.guard_session_participant()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
declare
  v_runs_it boolean;
begin
  if current_user not in ('anon', 'authenticated') or private.is_admin() then
    return new;
  end if;
  v_runs_it := private.runs_session(old.session_id);

  if old.user_id = auth.uid() and (
    new.attended_at is distinct from old.attended_at
    or (
      new.status is distinct from old.status
      and (new.status in ('attended', 'no_show') or old.status in ('attended', 'no_show'))
    )
  ) then
    raise exception 'whether you attended is for others to say' using errcode = 'insufficient_privilege';
  end if;
  if not v_runs_it and (
    (new.role_id, new.custom_role, new.notes) is distinct from (old.role_id, old.custom_role, old.notes)
  ) then
    raise exception 'roles and notes are given by who runs the session'
      using errcode = 'insufficient_privilege';
  end if;
  if not v_runs_it and new.status is distinct from old.status and (
    new.status = 'cancelled'
    or (new.status in ('registered', 'confirmed') and old.status in ('invited', 'registered', 'confirmed'))
    or (new.status = 'registered' and private.is_open_for_registration(old.session_id))
  ) is not true then
    raise exception 'registration for this session is closed' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
comment on function private.guard_session_participant() is
  'Trigger: nobody but an admin says of oneself who attended; roles and notes are given by who runs the '
  'session; a participant registers, confirms and cancels.';
revoke execute on function private.guard_session_participant() from public;
