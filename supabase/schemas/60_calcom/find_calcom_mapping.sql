create or replace function private.find_calcom_mapping(
  p_event_type_id integer, p_slug text, p_host_id uuid, p_user_id uuid
)
returns setof public.calcom_event_type_mappings
language sql
stable
set search_path = ''
as $$
  select m.*
  from (
    select m.id, 1 as tier, null::uuid as instructor_id
    from public.calcom_event_type_mappings m
    where m.calcom_event_type_id = p_event_type_id
    union all
    select m.id, 2, i.instructor_id
    from public.instructor_calcom_event_types i
    join public.calcom_event_type_mappings m on m.module_type = i.module_type
    where i.child_event_type_id = p_event_type_id
    union all
    select m.id, 3, null
    from public.calcom_event_type_mappings m
    where m.calcom_event_type_slug = p_slug
  ) found
  join public.calcom_event_type_mappings m on m.id = found.id
  order by
    -- a mapping that was switched off says no: it does not hand on to one of the same slug
    found.tier,
    m.is_active is true desc,
    found.instructor_id is not distinct from p_host_id desc,
    exists (
      select from public.client_enrollments e
      where e.client_user_id = p_user_id and e.program_id = m.default_program_id and e.status = 'active'
    ) desc,
    m.created_at,
    m.id
  limit 1;
$$;
comment on function private.find_calcom_mapping(integer, text, uuid, uuid) is
  'The mapping of an event type: by its id, else by the instructor whose child event type it is, else by '
  'slug. May be inactive.';
revoke execute on function private.find_calcom_mapping(integer, text, uuid, uuid) from public;
