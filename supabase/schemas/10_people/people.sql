create or replace function private.people(p_ids uuid[])
returns table (id uuid, name text, avatar_url text, username text, email text, scheduling_url text)
language sql
stable
security definer -- profiles are their owner's; who may know what of whom is decided here
set search_path = ''
as $$
  select p.id, p.name, p.avatar_url,
    case when relation.serves then p.username end,
    case when relation.serves then p.email end,
    case when relation.serves or relation.is_served then p.scheduling_url end
  from (select distinct given.id from unnest(p_ids[:500]) as given (id)) asked
  join public.profiles p on p.id = asked.id
  cross join lateral (
    select
      p.id = (select auth.uid()) or (select private.is_admin()) or private.may_see_client(p.id) as serves,
      private.client_can_view_staff_profile((select auth.uid()), p.id)
        or private.staff_has_direct_client(p.id, (select auth.uid())) as is_served
    offset 0 -- once a person, whatever is done with the answer
  ) relation
  where relation.serves
    or relation.is_served
    or private.are_group_peers((select auth.uid()), p.id)
    or private.are_colleagues((select auth.uid()), p.id)
    or exists (
      select from public.organization_members m
      where m.user_id = p.id
        and m.is_active
        and private.is_org_admin_or_manager((select auth.uid()), m.organization_id)
    );
$$;
comment on function private.people(uuid[]) is 'See public.people.';
revoke execute on function private.people(uuid[]) from public;
grant execute on function private.people(uuid[]) to authenticated;

create or replace function public.people(p_ids uuid[])
returns table (id uuid, name text, avatar_url text, username text, email text, scheduling_url text)
language sql
stable
set search_path = ''
begin atomic
  select * from private.people(p_ids);
end;
comment on function public.people(uuid[]) is
  'Who these people are, up to 500 and as far as the caller has to do with them: staff their clients, with '
  'username and email; clients their staff, with scheduling_url; members of one group, staff of one program, '
  'and managers the members of their organization, by name and picture.';
revoke execute on function public.people(uuid[]) from public, anon, authenticated, service_role;
grant execute on function public.people(uuid[]) to authenticated;
