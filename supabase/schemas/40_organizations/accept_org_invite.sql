create type public.org_invite_acceptance as (
  code text, -- accepted | reactivated | already_member; refused: account_disabled | invite_not_found
             -- | wrong_address | email_unverified | invite_used | invite_withdrawn | invite_declined
             -- | invite_expired | organization_inactive | other_organization | seats_full
  organization_id uuid, -- null when refused
  organization_name text
);
comment on type public.org_invite_acceptance is 'What accept_org_invite answers.';

create or replace function private.join_organization(
  p_user_id uuid, p_invite public.organization_invites
)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_member public.organization_members;
  v_seats record;
begin
  select * into v_member from public.organization_members m where m.user_id = p_user_id for update;
  if v_member.organization_id <> p_invite.organization_id then
    return 'other_organization';
  end if;
  -- The trigger guard_seats has the last word; here the limit becomes an answer.
  select * into v_seats from private.organization_seats(p_invite.organization_id);
  if v_seats.members >= v_seats.max_members
    or (v_member.sponsored_plan_id is not null and v_seats.sponsored >= v_seats.max_sponsored)
  then
    return 'seats_full';
  end if;

  if v_member.id is not null then
    update public.organization_members
    set role = p_invite.role, invited_by = p_invite.invited_by, invited_at = p_invite.created_at,
      joined_at = now(), is_active = true
    where id = v_member.id;
    return 'reactivated';
  end if;
  insert into public.organization_members (organization_id, user_id, role, invited_by, invited_at)
  values (
    p_invite.organization_id, p_user_id, p_invite.role, p_invite.invited_by, p_invite.created_at
  )
  on conflict (user_id) do nothing;
  -- Another organisation's invitation, accepted at the same time
  return case when found then 'accepted' else 'other_organization' end;
end
$$;
comment on function private.join_organization(uuid, public.organization_invites) is
  'Makes an invited person a member, or a former one a member again: accepted, reactivated, '
  'other_organization or seats_full. The caller holds the locks on the organisation and the invitation.';
revoke execute on function private.join_organization(uuid, public.organization_invites) from public;

create or replace function private.accept_org_invite(p_token text)
returns public.org_invite_acceptance
language plpgsql
security definer -- an invitee may write neither members nor invitations
set search_path = ''
as $$
declare
  v_result public.org_invite_acceptance;
  v_user_id constant uuid := auth.uid();
  v_found record;
  v_organization public.organizations;
  v_invite public.organization_invites;
begin
  select * into v_found from private.find_org_invite(p_token);
  if v_found.code is not null then
    v_result.code := v_found.code;
    return v_result;
  end if;

  -- Membership, organisation, invitation: whoever changes a membership locks in this order, so that two
  -- can wait for one another, and not both. With the organisation locked the last seat is not taken twice.
  perform from public.organization_members m where m.user_id = v_user_id for update;
  select * into v_organization from public.organizations o
  where o.id = v_found.organization_id
  for no key update;
  select * into v_invite from public.organization_invites i where i.id = v_found.invite_id for update;
  if not found then
    v_result.code := 'invite_not_found';
    return v_result;
  end if;

  v_result.code := case
    when private.get_user_organization_id(v_user_id) = v_organization.id then 'already_member'
    when private.closed_invite_code(v_invite) is not null then private.closed_invite_code(v_invite)
    when not v_organization.is_active then 'organization_inactive'
    else private.join_organization(v_user_id, v_invite)
  end;
  if v_result.code not in ('accepted', 'reactivated', 'already_member') then
    return v_result;
  end if;

  insert into public.organization_sharing_consent (user_id, organization_id)
  values (v_user_id, v_organization.id)
  on conflict (user_id, organization_id) do nothing;
  update public.organization_invites set accepted_at = now() where id = v_invite.id and is_open;
  v_result.organization_id := v_organization.id;
  v_result.organization_name := v_organization.name;
  return v_result;
end
$$;
comment on function private.accept_org_invite(text) is
  'Accepts the invitation behind a link for the caller: membership, consent row (nothing shared; an '
  'existing row is left alone) and invitation together, or not at all.';
revoke execute on function private.accept_org_invite(text) from public;
grant execute on function private.accept_org_invite(text) to authenticated;

create or replace function public.accept_org_invite(p_token text)
returns public.org_invite_acceptance
language sql
set search_path = ''
as $$
  select private.accept_org_invite(p_token);
$$;
comment on function public.accept_org_invite(text) is
  'accept-org-invite: makes the caller a member by the invitation behind a link, all or nothing.';
revoke execute on function public.accept_org_invite(text) from public, anon, authenticated, service_role;
grant execute on function public.accept_org_invite(text) to authenticated;
