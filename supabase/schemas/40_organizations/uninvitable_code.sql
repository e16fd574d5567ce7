create or replace function private.uninvitable_code(
  p_organization_id uuid, p_email text, p_has_seat boolean, p_now timestamptz
)
returns text
language plpgsql
stable
set search_path = ''
as $$
declare
  v_person_id uuid;
  v_member public.organization_members;
  v_seats record;
begin
  select p.id into v_person_id from public.profiles p where lower(p.email) = p_email;
  select * into v_member from public.organization_members m where m.user_id = v_person_id;
  select * into v_seats from private.organization_seats(p_organization_id, p_now);
  return case
    when v_member.organization_id = p_organization_id and v_member.is_active then 'already_member'
    -- One code for both: where else a person is, and whether disabled, is nobody else's business.
    when v_member.organization_id <> p_organization_id or private.is_disabled(v_person_id, p_now)
      then 'invitee_unavailable'
    when not p_has_seat and v_seats.members + v_seats.held >= v_seats.max_members then 'seats_full'
    when v_member.sponsored_plan_id is not null and v_seats.sponsored >= v_seats.max_sponsored
      then 'seats_full'
  end;
end
$$;
comment on function private.uninvitable_code(uuid, text, boolean, timestamptz) is
  'Why whoever owns the address could not accept; null where nothing is in the way. p_has_seat: a pending '
  'invitation holds one already.';
revoke execute on function private.uninvitable_code(uuid, text, boolean, timestamptz) from public;
