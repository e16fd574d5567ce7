-- calendar-feed: what a feed amounts to is kept, so that a 304 need not read the sessions again.
--
-- Why: a calendar program asks every hour and is nearly always answered 304; its price must not grow with
-- the number of sessions. A kept summary is never believed in doubt, which holds without any lock between
-- writers, because they only add rows:
--   writer  a trigger on each table that the feed reads adds a row to private.calendar_changes for each
--           user concerned. It commits with the change, so that whoever sees the one sees the other.
--   reader  believes a summary while there is no such row, and until midnight UTC, when the window moves.
--           It keeps one only when no other writer is at work (private.calendars_are_quiet): a writer looks
--           its users up in a snapshot, which may lack a membership that the reader sees already.
-- This file has the tables and the writers' part; the next one the reader's.
-- Locks: builds two indexes (SHARE on module_sessions), adds triggers to the twelve tables (SHARE ROW
-- EXCLUSIVE). From then on a writer holds ROW EXCLUSIVE on private.calendar_changes, which blocks nobody.
-- Can be run again.

set lock_timeout = '10s';

-- What is kept --------------------------------------------------------------------------------------

do $$
begin
  if to_regtype('private.calendar_part') is null then
    create type private.calendar_part as (
      selector text, -- coaching | group | cohort | hosting, as ?only= has them
      events bigint,
      hash_0 bigint, -- of every column of every event, whatever their order
      hash_1 bigint,
      modified_at timestamptz
    );
  end if;
end
$$;
comment on type private.calendar_part is 'What the events of a feed under one selector amount to.';

create table if not exists private.calendar_summaries (
  user_id uuid primary key references public.profiles (id) on delete cascade,
  revision bigint not null default 0,
  kept_at timestamptz not null default now(),
  epoch bigint,
  day date,
  parts private.calendar_part[]
);
comment on table private.calendar_summaries is
  'What the feed of a user who has asked for it amounts to. Made again when absent, out of date or contradicted by calendar_changes, so it may be emptied at any time with private.forget_calendar_summaries().';
comment on column private.calendar_summaries.revision is 'Rises with every writing, so that of two readers one writes.';
comment on column private.calendar_summaries.kept_at is 'For three days from then on changes are noted for this user.';
comment on column private.calendar_summaries.epoch is 'That of calendar_epoch when the parts were made.';
comment on column private.calendar_summaries.day is 'The day in UTC that the parts hold for.';
comment on column private.calendar_summaries.parts is 'Null until the second request, see calendar_feed.';

create table if not exists private.calendar_changes (
  user_id uuid not null, -- no foreign key: a change must not fail because its user is being deleted
  id bigint generated always as identity,
  primary key (user_id, id)
);
comment on table private.calendar_changes is
  'Users whose feed may have changed since their summary was made. Deleted by the reader that makes it anew.';

create table if not exists private.calendar_epoch (
  is_only boolean primary key default true check (is_only),
  epoch bigint not null default 0
);
comment on table private.calendar_epoch is 'One row: raising the epoch makes every summary void.';
insert into private.calendar_epoch default values on conflict do nothing;

alter table private.calendar_summaries enable row level security;
alter table private.calendar_changes enable row level security;
alter table private.calendar_epoch enable row level security;
revoke all on table private.calendar_summaries, private.calendar_changes, private.calendar_epoch
  from public, anon, authenticated;
grant select, insert, update on table private.calendar_summaries to service_role;
grant select, delete on table private.calendar_changes to service_role;
grant select on table private.calendar_epoch to service_role;

create or replace function private.forget_calendar_summaries()
returns void
language sql
security definer -- service_role may not write the epoch otherwise
set search_path = ''
begin atomic
  update private.calendar_epoch set epoch = epoch + 1;
end;
comment on function private.forget_calendar_summaries() is
  'Makes every kept summary void. For whoever changed the feed''s tables past their triggers, or what private.calendar_events shows.';
revoke execute on function private.forget_calendar_summaries() from public, anon, authenticated;
grant execute on function private.forget_calendar_summaries() to service_role;

insert into private.user_columns (table_name, column_name, on_delete, reason)
values ('private.calendar_changes', 'user_id', 'delete', null)
on conflict (table_name, column_name) do nothing;

create or replace function private.drop_calendar_changes()
returns trigger
language plpgsql
security definer -- whoever deletes the user may not delete here
set search_path = ''
as $$
begin
  delete from private.calendar_changes c where c.user_id in (select o.user_id from old_rows o);
  return null;
end
$$;
comment on function private.drop_calendar_changes() is
  'Trigger: what was noted for a user goes with the summary, when the user is deleted.';
