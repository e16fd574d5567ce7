create or replace function private.guard_seats()
returns trigger
language plpgsql
security definer -- whoever writes members need not see the subscription, invitations and addresses
set search_path = ''
as $$
declare
  v_joins constant boolean := tg_op = 'INSERT' or not old.is_active
    or old.organization_id <> new.organization_id;
  v_seats record;
begin
  perform from public.organizations o where o.id = new.organization_id for no key update;
  select * into v_seats from private.organization_seats(new.organization_id);

  if v_joins and (
    v_seats.members > v_seats.max_members
    or (
      v_seats.members + v_seats.held > v_seats.max_members
      -- an invited person takes the seat that the invitation held
      and not exists (
        select from public.organization_invites i
        join auth.users u on lower(u.email) = lower(i.email)
        where u.id = new.user_id and i.organization_id = new.organization_id
          and i.is_open and i.expires_at > now()
      )
    )
  ) then
    raise exception 'the organisation has no free seat' using errcode = 'check_violation';
  end if;
  if new.sponsored_plan_id is not null and v_seats.sponsored > v_seats.max_sponsored then
    raise exception 'the organisation has no free sponsored seat' using errcode = 'check_violation';
  end if;
  return null;
end
$$;
comment on function private.guard_seats() is
  'Trigger: refuses an active or sponsored member beyond the organisation''s seats, whoever writes it.';
revoke execute on function private.guard_seats() from public;
