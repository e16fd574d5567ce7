create or replace function public.get_org_max_sponsored_seats(p_organization_id uuid)
returns integer
language sql
stable
set search_path = ''
as $$
  select s.max_sponsored from private.organization_seats(p_organization_id) s;
$$;
comment on function public.get_org_max_sponsored_seats(uuid) is
  'How many members the organisation may sponsor: null is no limit, 0 is none or no running subscription. '
  'As far as the caller sees members and subscription.';
revoke execute on function public.get_org_max_sponsored_seats(uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.get_org_max_sponsored_seats(uuid) to authenticated, service_role;
