-- Queries that read a table whole where an index could have answered.
--
-- Why: `or` between an index and something else leaves the index out: the paths that a coach follows were
-- all of the platform's, each asked about, and the groups of a booking all groups. email_health counted
-- every mail ever sent. And a user whose credit transactions name an add-on could not be deleted: the
-- add-on went first.
-- Locks: none. Can be run again.

set lock_timeout = '10s';

create or replace function private.staff_clients(p_staff_id uuid)
returns setof uuid
language sql
stable
rows 20 -- a caseload, where the planner would think of a thousand
set search_path = ''
begin atomic
  select c.client_id from public.client_coaches c where c.coach_id = p_staff_id
  union
  select c.client_id from public.client_instructors c where c.instructor_id = p_staff_id
  union
  select e.client_user_id
  from public.client_enrollments e
  where e.program_id in (
    select s.program_id from public.program_instructors s where s.instructor_id = p_staff_id
    union
    select s.program_id from public.program_coaches s where s.coach_id = p_staff_id
    union
    select m.program_id
    from public.module_instructors s
    join public.program_modules m on m.id = s.module_id
    where s.instructor_id = p_staff_id
    union
    select m.program_id
    from public.module_coaches s
    join public.program_modules m on m.id = s.module_id
    where s.coach_id = p_staff_id
  )
  union
  select e.client_user_id
  from public.enrollment_module_staff s
  join public.client_enrollments e on e.id = s.enrollment_id
  where s.staff_user_id = p_staff_id;
end;
comment on function private.staff_clients(uuid) is
  'Everybody for whom private.staff_has_client_relationship holds, in one go.';
revoke execute on function private.staff_clients(uuid) from public, anon, authenticated;

create or replace function private.readiness_dashboard()
returns table (
  instantiation_id uuid,
  client_user_id uuid,
  client_name text,
  template_id uuid,
  status text,
  started_at timestamptz,
  estimated_completion_date date,
  goals_total bigint,
  goals_completed bigint,
  milestones_total bigint,
  milestones_completed bigint,
  milestones_overdue bigint,
  progress_percentage integer,
  next_milestone text,
  next_milestone_due date
)
language sql
stable
security definer -- staff of a program may not read the paths; the relationship is checked here
set search_path = ''
begin atomic
  select path.id, path.user_id, (select p.name from public.profiles p where p.id = path.user_id),
    path.template_id, path.status, path.started_at, path.estimated_completion_date, goals.total, goals.completed,
    milestones.total, milestones.completed, milestones.overdue,
    case when milestones.total = 0 then 0 else (milestones.completed * 100 / milestones.total)::integer end,
    upcoming.title, upcoming.due_date
  from (
    select every.*
    from public.guided_path_instantiations every
    where (select private.has_role((select auth.uid()), 'admin'))
    union all
    select theirs.*
    from private.staff_clients((select auth.uid())) as client (user_id)
    join public.guided_path_instantiations theirs on theirs.user_id = client.user_id
    where not (select private.has_role((select auth.uid()), 'admin'))
  ) path
  cross join lateral (
    select count(*) as total, count(*) filter (where g.status = 'completed') as completed
    from public.goals g
    where g.instantiation_id = path.id and not g.is_private
  ) goals
  cross join lateral (
    select count(*) as total,
      count(*) filter (where ms.status = 'completed') as completed,
      count(*) filter (where ms.status <> 'completed' and ms.due_date < current_date) as overdue
    from public.goals g
    join public.goal_milestones ms on ms.goal_id = g.id
    where g.instantiation_id = path.id and not g.is_private and not ms.is_private
  ) milestones
  left join lateral (
    select ms.title, ms.due_date
    from public.goals g
    join public.goal_milestones ms on ms.goal_id = g.id
    where g.instantiation_id = path.id
      and not g.is_private
      and not ms.is_private
      and ms.status <> 'completed'
    order by ms.due_date nulls last, g.created_at, ms.order_index
    limit 1
  ) upcoming on true
  where path.status in ('active', 'paused')
    and not private.is_disabled((select auth.uid()));
end;
comment on function private.readiness_dashboard() is 'See public.readiness_dashboard.';
revoke execute on function private.readiness_dashboard() from public, anon;
grant execute on function private.readiness_dashboard() to authenticated;

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

