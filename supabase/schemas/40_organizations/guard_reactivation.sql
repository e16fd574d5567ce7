-- Security invoker on purpose, as private.guard_columns: current_user tells a request from private.accept_org_invite,
-- where the member has accepted, and from the service role.
create or replace function private.guard_reactivation()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
begin
  if current_user in ('anon', 'authenticated') and not private.has_role(auth.uid(), 'admin') then
    raise exception 'who left comes back by accepting an invitation' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
comment on function private.guard_reactivation() is
  'Trigger: nobody but a platform admin makes a former member active again; others invite.';
revoke execute on function private.guard_reactivation() from public;
