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
comment on function private.org_invite_refusal(text) is
  'The answer to a change of an invitation that is refused.';
revoke execute on function private.org_invite_refusal(text) from public;