create or replace function private.release_user(p_user_id uuid, p_heir_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_column record;
  v_count bigint;
  v_done jsonb := '{}'::jsonb;
begin
  -- Read from the catalog: production has more tables than are known here.
  for v_column in
    select it.* from (
      -- what blocks: foreign keys to the user
      select c.conrelid::regclass::text as relation, a.attname as name,
        case when a.attnotnull then 'reassign' else 'clear' end as on_delete,
        format('%I = $1', a.attname) as condition
      from pg_catalog.pg_constraint c
      join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
      where c.contype = 'f'
        and c.confrelid in ('auth.users'::regclass, 'public.profiles'::regclass)
        and c.confdeltype in ('a', 'r')
        and cardinality(c.conkey) = 1
        and c.connamespace = 'public'::regnamespace
      union
      -- and foreign keys to what goes with the user, an enrolment say
      select c.conrelid::regclass::text, a.attname, 'clear',
        format(
          '%I in (select it.%I from %s it where it.%I = $1)', a.attname, key.attname, owned.conrelid::regclass,
          owner.attname
        )
      from pg_catalog.pg_constraint owned
      join pg_catalog.pg_attribute owner on owner.attrelid = owned.conrelid and owner.attnum = owned.conkey[1]
      join pg_catalog.pg_constraint c on c.confrelid = owned.conrelid
      join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
      join pg_catalog.pg_attribute key on key.attrelid = c.confrelid and key.attnum = c.confkey[1]
      where owned.contype = 'f'
        and owned.confrelid in ('auth.users'::regclass, 'public.profiles'::regclass)
        and owned.confdeltype = 'c'
        and owned.connamespace = 'public'::regnamespace
        and owned.conrelid <> 'public.profiles'::regclass
        and c.contype = 'f'
        and c.confdeltype in ('a', 'r')
        and cardinality(c.conkey) = 1
        and not a.attnotnull
      union
      -- and to what is deleted below, an add-on say
      select c.conrelid::regclass::text, a.attname, 'clear',
        format(
          '%I in (select it.%I from %s it where it.%I = $1)', a.attname, key.attname, c.confrelid::regclass,
          u.column_name
        )
      from private.user_columns u
      join pg_catalog.pg_constraint c on c.confrelid = to_regclass(u.table_name)
      join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
      join pg_catalog.pg_attribute key on key.attrelid = c.confrelid and key.attnum = c.confkey[1]
      where u.on_delete = 'delete'
        and c.contype = 'f'
        and c.confdeltype in ('a', 'r')
        and cardinality(c.conkey) = 1
        and not a.attnotnull
      union
      -- and what would be orphaned
      select u.table_name, u.column_name, u.on_delete, format('%I = $1', u.column_name)
      from private.user_columns u
      where u.on_delete <> 'keep' and to_regclass(u.table_name) is not null
    ) it
    order by it.on_delete = 'delete', 1, 2, 4 -- what is to go is referred to by nothing by then
  loop
    execute case v_column.on_delete
      when 'delete' then format('delete from %s where %s', v_column.relation, v_column.condition)
      when 'clear' then format(
        'update %s set %I = null where %s', v_column.relation, v_column.name, v_column.condition
      )
      else format('update %s set %I = $2 where %s', v_column.relation, v_column.name, v_column.condition)
    end using p_user_id, p_heir_id;
    get diagnostics v_count = row_count;
    if v_count > 0 then
      v_done := v_done || jsonb_build_object(
        format('%s.%s', replace(v_column.relation, 'public.', ''), v_column.name),
        format(
          '%s %s', v_count,
          case v_column.on_delete when 'delete' then 'deleted' when 'clear' then 'cleared' else 'reassigned' end
        )
      );
    end if;
  end loop;
  return v_done;
end
$$;
comment on function private.release_user(uuid, uuid) is
  'Takes away what keeps a user from being deleted or would be left without an owner: by foreign keys, as the catalog has them, and by private.user_columns. p_heir_id gets what must have somebody. Returns table.column → how many rows.';
revoke execute on function private.release_user(uuid, uuid) from public, anon, authenticated;

create or replace view public.email_health with (security_invoker = true) as
select
  waiting.mails as waiting,
  waiting.oldest_due,
  (select count(*) from public.email_queue q where q.status = 'dead') as dead,
  (select count(*) from public.email_queue q where q.status = 'sent' and q.error_message is not null)
    as sent_with_missing_values,
  (select max(q.sent_at) from public.email_queue q) as last_sent_at
from (
  select count(*) as mails, min(q.created_at) filter (where q.scheduled_for <= now()) as oldest_due
  from public.email_queue q
  where q.status in ('pending', 'sending')
) waiting;
comment on view public.email_health is
  'The outbox at a glance. oldest_due more than some minutes ago: nobody sends. dead: see error_message in email_queue; setting such a row to pending, attempts 0, sends it again.';