revoke execute on function private.drop_calendar_changes() from public, anon, authenticated;

create or replace trigger drop_calendar_changes
  after delete on private.calendar_summaries
  referencing old table as old_rows
  for each statement execute function private.drop_calendar_changes();

-- Who is concerned ----------------------------------------------------------------------------------

create index if not exists module_sessions_module_idx on public.module_sessions (module_id);
create index if not exists module_sessions_program_idx on public.module_sessions (program_id);

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
  'Whose feeds show what these ids name: user (in person), client (of the enrollment), participants (of the module session), or all who see a session of the enrollment, module, program, group or cohort, or the name of the profile. Rather one too many than one too few.';
revoke execute on function private.calendar_viewers(text, uuid[]) from public, anon, authenticated;

-- Writers -------------------------------------------------------------------------------------------

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
  'Trigger of a statement: adds to calendar_changes whoever may see in a feed what has changed. Its arguments are made by watch_for_calendars.';
revoke execute on function private.note_calendar_changes() from public, anon, authenticated;

create or replace function private.watch_for_calendars(
  p_table regclass, p_columns text[], variadic p_references text[]
)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_arguments text := format(
    '%L, %L',
    array_to_string(p_columns, ', '),
    (
      select string_agg(format('(%L, c.%I)', split_part(r, '=', 1), split_part(r, '=', 2)), ', ')
      from unnest(p_references) r
    )
  );
begin
  execute format(
    'create or replace trigger note_calendar_changes_insert after insert on %s
       referencing new table as changed_rows
       for each statement execute function private.note_calendar_changes(%s)', p_table, v_arguments
  );
  execute format(
    'create or replace trigger note_calendar_changes_update after update on %s
       referencing old table as old_rows new table as new_rows
       for each statement execute function private.note_calendar_changes(%s)', p_table, v_arguments
  );
  execute format(
    'create or replace trigger note_calendar_changes_delete after delete on %s
       referencing old table as changed_rows
       for each statement execute function private.note_calendar_changes(%s)', p_table, v_arguments
  );
  execute format(
    'create or replace trigger note_calendar_changes_truncate after truncate on %s
       for each statement execute function private.note_calendar_changes(%s)', p_table, v_arguments
  );
end
$$;
comment on function private.watch_for_calendars(regclass, text[], text[]) is
  'Has changes of these columns noted for calendar feeds; each reference is a kind of calendar_viewers and the column with its id, as kind=column. Call it again when the feed comes to read another column.';
revoke execute on function private.watch_for_calendars(regclass, text[], text[])
  from public, anon, authenticated;

select private.watch_for_calendars(
  'public.module_sessions',
  '{id, instructor_id, enrollment_id, module_id, program_id, session_type, title, description, status,
    session_date, preferred_date, duration_minutes, location, meeting_url, client_response,
    calendar_sequence, calendar_changed_at, created_at, updated_at}',
  'user=instructor_id', 'client=enrollment_id', 'participants=id'
);
select private.watch_for_calendars(
  'public.module_session_participants', '{user_id, session_id, response_status}', 'user=user_id'
);
select private.watch_for_calendars(
  'public.client_enrollments', '{id, client_user_id, cohort_id, status}',
  'user=client_user_id', 'enrollment=id'
);
select private.watch_for_calendars(
  'public.program_cohorts', '{id, lead_instructor_id, name, status, updated_at}',
  'user=lead_instructor_id', 'cohort=id'
);
select private.watch_for_calendars(
  'public.cohort_sessions',
  '{id, cohort_id, instructor_id, title, description, session_date, start_time, end_time, timezone,
    location, meeting_link, calendar_sequence, calendar_changed_at, created_at, updated_at}',
  'user=instructor_id', 'cohort=cohort_id'
);
select private.watch_for_calendars(
  'public.group_memberships', '{user_id, group_id, status}', 'user=user_id'
);
select private.watch_for_calendars('public.groups', '{id, name}', 'group=id');
select private.watch_for_calendars(
  'public.group_sessions',
  '{id, group_id, title, description, status, session_date, start_time, end_time, duration_minutes,
    location, meeting_link, calendar_sequence, calendar_changed_at, created_at, updated_at}',
  'group=group_id'
);
select private.watch_for_calendars(
  'public.group_session_participants', '{user_id, session_id, response_status}', 'user=user_id'
);
select private.watch_for_calendars('public.program_modules', '{id, program_id}', 'module=id');
select private.watch_for_calendars('public.programs', '{id, name}', 'program=id');
select private.watch_for_calendars('public.profiles', '{id, name}', 'profile=id');
