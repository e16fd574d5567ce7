create or replace function private.organization_seats(
  p_organization_id uuid, p_now timestamptz default now()
)
returns table (
  max_members integer, members integer, held integer, max_sponsored integer, sponsored integer
)
language sql
stable
set search_path = ''
begin atomic
  select t.max_members, taken.members, pending.held,
    case
      when t.id is null or coalesce(s.status, '') not in ('active', 'trialing', 'past_due') then 0
      else t.max_sponsored_seats
    end,
    taken.sponsored
  from (values (p_organization_id)) as o (id)
  left join public.org_platform_subscriptions s on s.organization_id = o.id
  left join public.org_platform_tiers t on t.id = s.tier_id
  cross join lateral (
    select count(*)::integer as members,
      (count(*) filter (where m.sponsored_plan_id is not null))::integer as sponsored
    from public.organization_members m
    where m.organization_id = o.id and m.is_active
  ) taken
  cross join lateral (
    select count(*)::integer as held
    from public.organization_invites i
    where i.organization_id = o.id and i.is_open and i.expires_at > p_now
      -- of somebody who has become a member in another way
      and not exists (
        select from public.profiles p
        join public.organization_members m on m.user_id = p.id
        where lower(p.email) = lower(i.email) and m.organization_id = o.id and m.is_active
      )
  ) pending;
end;
comment on function private.organization_seats(uuid, timestamptz) is
  'The seats of an organisation: limits (null: none), active members, seats that pending invitations hold, '
  'sponsored members.';
revoke execute on function private.organization_seats(uuid, timestamptz) from public;
grant execute on function private.organization_seats(uuid, timestamptz) to authenticated, service_role;
