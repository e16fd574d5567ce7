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
  'The invitation behind a link, for the caller: code is null when it is addressed to the caller''s '
  'verified address. Says nothing of its state, which is for whoever locks it.';
revoke execute on function private.find_org_invite(text) from public;
