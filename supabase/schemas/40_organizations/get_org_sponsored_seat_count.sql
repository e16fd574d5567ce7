create or replace function public.get_org_sponsored_seat_count(p_organization_id uuid)
returns integer
language sql
stable
set search_path = ''
as $$
  select s.sponsored from private.organization_seats(p_organization_id) s;
$$;
comment on function public.get_org_sponsored_seat_count(uuid) is
  'How many active members the organisation sponsors. As far as the caller sees members and subscription.';
revoke execute on function public.get_org_sponsored_seat_count(uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.get_org_sponsored_seat_count(uuid) to authenticated, service_role;
