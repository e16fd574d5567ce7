create or replace function private.decline_org_invite(p_token text)
returns public.org_invite_change
language plpgsql
security definer -- an invitee may not write invitations
set search_path = ''
as $$
declare
  v_found record;
  v_invite public.organization_invites;
  v_code text;
begin
  select f.code, f.invite_id into v_found from private.find_org_invite(p_token) f;
  if v_found.code is not null then
    return private.org_invite_refusal(v_found.code);
  end if;
  select * into v_invite from public.organization_invites i where i.id = v_found.invite_id for update;
  if not found then
    return private.org_invite_refusal('invite_not_found');
  end if;

  v_code := private.closed_invite_code(v_invite);
  if v_code in ('invite_used', 'invite_withdrawn') then
    return private.org_invite_refusal(v_code);
  end if;
  if v_code is distinct from 'invite_declined' then
    update public.organization_invites set declined_at = now() where id = v_invite.id;
  end if;
  return row(true, 'declined', null)::public.org_invite_change;
end
$$;
comment on function private.decline_org_invite(text) is
  'Declines the invitation behind a link, for the caller to whom it is addressed; an expired one as well.';
revoke execute on function private.decline_org_invite(text) from public;
grant execute on function private.decline_org_invite(text) to authenticated;

create or replace function public.decline_org_invite(p_token text)
returns public.org_invite_change
language sql
set search_path = ''
begin atomic
  select private.decline_org_invite(p_token);
end;
comment on function public.decline_org_invite(text) is
  'Declines the invitation behind a link. Once declined it stays so; its seat is free again.';
revoke execute on function public.decline_org_invite(text) from public, anon, authenticated, service_role;
grant execute on function public.decline_org_invite(text) to authenticated;
