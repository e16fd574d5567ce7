create or replace function private.find_calcom_group(
  p_mapping_id uuid, p_user_id uuid, p_host_id uuid, p_hints jsonb[], out group_id uuid, out problem text
)
language plpgsql
stable
set search_path = ''
as $$
declare
  v_candidates uuid[];
  v_choices uuid[];
  v_is_staff boolean := p_user_id = p_host_id or exists (
    select from public.user_roles r
    where r.user_id = p_user_id and r.role in ('admin', 'coach', 'instructor')
  );
begin
  select array_agg(c.id) into v_candidates
  from (
    select g.id from public.groups g where g.calcom_mapping_id = p_mapping_id
    union
    select m.default_group_id
    from public.calcom_event_type_mappings m
    where m.id = p_mapping_id and m.default_group_id is not null
    union
    -- a module's session for a group is asked for by the link alone, and only by a member
    select membership.group_id
    from public.group_memberships membership
    where membership.user_id = p_user_id
      and membership.status = 'active'
      and exists (
        select from public.calcom_event_type_mappings m
        where m.id = p_mapping_id and m.session_target = 'module_session'
      )
      and exists (
        select from unnest(p_hints) hint
        where hint ->> 'session_type' = 'group' and hint ->> 'group_id' = membership.group_id::text
      )
  ) c;
  if v_candidates is null then
    problem := 'group_unknown';
    return;
  end if;

  select array_agg(c.id) into v_choices
  from unnest(v_candidates) as c (id)
  where v_is_staff
    or exists (
      select from public.group_memberships m
      where m.group_id = c.id and m.user_id = p_user_id and m.status = 'active'
    );
  if v_choices is null then
    problem := 'attendee_not_in_group';
    return;
  end if;

  -- several groups may share an event type: the link then has to say which
  select c.id into group_id
  from unnest(v_choices) as c (id)
  join unnest(p_hints) with ordinality as hint (ids, place) on hint.ids ->> 'group_id' = c.id::text
  order by hint.place
  limit 1;
  if group_id is null and cardinality(v_choices) = 1 then
    group_id := v_choices[1];
  elsif group_id is null then
    problem := 'group_unknown';
  end if;
end
$$;
comment on function private.find_calcom_group(uuid, uuid, uuid, jsonb[]) is
  'The group that a mapping books for, and that the booker belongs to or works with.';
revoke execute on function private.find_calcom_group(uuid, uuid, uuid, jsonb[]) from public;
