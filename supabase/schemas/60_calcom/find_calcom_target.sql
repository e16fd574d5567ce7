create or replace function private.find_calcom_enrolment(
  p_lineage_id uuid, p_program_id uuid, p_user_id uuid, p_hints jsonb[]
)
returns uuid
language sql
stable
set search_path = ''
begin atomic
  select e.id
  from public.client_enrollments e
  left join unnest(p_hints) with ordinality as hint (ids, place) on hint.ids ->> 'enrollment_id' = e.id::text
  left join public.calcom_lineages l on l.id = p_lineage_id
  left join public.module_sessions s on s.id = l.module_session_id and s.enrollment_id = e.id
  where e.client_user_id = p_user_id
    and e.program_id = p_program_id
    -- the one that the session is on already stays, whatever became of the enrolment
    and (e.status = 'active' or s.id is not null)
  order by
    hint.place,
    s.id is not null desc,
    e.created_at desc,
    e.id desc
  limit 1;
end;
comment on function private.find_calcom_enrolment(uuid, uuid, uuid, jsonb[]) is
  'The booker''s own enrolment in the programme: the one that the link names, else that of the session as '
  'it stands, else the newest active one.';
revoke execute on function private.find_calcom_enrolment(uuid, uuid, uuid, jsonb[]) from public;

create or replace function private.find_calcom_target(p_lineage_id uuid)
returns private.calcom_target
language plpgsql
stable
set search_path = ''
as $$
declare
  v_decided jsonb;
  v_hints jsonb[];
  v_mapping public.calcom_event_type_mappings;
  v_problem text;
  v_target private.calcom_target;
begin
  select l.decided into strict v_decided from public.calcom_lineages l where l.id = p_lineage_id;
  v_target.missing := '{}';

  select
    (array_agg(h.attendee_user_id order by h.place) filter (where h.attendee_user_id is not null))[1],
    (array_agg(h.organizer_user_id order by h.place) filter (where h.organizer_user_id is not null))[1],
    coalesce(array_agg(h.hints order by h.place) filter (where h.hints is not null), '{}')
  into v_target.user_id, v_target.host_id, v_hints
  from (
    select b.*, row_number() over () as place from private.calcom_history(p_lineage_id) b
  ) h;

  -- An operator's enrolment says whose it is.
  v_target.user_id := coalesce(
    (v_decided ->> 'user_id')::uuid,
    (
      select e.client_user_id from public.client_enrollments e
      where e.id = (v_decided ->> 'enrollment_id')::uuid
    ),
    v_target.user_id
  );
  if v_target.user_id is null then
    v_target.missing := v_target.missing || 'attendee_unknown'::text;
  end if;

  v_target.host_id := coalesce(
    (v_decided ->> 'host_id')::uuid,
    v_target.host_id,
    -- an event type of one instructor alone says who hosts
    (
      select (array_agg(distinct i.instructor_id))[1]
      from public.instructor_calcom_event_types i
      where i.child_event_type_id = (
        select h.event_type_id from private.calcom_history(p_lineage_id) h limit 1
      )
      having count(distinct i.instructor_id) = 1
    )
  );
  if v_target.host_id is null then
    v_target.missing := v_target.missing || 'organizer_unknown'::text;
  end if;

  if v_decided ? 'mapping_id' then
    select m.* into v_mapping
    from public.calcom_event_type_mappings m
    where m.id = (v_decided ->> 'mapping_id')::uuid;
  else
    select m.* into v_mapping
    from (
      select b.*, row_number() over () as place from private.calcom_history(p_lineage_id) b
    ) h
    cross join lateral private.find_calcom_mapping(
      h.event_type_id, h.event_type_slug, v_target.host_id, v_target.user_id
    ) m
    order by h.place
    limit 1;
  end if;
  if v_mapping.id is null then
    v_target.missing := v_target.missing || 'event_type_unknown'::text;
    return v_target;
  elsif v_mapping.is_active is not true then
    v_target.missing := v_target.missing || 'mapping_inactive'::text;
    return v_target;
  end if;

  v_target.group_id := (v_decided ->> 'group_id')::uuid;
  if v_target.group_id is null then
    select f.group_id, f.problem into v_target.group_id, v_problem
    from private.find_calcom_group(v_mapping.id, v_target.user_id, v_target.host_id, v_hints) f;
  end if;

  if v_mapping.session_target = 'group_session' then
    v_target.kind := 'peer_group';
    v_target.title := coalesce(
      v_mapping.calcom_event_type_name, (select g.name from public.groups g where g.id = v_target.group_id)
    );
  else
    select m.id, m.program_id, coalesce(v_mapping.calcom_event_type_name, m.title)
    into v_target.module_id, v_target.program_id, v_target.title
    from public.program_modules m
    left join unnest(v_hints) with ordinality as hint (ids, place) on m.id::text in (
      hint.ids ->> 'module_id',
      -- or of a session that is waiting on an enrolment of the booker's own
      (
        select s.module_id::text
        from public.module_sessions s
        join public.client_enrollments e on e.id = s.enrollment_id and e.client_user_id = v_target.user_id
        where s.id::text = hint.ids ->> 'pending_session_id'
      )
    )
    where case
        when v_decided ? 'module_id' then m.id = (v_decided ->> 'module_id')::uuid
        when v_mapping.default_module_id is not null then m.id = v_mapping.default_module_id
        else hint.place is not null
          and m.program_id = coalesce(v_mapping.default_program_id, m.program_id)
      end
    order by hint.place
    limit 1;
    if v_target.module_id is null then
      v_target.missing := v_target.missing || 'module_unknown'::text;
      return v_target;
    end if;

    if v_problem = 'group_unknown' and v_target.group_id is null
      and v_mapping.default_group_id is null
      and not exists (select from public.groups g where g.calcom_mapping_id = v_mapping.id)
    then
      v_target.kind := 'individual';
      v_problem := null;
      v_target.enrollment_id := coalesce(
        (
          select e.id from public.client_enrollments e
          where e.id = (v_decided ->> 'enrollment_id')::uuid and e.program_id = v_target.program_id
        ),
        private.find_calcom_enrolment(p_lineage_id, v_target.program_id, v_target.user_id, v_hints)
      );
      if v_target.enrollment_id is null and v_target.user_id is not null then
        v_problem := 'enrollment_missing';
      end if;
    else
      v_target.kind := 'group_module';
    end if;
  end if;

  if v_problem is not null and v_target.user_id is not null then
    v_target.missing := v_target.missing || v_problem;
  elsif v_problem = 'group_unknown' then
    v_target.missing := v_target.missing || v_problem;
  end if;

  if cardinality(v_target.missing) = 0 then
    v_target.pending_session_id := private.find_calcom_pending_session(v_target, v_hints);
  end if;
  return v_target;
end
$$;
comment on function private.find_calcom_target(uuid) is
  'Which session a lineage stands for, from what Cal.com said, what an operator decided, and the mapping; '
  'or what is missing.';
revoke execute on function private.find_calcom_target(uuid) from public;
