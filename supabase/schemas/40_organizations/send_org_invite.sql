create type public.org_invite_sending as (
  code text, -- sent | resent; refused: account_disabled | forbidden | role_not_allowed | not_found
             -- | organization_inactive | rate_limited | already_member | invitee_unavailable
             -- | seats_full
  invite_id uuid, -- null when refused
  is_mail_queued boolean
);
comment on type public.org_invite_sending is 'What send_org_invite answers.';

-- For the service role alone: the link in the mail begins with p_site_url, and an inviter who could call
-- this would have the platform mail links to anywhere.
create or replace function public.send_org_invite(
  p_inviter_id uuid,
  p_organization_id uuid,
  p_email text,
  p_role public.org_role,
  p_site_url text,
  p_now timestamptz default now()
)
returns public.org_invite_sending
language plpgsql
security definer -- what it calls is nobody's to call
set search_path = ''
as $$
declare
  v_result public.org_invite_sending;
  v_email constant text := lower(btrim(p_email));
  v_organization public.organizations;
  v_invite public.organization_invites;
begin
  -- Who may not invite learns nothing of the organisation, not even whether there is one.
  v_result.code := case
    when private.is_disabled(p_inviter_id, p_now)
      or not exists (select from auth.users u where u.id = p_inviter_id)
      then 'account_disabled'
    when not private.may_invite(p_inviter_id, p_organization_id) then 'forbidden'
    when not private.may_invite(p_inviter_id, p_organization_id, p_role) then 'role_not_allowed'
  end;
  if v_result.code is not null then
    return v_result;
  end if;

  -- The organisation first, as everything that takes a seat does, so that the last is not promised twice.
  select * into v_organization from public.organizations o
  where o.id = p_organization_id
  for no key update;
  v_result.code := case
    when not found then 'not_found'
    when not v_organization.is_active then 'organization_inactive'
    when not private.count_invite_attempt(p_inviter_id, p_organization_id, v_email, p_now)
      or not private.may_mail(private.mail_actor(p_inviter_id), v_email, 0)
      then 'rate_limited'
  end;
  if v_result.code is not null then
    return v_result;
  end if;

  select * into v_invite from public.organization_invites i
  where i.organization_id = p_organization_id and lower(i.email) = v_email and i.is_open
  for update;
  v_result.code := case
    -- sending an admin's invitation again would make a manager's of it
    when v_invite.id is not null
      and not private.may_invite(p_inviter_id, p_organization_id, v_invite.role)
      then 'role_not_allowed'
    else private.uninvitable_code(
      p_organization_id, v_email, coalesce(v_invite.expires_at > p_now, false), p_now
    )
  end;
  if v_result.code is not null then
    return v_result;
  end if;

  if v_invite.id is null then
    v_result.code := 'sent';
    insert into public.organization_invites (
      organization_id, email, role, invited_by, expires_at, created_at
    )
    values (p_organization_id, v_email, p_role, p_inviter_id, p_now + interval '7 days', p_now)
    returning * into v_invite;
  else
    v_result.code := 'resent';
    update public.organization_invites i
    set role = p_role, invited_by = p_inviter_id, expires_at = p_now + interval '7 days',
      token = gen_random_uuid()
    where i.id = v_invite.id
    returning i.* into v_invite;
  end if;

  v_result.invite_id := v_invite.id;
  -- The token is in v_invite and in this mail, and nowhere else.
  v_result.is_mail_queued := private.queue_mail(
    p_recipient_email => v_email,
    p_recipient_name => null,
    p_template_key => 'org_invite',
    p_data => jsonb_build_object(
      'organizationName', v_organization.name,
      'roleDisplay', private.org_role_name(p_role),
      'currentYear', extract(year from p_now at time zone 'UTC')::text
    ),
    p_secrets => jsonb_build_object(
      'inviteLink', p_site_url || '/accept-invite?token=' || v_invite.token
    ),
    p_for_user_id => p_inviter_id
  ) is not null;
  return v_result;
end
$$;
comment on function public.send_org_invite(uuid, uuid, text, public.org_role, text, timestamptz) is
  'send-org-invite: invites an address for 7 days and queues the mail, or prolongs the open invitation and '
  'mails one more link to it; the former links go on working.';
revoke execute on function public.send_org_invite(uuid, uuid, text, public.org_role, text, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.send_org_invite(uuid, uuid, text, public.org_role, text, timestamptz)
  to service_role;
