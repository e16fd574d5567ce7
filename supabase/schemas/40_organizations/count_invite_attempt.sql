create or replace function private.count_invite_attempt(
  p_inviter_id uuid, p_organization_id uuid, p_email text, p_now timestamptz
)
returns boolean
language plpgsql
set search_path = ''
as $$
declare
  v_address_hash constant bytea := sha256(convert_to(p_email, 'UTF8'));
begin
  delete from private.organization_invite_attempts a
  where a.inviter_id = p_inviter_id and a.attempted_at <= p_now - interval '1 day';

  if (
    select count(*) from private.organization_invite_attempts a
    where a.inviter_id = p_inviter_id and a.attempted_at > p_now - interval '1 hour'
  ) >= 100 or (
    select count(*) from private.organization_invite_attempts a
    where a.organization_id = p_organization_id and a.address_hash = v_address_hash
      and a.attempted_at > p_now - interval '1 hour'
  ) >= 5 then
    return false;
  end if;

  insert into private.organization_invite_attempts (
    inviter_id, organization_id, address_hash, attempted_at
  )
  values (p_inviter_id, p_organization_id, v_address_hash, p_now);
  return true;
end
$$;
comment on function private.count_invite_attempt(uuid, uuid, text, timestamptz) is
  'Counts an invitation; false, and not counted, beyond 100 an hour of one inviter or 5 an hour of an '
  'organisation to one address.';
revoke execute on function private.count_invite_attempt(uuid, uuid, text, timestamptz) from public;
