-- Declining an invitation to an organisation, and taking one back.
--
-- Why: there was no way to decline, and taking one back left no trace. Whether a link is the caller's to
-- answer is decided here once, for accepting too.
-- Locks: none at migration. Can be run again.

set lock_timeout = '10s';

do $$
begin
  if to_regtype('public.org_invite_change') is null then
    create type public.org_invite_change as (
      success boolean,
      code text, -- declined | account_disabled | invite_not_found | wrong_address | email_unverified
                 -- withdrawn | invite_not_found | forbidden
                 -- both: invite_used | invite_declined | invite_withdrawn | invite_expired
      error text -- a sentence for a person; null on success
    );
  end if;
end
$$;
comment on type public.org_invite_change is 'What decline_org_invite and withdraw_org_invite answer.';

create or replace function private.find_org_invite(p_token text)
returns table (code text, invite_id uuid, organization_id uuid)
language plpgsql
stable
set search_path = ''
as $$
declare
  v_user record;
  v_address text;
begin
  select u.id, u.email, u.email_confirmed_at is not null as is_verified into v_user
  from auth.users u where u.id = auth.uid();
  if not found or private.is_disabled(v_user.id) then
    code := 'account_disabled';
    return next;
    return;
  end if;

  select i.id, i.organization_id, i.email into invite_id, organization_id, v_address
  from private.organization_invite_tokens t
  join public.organization_invites i on i.id = t.invite_id
  where t.token_hash = private.hash_invite_token(p_token);
  code := case
    when not found then 'invite_not_found'
    when lower(v_address) is distinct from lower(v_user.email) then 'wrong_address'
    when not v_user.is_verified then 'email_unverified'
  end;
  return next;
end
$$;
comment on function private.find_org_invite(text) is
  'The invitation behind a link, for the caller: code is null when it is addressed to the caller''s verified address. Says nothing of its state, which is for whoever locks it.';
revoke execute on function private.find_org_invite(text) from public, anon, authenticated;

create or replace function private.closed_invite_code(
  p_invite public.organization_invites, p_now timestamptz default now()
)
returns text
language sql
stable
set search_path = ''
begin atomic
  select case
    when (p_invite).accepted_at is not null then 'invite_used'
    when (p_invite).withdrawn_at is not null then 'invite_withdrawn'
    when (p_invite).declined_at is not null then 'invite_declined'
    when (p_invite).expires_at <= p_now then 'invite_expired'
  end;
end;
comment on function private.closed_invite_code(public.organization_invites, timestamptz) is
  'Why an invitation can no longer be accepted; null while it can.';
revoke execute on function private.closed_invite_code(public.organization_invites, timestamptz)
  from public, anon, authenticated;

create or replace function private.org_invite_refusal(p_code text)
returns public.org_invite_change
language sql
immutable
set search_path = ''
begin atomic
  select row(false, p_code, case p_code
    when 'account_disabled' then 'This account is disabled.'
    when 'forbidden' then 'This is not for you to do.'
    when 'invite_not_found' then 'This invitation does not exist.'
    when 'wrong_address' then 'This invitation was sent to a different email address.'
    when 'email_unverified' then 'Confirm your email address first.'
    when 'invite_used' then 'This invitation has already been accepted.'
    when 'invite_withdrawn' then 'This invitation has been withdrawn.'
    when 'invite_declined' then 'This invitation has been declined.'
    when 'invite_expired' then 'This invitation has expired.'
  end)::public.org_invite_change;
end;
comment on function private.org_invite_refusal(text) is 'The answer to a change of an invitation that is refused.';
revoke execute on function private.org_invite_refusal(text) from public, anon, authenticated;

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
revoke execute on function private.decline_org_invite(text) from public, anon;
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
revoke execute on function public.decline_org_invite(text) from public, anon, service_role;
grant execute on function public.decline_org_invite(text) to authenticated;

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
revoke execute on function private.withdraw_org_invite(uuid) from public, anon;
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
revoke execute on function public.withdraw_org_invite(uuid) from public, anon, service_role;
grant execute on function public.withdraw_org_invite(uuid) to authenticated;
