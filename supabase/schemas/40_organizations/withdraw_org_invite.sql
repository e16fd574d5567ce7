create or replace function private.withdraw_org_invite(p_id uuid)
returns public.org_invite_change
language plpgsql
security definer -- invitations are nobody's to write
set search_path = ''
as $$
declare
  v_invite public.organization_invites;
  v_code text;
begin
  select * into v_invite from public.organization_invites i where i.id = p_id for update;
  if not found or private.is_disabled(auth.uid())
    or not (
      private.has_role(auth.uid(), 'admin')
      or private.is_org_admin_or_manager(auth.uid(), v_invite.organization_id)
    )
  then
    return private.org_invite_refusal('invite_not_found');
  end if;
  if not private.may_invite(auth.uid(), v_invite.organization_id, v_invite.role) then
    return private.org_invite_refusal('forbidden');
  end if;

  v_code := private.closed_invite_code(v_invite);
  if v_code in ('invite_used', 'invite_declined') then
    return private.org_invite_refusal(v_code);
  end if;
  if v_code is distinct from 'invite_withdrawn' then
    update public.organization_invites set withdrawn_at = now() where id = v_invite.id;
  end if;
  return row(true, 'withdrawn', null)::public.org_invite_change;
end
$$;
comment on function private.withdraw_org_invite(uuid) is
  'Withdraws an invitation, for whoever may send it. Its links are dead and its seat is free again.';
revoke execute on function private.withdraw_org_invite(uuid) from public;
grant execute on function private.withdraw_org_invite(uuid) to authenticated;

create or replace function public.withdraw_org_invite(p_id uuid)
returns public.org_invite_change
language sql
set search_path = ''
begin atomic
  select private.withdraw_org_invite(p_id);
end;
comment on function public.withdraw_org_invite(uuid) is
  'Withdraws an invitation, for whoever may send it. Its links are dead and its seat is free again.';
revoke execute on function public.withdraw_org_invite(uuid) from public, anon, authenticated, service_role;
grant execute on function public.withdraw_org_invite(uuid) to authenticated;
