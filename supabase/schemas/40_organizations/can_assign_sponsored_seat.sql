create or replace function public.can_assign_sponsored_seat(p_organization_id uuid)
returns boolean
language sql
stable
set search_path = ''
as $$
  select coalesce(s.sponsored < s.max_sponsored, true) from private.organization_seats(p_organization_id) s;
$$;
comment on function public.can_assign_sponsored_seat(uuid) is
  'Whether the organisation has a sponsored seat left. As far as the caller sees members and subscription.';
revoke execute on function public.can_assign_sponsored_seat(uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.can_assign_sponsored_seat(uuid) to authenticated, service_role;
