create or replace function private.calendar_viewers(p_kind text, p_ids uuid[])
returns setof uuid
language plpgsql -- one plan for each way, made once a connection
stable
rows 10
set search_path = ''
as $$
declare
  v_sessions uuid[] := '{}'::uuid[];
  v_cohorts uuid[] := '{}'::uuid[];
begin
  case p_kind
    when 'user' then
      return query select unnest(p_ids);
    when 'client' then
      return query
      select e.client_user_id from public.client_enrollments e where e.id = any (p_ids);
    when 'participants' then
      return query
      select p.user_id from public.module_session_participants p where p.session_id = any (p_ids);
    when 'group' then
      return query
      select m.user_id from public.group_memberships m where m.group_id = any (p_ids);
    when 'cohort' then
      v_cohorts := p_ids;
    when 'enrollment' then
      v_sessions := array(
        select s.id from public.module_sessions s where s.enrollment_id = any (p_ids)
      );
    when 'module' then
      v_sessions := array(
        select s.id from public.module_sessions s where s.module_id = any (p_ids)
      );
    when 'program' then
      v_sessions := array(
        select s.id from public.module_sessions s where s.program_id = any (p_ids)
        union all
        select s.id
        from public.program_modules m
        join public.module_sessions s on s.module_id = m.id
        where m.program_id = any (p_ids)
      );
    when 'profile' then
      v_sessions := array(
        select s.id from public.module_sessions s where s.instructor_id = any (p_ids)
        union all
        select s.id
        from public.client_enrollments e
        join public.module_sessions s on s.enrollment_id = e.id
        where e.client_user_id = any (p_ids)
      );
      v_cohorts := array(
        select c.id from public.program_cohorts c where c.lead_instructor_id = any (p_ids)
        union
        select s.cohort_id from public.cohort_sessions s where s.instructor_id = any (p_ids)
      );
  end case;

  if v_sessions <> '{}' then
    return query
    select s.instructor_id from public.module_sessions s where s.id = any (v_sessions)
    union
    select e.client_user_id
    from public.module_sessions s
    join public.client_enrollments e on e.id = s.enrollment_id
    where s.id = any (v_sessions)
    union
    select p.user_id from public.module_session_participants p where p.session_id = any (v_sessions);
  end if;
  if v_cohorts <> '{}' then
    return query
    select c.lead_instructor_id from public.program_cohorts c where c.id = any (v_cohorts)
    union
    select e.client_user_id from public.client_enrollments e where e.cohort_id = any (v_cohorts)
    union
    select s.instructor_id from public.cohort_sessions s where s.cohort_id = any (v_cohorts);
  end if;
end
$$;
comment on function private.calendar_viewers(text, uuid[]) is
  'Whose feeds show what these ids name: user (in person), client (of the enrollment), participants (of the '
  'module session), or all who see a session of the enrollment, module, program, group or cohort, or the '
  'name of the profile. Rather one too many than one too few.';
revoke execute on function private.calendar_viewers(text, uuid[]) from public;

create or replace function private.note_calendar_changes()
returns trigger
language plpgsql
security definer -- whoever may write a session need not see everyone who is in it
set search_path = ''
as $$
declare
  v_changed text := 'table changed_rows';
  v_kind text;
  v_ids uuid[];
begin
  -- Before anything is looked up: calendars_are_quiet() relies on it. Blocks no other writer.
  lock table private.calendar_changes in row exclusive mode;

  -- Under an older snapshot than this lock the users cannot be looked up reliably.
  if tg_op = 'TRUNCATE' or current_setting('transaction_isolation') <> 'read committed' then
    perform private.forget_calendar_summaries();
    return null;
  end if;

  if tg_op = 'UPDATE' then
    v_changed := format(
      case
        -- every update is a change then
        when 'updated_at' = any (string_to_array(tg_argv[0], ', ')) then 'table old_rows union all table new_rows'
        else
          '(select %1$s from old_rows except all select %1$s from new_rows)
           union all (select %1$s from new_rows except all select %1$s from old_rows)'
      end,
      tg_argv[0]
    );
  end if;
  for v_kind, v_ids in
    execute format(
      'select r.kind, array_agg(distinct r.id) as ids
       from (%s) c cross join lateral (values %s) r (kind, id)
       where r.id is not null
       group by r.kind',
      v_changed, tg_argv[1]
    )
  loop
    insert into private.calendar_changes (user_id)
    select s.user_id
    from private.calendar_summaries s
    where s.kept_at > now() - interval '3 days'
      and s.user_id in (select v from private.calendar_viewers(v_kind, v_ids) v);
  end loop;
  return null;
end
$$;
comment on function private.note_calendar_changes() is
  'Trigger of a statement: adds to calendar_changes whoever may see in a feed what has changed. Its '
  'arguments stand in the triggers of the tables.';
revoke execute on function private.note_calendar_changes() from public;
