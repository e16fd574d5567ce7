create or replace function private.closed_invite_code(
  p_invite public.organization_invites, p_now timestamptz default now()
)
returns text
language sql
stable
set search_path = ''
as $$
  select case
    when (p_invite).accepted_at is not null then 'invite_used'
    when (p_invite).withdrawn_at is not null then 'invite_withdrawn'
    when (p_invite).declined_at is not null then 'invite_declined'
    when (p_invite).expires_at <= p_now then 'invite_expired'
  end;
$$;
comment on function private.closed_invite_code(public.organization_invites, timestamptz) is
  'Why an invitation can no longer be accepted; null while it can.';
revoke execute on function private.closed_invite_code(public.organization_invites, timestamptz) from public;
