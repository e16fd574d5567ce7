-- Which session a Cal.com lineage stands for: module or peer group, whose enrolment, which host.
--
-- Why: enrolment and host were looked up in ways that never matched, metadata that a visitor can make up
-- was believed, and several mappings of one event type counted as none.
-- The rules are here, in one place, and read facts only, so that whatever order the facts came in, the
-- answer is the same. Locks: none. Can be run again.

set lock_timeout = '10s';

do $$
begin
  if to_regtype('private.calcom_target') is null then
    create type private.calcom_target as (
      missing text[], -- what is missing, as calcom_reviews.missing; empty: all is known
      kind text, -- individual | group_module | peer_group
      program_id uuid,
      module_id uuid,
      enrollment_id uuid,
      group_id uuid,
      user_id uuid, -- who booked
      host_id uuid,
      title text,
      pending_session_id uuid -- a session that waits for a booking and is this target's own
    );
  end if;
end
$$;
comment on type private.calcom_target is 'What private.find_calcom_target answers.';

create or replace function private.calcom_history(p_lineage_id uuid)
returns setof public.calcom_bookings
language sql
stable
set search_path = ''
begin atomic
  select b.*
  from public.calcom_bookings b
  where b.lineage_id = p_lineage_id
    -- what is known as another's predecessor alone has nothing to say
    and coalesce(b.detail_at, b.cancelled_at, b.rejected_at) is not null
  order by
    exists (
      select from public.calcom_bookings successor
      where successor.lineage_id = p_lineage_id
        and successor.rescheduled_from = b.uid
        and successor.uid <> b.uid
    ),
    b.rejected_at is not null or (b.cancelled_at is not null and not b.awaits_new_time),
    b.detail_at desc nulls last,
    b.uid desc;
end;
comment on function private.calcom_history(uuid) is
  'The bookings of a lineage, the one that counts first: replaced by no other, standing, newest.';

create or replace function private.find_calcom_mapping(
  p_event_type_id integer, p_slug text, p_host_id uuid, p_user_id uuid
)
returns setof public.calcom_event_type_mappings
language sql
stable
set search_path = ''
begin atomic
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
end;
comment on function private.find_calcom_mapping(integer, text, uuid, uuid) is
  'The mapping of an event type: by its id, else by the instructor whose child event type it is, else by slug. May be inactive.';

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
  select array_agg(g.id) into v_candidates
  from public.groups g
  where g.calcom_mapping_id = p_mapping_id
    or g.id = (
      select m.default_group_id from public.calcom_event_type_mappings m where m.id = p_mapping_id
    )
    or (
      -- a module's session for a group is asked for by the link alone, and only by a member
      exists (
        select from public.calcom_event_type_mappings m
        where m.id = p_mapping_id and m.session_target = 'module_session'
      )
      and exists (
        select from unnest(p_hints) hint
        where hint ->> 'session_type' = 'group' and hint ->> 'group_id' = g.id::text
      )
      and exists (
        select from public.group_memberships m
        where m.group_id = g.id and m.user_id = p_user_id and m.status = 'active'
      )
    );
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
  'The booker''s own enrolment in the programme: the one that the link names, else that of the session as it stands, else the newest active one.';

create or replace function private.find_calcom_pending_session(
  p_target private.calcom_target, p_hints jsonb[]
)
returns uuid
language sql
stable
set search_path = ''
begin atomic
  select pending.id
  from unnest(p_hints) with ordinality as hint (ids, place)
  join (
    select s.id
    from public.module_sessions s
    where p_target.kind <> 'peer_group'
      and s.module_id = p_target.module_id
      and s.enrollment_id is not distinct from p_target.enrollment_id
      and (s.status in ('draft', 'requested') or (s.status = 'scheduled' and s.session_date is null))
      -- a session for a group does not say of which: only that its participants are of this one
      and (
        p_target.kind = 'individual'
        or (
          s.session_type = 'group'
          and not exists (
            select from public.module_session_participants p
            where p.session_id = s.id
              and not exists (
                select from public.group_memberships m
                where m.group_id = p_target.group_id and m.user_id = p.user_id
              )
          )
          and exists (
            select from public.module_session_participants p
            where p.session_id = s.id and p.user_id = p_target.user_id
          )
        )
      )
      and not exists (select from public.calcom_lineages l where l.module_session_id = s.id)
    union all
    select s.id
    from public.group_sessions s
    where p_target.kind = 'peer_group'
      and s.group_id = p_target.group_id
      and s.status in ('requested', 'scheduled')
      and not exists (select from public.calcom_lineages l where l.group_session_id = s.id)
  ) pending on hint.ids ->> 'pending_session_id' = pending.id::text
  order by hint.place
  limit 1;
end;
comment on function private.find_calcom_pending_session(private.calcom_target, jsonb[]) is
  'The session that the link names, where it waits for a booking and belongs to the target''s own enrolment or group.';

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
  'Which session a lineage stands for, from what Cal.com said, what an operator decided, and the mapping; or what is missing.';

revoke execute on function private.calcom_history(uuid),
  private.find_calcom_mapping(integer, text, uuid, uuid),
  private.find_calcom_group(uuid, uuid, uuid, jsonb[]),
  private.find_calcom_enrolment(uuid, uuid, uuid, jsonb[]),
  private.find_calcom_pending_session(private.calcom_target, jsonb[]),
  private.find_calcom_target(uuid)
  from public, anon, authenticated;
