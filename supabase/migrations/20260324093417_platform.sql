-- What the others need: schema private, helpers of migrations, jobs, the audit log.
--
-- Why: helpers must not be callable by visitors, so they stand in a schema that the Data API does not expose. A
-- migration has to survive a database without pg_cron and one where it is not loaded, and to find out whether what
-- `if not exists` found is what it would have made. Production's audit log has columns of its own: ours are added.
-- Locks: on production, until commit, ACCESS EXCLUSIVE on admin_audit_logs; SHARE ROW EXCLUSIVE on
-- system_settings.
-- Can be run again.

set lock_timeout = '10s';
set check_function_bodies = off; -- a body may name what a later file makes

-- Tables that are there ---------------------------------------------------------------------------

create schema if not exists private;
comment on schema private is 'Helpers and tables that the Data API does not expose.';
revoke all on schema private from public;
grant usage on schema private to anon, authenticated, service_role;

-- Production's admin_audit_logs has columns that are not known here: what private.audit() writes is added, and
-- what production demands besides may be left out from now on, or no line could be written. A fresh database
-- has no such table yet.
-- lint-ignore assertions -- the block below looks at the types, of which more than one will do
alter table if exists public.admin_audit_logs
  add column if not exists actor_id uuid,
  add column if not exists action text,
  add column if not exists target_user_id uuid,
  add column if not exists details jsonb default '{}',
  add column if not exists created_at timestamptz default now();
do $$
declare
  v_column record;
begin
  for v_column in
    select a.attname as name, format_type(a.atttypid, null) as type, written.types
    from pg_catalog.pg_attribute a
    join (
      values
        ('actor_id', array['uuid']), ('action', array['text', 'character varying']),
        ('target_user_id', array['uuid']), ('details', array['jsonb']),
        ('created_at', array['timestamp with time zone'])
    ) as written (name, types) on written.name = a.attname
    where a.attrelid = to_regclass('public.admin_audit_logs')
      and format_type(a.atttypid, null) <> all (written.types)
  loop
    raise exception 'admin_audit_logs.% is %, and private.audit() writes %', v_column.name, v_column.type, v_column.types;
  end loop;

  for v_column in
    select a.attname as name
    from pg_catalog.pg_attribute a
    where a.attrelid = to_regclass('public.admin_audit_logs')
      and a.attnum > 0 and not a.attisdropped and a.attnotnull and not a.atthasdef and a.attidentity = ''
      and a.attname not in ('id', 'actor_id', 'action', 'target_user_id', 'details', 'created_at')
  loop
    execute format('alter table public.admin_audit_logs alter column %I drop not null', v_column.name);
  end loop;
end
$$;

-- Nothing to put right: public.admin_audit_logs exists, private.audit_admin_writes() and its triggers
-- (audit_admin_writes, `create or replace trigger` on 30 tables) are made by the composed files. Of these tables,
-- production has all. system_settings' updated_at trigger is now before insert or update:
--   create or replace trigger update_system_settings_updated_at before insert or update on public.system_settings …
-- is in the composed file and replaces the one of that name.
select 1;

-- Functions ---------------------------------------------------------------------------------------

create or replace function public.update_updated_at_column()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
begin
  new.updated_at = now();
  return new;
end
$$;
comment on function public.update_updated_at_column() is
  'Trigger: stamps updated_at with the time of the transaction.';
revoke execute on function public.update_updated_at_column() from public, anon, authenticated, service_role;
grant execute on function public.update_updated_at_column() to service_role;

create or replace function private.audit(
  p_actor_id uuid, p_action text, p_target_user_id uuid, p_outcome text, p_details jsonb default '{}'
)
returns void
language sql
set search_path = ''
as $$
  insert into public.admin_audit_logs (actor_id, action, target_user_id, details, created_at)
  values (
    p_actor_id, p_action, p_target_user_id, jsonb_build_object('outcome', p_outcome) || p_details,
    clock_timestamp()
  );
$$;
comment on function private.audit(uuid, text, uuid, text, jsonb) is
  'Writes one line of the audit log. p_outcome: asked or done.';
revoke execute on function private.audit(uuid, text, uuid, text, jsonb) from public;

-- A browser strips controls and leading blanks before it looks for a scheme.
create or replace function private.are_web_links(variadic p_links text[])
returns boolean
language sql
immutable
set search_path = ''
begin atomic
  select coalesce(
    bool_and(
      link is null
      or (link !~ '[[:cntrl:]]' and (link ~* '^\s*https?://' or link !~* '^\s*[a-z][a-z0-9+.-]*:'))
    ),
    true
  )
  from unnest(p_links) as link;
end;
comment on function private.are_web_links(text[]) is
  'Whether each text is null, or an address of a web page, with http, https or no scheme: none that runs a script or opens '
  'a program.';
revoke execute on function private.are_web_links(text[]) from public;
grant execute on function private.are_web_links(text[]) to authenticated, service_role;

create or replace function private.assert_table(
  p_table text, p_columns text, variadic p_constraints text[] default '{}'
) returns void
language plpgsql
set search_path = ''
as $$
declare
  v_bare constant text := '::[a-z_."]+( [a-z]+)*(\([0-9,]+\))?(\[\])?';
  v_twin regclass;
  v_constraint text;
  v_wanted text;
  v_part record;
begin
  execute format('create temporary table assert_twin (%s)', p_columns);
  v_twin := to_regclass('pg_temp.assert_twin');
  for v_part in
    with columns as (
      select a.attrelid = v_twin as is_wanted, a.attname as name,
        concat_ws(' ', pg_catalog.format_type(a.atttypid, a.atttypmod),
          case when a.attnotnull then 'not null' end,
          case a.attidentity when 'a' then 'generated always as identity' when 'd' then 'generated as identity' end,
          case when a.attgenerated <> '' then 'generated as' else 'default' end
            || ' ' || pg_catalog.regexp_replace(pg_catalog.pg_get_expr(d.adbin, d.adrelid), v_bare, '', 'g')
        ) as definition
      from pg_catalog.pg_attribute a
      left join pg_catalog.pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
      where a.attrelid in (v_twin, p_table::regclass)
        and a.attnum > 0 and not a.attisdropped
    )
    select w.name, w.definition as wanted, coalesce(f.definition, 'nothing') as found
    from columns w left join columns f on f.name = w.name and not f.is_wanted
    where w.is_wanted and f.definition is distinct from w.definition
  loop
    raise exception 'column %.% is not as this migration makes it: it is %, and should be %',
      p_table, v_part.name, v_part.found, v_part.wanted using errcode = 'object_not_in_prerequisite_state';
  end loop;

  foreach v_constraint in array p_constraints loop
    v_wanted := v_constraint;
    if v_constraint !~* '^\s*foreign key' then -- which a temporary table cannot have: it is compared as written
      execute format('alter table pg_temp.assert_twin add constraint assert_twin_one %s', v_constraint);
      select pg_catalog.pg_get_constraintdef(k.oid) into v_wanted from pg_catalog.pg_constraint k
      where k.conrelid = v_twin and k.conname = 'assert_twin_one';
      execute 'alter table pg_temp.assert_twin drop constraint assert_twin_one';
    end if;
    perform from pg_catalog.pg_constraint k
    where k.conrelid = p_table::regclass
      and pg_catalog.regexp_replace(lower(pg_catalog.pg_get_constraintdef(k.oid)), '\s|not valid$', '', 'g')
        = pg_catalog.regexp_replace(lower(v_wanted), '\s', '', 'g');
    if not found then
      raise exception 'table % has no constraint %, which this migration makes; it has %', p_table, v_wanted,
        (select string_agg(pg_catalog.pg_get_constraintdef(k.oid), '; ') from pg_catalog.pg_constraint k
         where k.conrelid = p_table::regclass) using errcode = 'object_not_in_prerequisite_state';
    end if;
  end loop;
  execute 'drop table pg_temp.assert_twin';
end
$$;
comment on function private.assert_table(text, text, text[]) is
  'Raises unless a table has these columns (type, not null, default; casts in a default do not count) and these constraints, whatever their names. Others may be there too.';
revoke execute on function private.assert_table(text, text, text[]) from public;

create or replace function private.assert_index(p_statement text)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_parts constant text[] := pg_catalog.regexp_match(p_statement,
    '^\s*create\s+(unique\s+)?index\s+(?:if\s+not\s+exists\s+)?(\S+)\s+on\s+(?:only\s+)?(\S+?)\s*((?:using|\().*?)\s*;?\s*$', 'i');
  v_table constant regclass := v_parts[3]::regclass;
  v_wanted text;
  v_found text;
begin
  execute format('create temporary table assert_twin (like %s)', v_table);
  execute format('create %s index assert_twin_index on pg_temp.assert_twin %s', v_parts[1], v_parts[4]);
  v_wanted := pg_catalog.pg_get_indexdef(to_regclass('pg_temp.assert_twin_index'));
  select pg_catalog.pg_get_indexdef(i.indexrelid) || case when i.indisvalid then '' else ' (not valid)' end
  into v_found
  from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
  where i.indrelid = v_table and c.relname = pg_catalog.btrim(v_parts[2], '"');
  execute 'drop table pg_temp.assert_twin';
  -- how it begins differs by the names of index and table alone, which are known
  if v_found is null
    or (v_found ~ '^CREATE UNIQUE') <> (v_wanted ~ '^CREATE UNIQUE')
    or pg_catalog.regexp_replace(v_found, '^.*? USING ', '') <> pg_catalog.regexp_replace(v_wanted, '^.*? USING ', '')
  then
    raise exception 'index % of % is not as this migration makes it: it is %, and should be %',
      v_parts[2], v_table, coalesce(v_found, 'not there'), p_statement
      using errcode = 'object_not_in_prerequisite_state';
  end if;
end
$$;
comment on function private.assert_index(text) is
  'Raises unless the index is there that this `create index` statement makes, on that table, valid.';
revoke execute on function private.assert_index(text) from public;

create or replace function private.assert_type(p_type text, p_attributes text)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_wanted text;
  v_found text;
begin
  execute format('create temporary table assert_twin (%s)', p_attributes);
  select string_agg(a.attname || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod), ', ' order by a.attnum)
    filter (where a.attrelid = to_regclass('pg_temp.assert_twin')),
    string_agg(a.attname || ' ' || pg_catalog.format_type(a.atttypid, a.atttypmod), ', ' order by a.attnum)
    filter (where a.attrelid <> to_regclass('pg_temp.assert_twin'))
  into v_wanted, v_found
  from pg_catalog.pg_attribute a
  where a.attnum > 0 and not a.attisdropped
    and a.attrelid in (
      to_regclass('pg_temp.assert_twin'),
      (select t.typrelid from pg_catalog.pg_type t where t.oid = to_regtype(p_type))
    );
  execute 'drop table pg_temp.assert_twin';
  if v_found is distinct from v_wanted then
    raise exception 'type % is not as this migration makes it: it is (%), and should be (%)',
      p_type, coalesce(v_found, 'no composite type'), v_wanted using errcode = 'object_not_in_prerequisite_state';
  end if;
end
$$;
comment on function private.assert_type(text, text) is
  'Raises unless a composite type has these attributes, in this order.';
revoke execute on function private.assert_type(text, text) from public;

create or replace function private.assert_enum(p_type text, variadic p_labels text[])
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_found constant text[] := array(
    select e.enumlabel from pg_catalog.pg_enum e where e.enumtypid = p_type::regtype order by e.enumsortorder);
begin
  if v_found is distinct from p_labels then
    raise exception 'type % is not as this migration makes it: its values are %, and should be %',
      p_type, v_found, p_labels using errcode = 'object_not_in_prerequisite_state';
  end if;
end
$$;
comment on function private.assert_enum(text, text[]) is
  'Raises unless an enum has these values, in this order.';
revoke execute on function private.assert_enum(text, text[]) from public;

create or replace function private.assert_schema(p_schema text)
returns void
language plpgsql
set search_path = ''
as $$
begin
  if not pg_catalog.has_schema_privilege(p_schema, 'create') then
    raise exception 'schema % belongs to %, and % may not create in it', p_schema,
      (select n.nspowner::regrole from pg_catalog.pg_namespace n where n.nspname = p_schema), current_user
      using errcode = 'object_not_in_prerequisite_state';
  end if;
end
$$;
comment on function private.assert_schema(text) is 'Raises unless the migration''s role may create in a schema.';
revoke execute on function private.assert_schema(text) from public;

create or replace function private.take_attempt(
  p_action text, p_user_id uuid, p_limits integer[], p_periods interval[], p_now timestamptz
)
returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_wait integer;
begin
  -- One at a time a user and action: those who wait here count what those before them took.
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(p_action || ':' || p_user_id, 0));

  delete from private.attempts a
  where a.action = p_action
    and a.user_id = p_user_id
    and a.occurred_at <= p_now - (select max(period) from unnest(p_periods) as period);

  select max(ceil(extract(epoch from taken.occurred_at + rule.period - p_now)))::integer into v_wait
  from unnest(p_limits, p_periods) as rule (allowed, period)
  cross join lateral (
    select a.occurred_at
    from private.attempts a
    where a.action = p_action
      and a.user_id = p_user_id
      and a.occurred_at > p_now - rule.period
    order by a.occurred_at desc
    offset rule.allowed - 1
    limit 1
  ) taken;
  if v_wait is not null then
    return greatest(v_wait, 1);
  end if;

  insert into private.attempts (action, user_id, occurred_at) values (p_action, p_user_id, p_now);
  return null;
end
$$;
comment on function private.take_attempt(text, uuid, integer[], interval[], timestamptz) is
  'Takes one of the attempts that a user has: p_limits[n] in any p_periods[n]. Null, or the seconds until '
  'the next, when nothing is taken. Holds until the transaction ends.';
revoke execute on function private.take_attempt(text, uuid, integer[], interval[], timestamptz) from public;

create or replace function private.audit_writes()
returns trigger
language plpgsql
security definer -- nobody who writes these tables may write the audit log
-- Triggers on tables that the server writes all the time ask for the role of the request, which a definer function
-- keeps: what the server and pg_cron write there costs nothing here.
set search_path = ''
as $$
declare
  v_actor_id constant uuid := auth.uid();
  v_old jsonb;
  v_new jsonb;
  v_row jsonb;
  v_changed jsonb;
begin
  if tg_argv[0] = 'admins' and not private.is_admin() then
    return null;
  end if;
  v_old := case when tg_op <> 'INSERT' then to_jsonb(old) else '{}' end;
  v_new := case when tg_op <> 'DELETE' then to_jsonb(new) else '{}' end;
  v_row := v_old || v_new;

  -- What people wrote, and what may be a secret, is text: of such columns the log has the name alone.
  select jsonb_object_agg(
    a.attname,
    case
      when t.typcategory in ('B', 'N', 'D', 'E') or t.oid = 'uuid'::regtype
        then jsonb_strip_nulls(jsonb_build_object('old', v_old -> a.attname, 'new', v_new -> a.attname))
      else '{}'
    end
  ) into v_changed
  from pg_catalog.pg_attribute a
  join pg_catalog.pg_type t on t.oid = a.atttypid
  where a.attrelid = tg_relid and a.attnum > 0 and not a.attisdropped
    -- who used a code stands in a row of its own
    and a.attname not in ('created_at', 'updated_at', 'current_uses', 'uses_count')
    and nullif(v_old -> a.attname, 'null') is distinct from nullif(v_new -> a.attname, 'null');
  if v_changed is null then
    return null;
  end if;

  perform private.audit(
    v_actor_id, tg_table_name || '.' || lower(tg_op),
    private.uuid_or_null(coalesce(
      v_row ->> 'user_id', v_row ->> 'client_user_id', v_row ->> 'partner_id',
      case v_row ->> 'owner_type' when 'user' then v_row ->> 'owner_id' end
    )),
    'done',
    jsonb_build_object('table', tg_table_name, 'key', v_row -> 'id', 'changed', v_changed)
      -- without a person, such as the server or somebody at psql: the role
      || case when v_actor_id is null
        then jsonb_build_object('role', coalesce(nullif(current_setting('role'), 'none'), session_user))
        else '{}' end
  );
  return null;
end
$$;
comment on function private.audit_writes() is
  'Trigger on roles, credits, codes, plans and settings: a line of the audit log for each row, whoever writes it; with '
  'the argument admins, what an admin writes. It has the values of numbers, flags, dates, enums and ids, and of text '
  'the column''s name alone; without a person, the role.';
revoke execute on function private.audit_writes() from public;

create or replace function private.is_code_attempt_kept(p_user_id uuid, p_now timestamptz)
returns boolean
language plpgsql
set search_path = ''
as $$
declare
  v_all private.code_attempts_kept;
  v_undone bigint;
begin
  select * into strict v_all from private.code_attempts_kept for update;
  select case when is_called then last_value else 0 end - v_all.kept into v_undone from private.code_attempts_begun;

  if v_all.undone_at <= p_now - interval '1 day' then
    update private.code_attempts_kept set undone = v_undone, undone_at = p_now;
    delete from private.code_attempt_marks;
    v_all.undone := v_undone;
  end if;
  if v_undone - greatest(
      v_all.undone, (select m.undone from private.code_attempt_marks m where m.user_id = p_user_id)
    ) >= 5
  then
    insert into private.code_attempt_marks (user_id, undone) values (p_user_id, v_undone)
    on conflict (user_id) do update set undone = excluded.undone;
    return false;
  end if;

  perform nextval('private.code_attempts_begun');
  update private.code_attempts_kept set kept = kept + 1;
  return true;
end
$$;
comment on function private.is_code_attempt_kept(uuid, timestamptz) is
  'Whether the user may go on with an attempt at a code: false once five have been undone since the user''s mark, or since '
  'the day began. The refusal makes the mark, and does so only where it is not undone; so five undone guesses cost one '
  'that counts.';
revoke execute on function private.is_code_attempt_kept(uuid, timestamptz) from public;

-- Visitors have no address here: all of them share one budget, and those who try codes that begin alike another,
-- under ids that are nobody's. Whoever signs in has a budget of their own, so that a flood of wrong codes by
-- visitors keeps nobody with an account from a code that is right; where attempts were undone it is right at the second try.
create or replace function private.begin_code_attempt(p_code text, p_now timestamptz)
returns boolean
language plpgsql
set search_path = ''
as $$
declare
  v_user_id constant uuid := auth.uid();
  v_nobody constant uuid := '00000000-0000-0000-0000-000000000000'::uuid;
  v_beginning constant uuid := pg_catalog.md5(upper(left(btrim(p_code), 6)))::uuid;
begin
  if v_user_id is not null then
    return private.take_attempt('code', v_user_id, '{20,60}', '{10 minutes,1 day}', p_now) is null
      and private.is_code_attempt_kept(v_user_id, p_now);
  end if;
  delete from private.attempts a
  where a.action = 'code_beginning' and a.occurred_at <= p_now - interval '1 hour';
  return private.take_attempt('code', v_nobody, '{60,600}', '{10 minutes,1 day}', p_now) is null
    and private.take_attempt('code_beginning', v_beginning, '{20}', '{1 hour}', p_now) is null
    and private.is_code_attempt_kept(v_nobody, p_now);
end
$$;
comment on function private.begin_code_attempt(text, timestamptz) is
  'Takes one attempt at a code: false when the caller has none left. Right codes give it back.';
revoke execute on function private.begin_code_attempt(text, timestamptz) from public;

create or replace function private.give_back_code_attempt(p_code text)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_user_id constant uuid := coalesce(auth.uid(), '00000000-0000-0000-0000-000000000000');
  v_beginning constant uuid := pg_catalog.md5(upper(left(btrim(p_code), 6)))::uuid;
begin
  -- begin_code_attempt holds the lock on both: the newest is the one that it took
  delete from private.attempts a
  where a.id in (
    select max(taken.id) from private.attempts taken
    where (taken.action, taken.user_id) = ('code', v_user_id)
      or (auth.uid() is null and (taken.action, taken.user_id) = ('code_beginning', v_beginning))
    group by taken.action
  );
end
$$;
comment on function private.give_back_code_attempt(text) is
  'Gives the attempt back that private.begin_code_attempt took in this transaction: the code was right.';
revoke execute on function private.give_back_code_attempt(text) from public;

create or replace function private.schedule_job(p_name text, p_schedule text, p_command text)
returns void
language plpgsql
set search_path = ''
as $$
begin
  if not exists (select from pg_catalog.pg_available_extensions where name = 'pg_cron') then
    raise notice 'pg_cron is not available: % is not scheduled', p_name;
    return;
  end if;
  if not exists (select from pg_catalog.pg_extension where extname = 'pg_cron') then
    begin
      -- By execute: supautils rewrites the tree of the statement, which plpgsql would keep for the next call.
      execute 'create extension pg_cron with schema pg_catalog';
    exception
      when others then -- not preloaded, or another database of this server holds it
        raise notice 'pg_cron cannot be used here (%): % is not scheduled', sqlerrm, p_name;
        return;
    end;
  end if;
  if exists (
    select from cron.job j
    where (j.jobname, j.schedule, j.command, j.database, j.username)
      = (p_name, p_schedule, p_command, current_database(), current_user)
      and j.active
  ) then
    return;
  end if;
  begin
    perform cron.schedule(p_name, p_schedule, p_command);
  exception
    when internal_error then -- the extension is there and its library is not preloaded
      raise notice 'pg_cron cannot be used here (%): % is not scheduled', sqlerrm, p_name;
  end;
end
$$;
comment on function private.schedule_job(text, text, text) is
  'Schedules a command by name, anew where the name is taken; a notice where pg_cron cannot be had.';
revoke execute on function private.schedule_job(text, text, text) from public;

create or replace function private.unschedule_job(p_name text)
returns void
language plpgsql
set search_path = ''
as $$
begin
  if to_regclass('cron.job') is not null then
    perform cron.unschedule(j.jobid) from cron.job j where j.jobname = p_name;
  end if;
exception
  when internal_error then -- the extension is there and its library is not preloaded
    raise notice 'pg_cron cannot be used here (%): % stays scheduled', sqlerrm, p_name;
end
$$;
comment on function private.unschedule_job(text) is 'Takes a job off the schedule; does nothing where there is none.';
revoke execute on function private.unschedule_job(text) from public;

create or replace function private.known_timezone(p_timezone text)
returns text
language plpgsql
stable
set search_path = ''
as $$
begin
  perform now() at time zone p_timezone;
  return coalesce(p_timezone, 'UTC');
exception
  when invalid_parameter_value then
    return 'UTC'; -- one mistyped row must not take a subscriber's whole calendar down
end
$$;
comment on function private.known_timezone(text) is
  'The timezone if PostgreSQL knows it, else UTC. pg_timezone_names would read every zone file.';
revoke execute on function private.known_timezone(text) from public;
grant execute on function private.known_timezone(text) to authenticated, service_role;

-- What migrations call to take away what production has under other names.
create or replace function private.drop_public_functions(variadic p_names text[])
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_function regprocedure;
  v_users text;
begin
  for v_function in
    select p.oid::regprocedure from pg_catalog.pg_proc p
    where p.pronamespace = 'public'::regnamespace and p.proname = any (p_names)
  loop
    begin
      execute format('drop function %s', v_function);
    exception
      when dependent_objects_still_exist then
        get stacked diagnostics v_users = pg_exception_detail;
        raise exception '% has to be made anew, and something that no migration here makes uses it: %', v_function, v_users
          using errcode = 'dependent_objects_still_exist', hint = 'Drop or change what uses it, then run this again.';
    end;
  end loop;
end
$$;
comment on function private.drop_public_functions(text[]) is
  'Drops the functions of these names in public, whatever their arguments, before a migration makes them '
  'anew.';
revoke execute on function private.drop_public_functions(text[]) from public;

create or replace function private.drop_checks(p_table text, p_column text)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_name text;
begin
  for v_name in
    select c.conname from pg_catalog.pg_constraint c
    join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and c.conkey = array[a.attnum]
    where c.conrelid = p_table::regclass and c.contype = 'c' and a.attname = p_column
  loop
    execute format('alter table %s drop constraint %I', p_table::regclass, v_name);
  end loop;
end
$$;
comment on function private.drop_checks(text, text) is
  'Drops the checks of one column alone, whatever their names, before a migration makes another. A check of several columns stays.';
revoke execute on function private.drop_checks(text, text) from public;

create or replace function private.drop_unique_keys(p_table text, p_columns text[], p_except text default '')
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_key record;
begin
  for v_key in
    select i.indexrelid::regclass as index, k.conname as name
    from pg_catalog.pg_index i
    join pg_catalog.pg_class c on c.oid = i.indexrelid
    left join pg_catalog.pg_constraint k on k.conindid = i.indexrelid and k.contype = 'u'
    where i.indrelid = p_table::regclass and i.indisunique and not i.indisprimary and c.relname <> p_except
      and (
        select array_agg(a.attname::text order by a.attname)
        from pg_catalog.pg_attribute a
        where a.attrelid = i.indrelid and a.attnum = any (i.indkey::smallint[])
      ) = (select array_agg(name order by name) from unnest(p_columns) as name)
      and 0 <> all (i.indkey::smallint[])
  loop
    if v_key.name is not null then
      execute format('alter table %s drop constraint %I', p_table::regclass, v_key.name);
    else
      execute format('drop index %s', v_key.index);
    end if;
  end loop;
end
$$;
comment on function private.drop_unique_keys(text, text[], text) is
  'Drops the unique keys and indexes over just these columns, whatever their names, but for one that is meant to be there.';
revoke execute on function private.drop_unique_keys(text, text[], text) from public;

-- What migrations call; nothing else does.
create or replace function private.ensure_type(p_statement text)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_parts constant text[] := pg_catalog.regexp_match(p_statement, '^\s*create type (\S+) as \((.*)\)\s*$');
begin
  if to_regtype(v_parts[1]) is null then
    execute p_statement;
  end if;
  perform private.assert_type(v_parts[1], v_parts[2]);
end
$$;
comment on function private.ensure_type(text) is
  'Runs a `create type … as (…)` statement where there is no type of that name; raises where the one there is another.';
revoke execute on function private.ensure_type(text) from public;

create or replace function private.ensure_table(p_statement text)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_parts constant text[] := pg_catalog.regexp_match(p_statement, '^\s*create table (\S+) \((.*)\)\s*$');
begin
  if to_regclass(v_parts[1]) is null then
    execute p_statement;
  end if;
  perform private.assert_table(
    v_parts[1],
    -- a temporary table, with which it is compared, cannot refer to others
    pg_catalog.regexp_replace(
      v_parts[2], '\mreferences [a-z_.]+ \([a-z_, ]+\)( on (delete|update) (cascade|set null))*', '', 'g'
    )
  );
end
$$;
comment on function private.ensure_table(text) is
  'Runs a `create table` statement where there is no table of that name; raises where the one there is lacks its columns.';
revoke execute on function private.ensure_table(text) from public;

create or replace function private.ensure_index(p_statement text)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_parts constant text[] := pg_catalog.regexp_match(p_statement, '^create\s+(?:unique\s+)?index\s+(\S+)\s+on\s+([^\s(]+)');
begin
  -- Looked up first: `if not exists` would lock the table to find that there is nothing to do.
  if not exists (
    select from pg_catalog.pg_index i join pg_catalog.pg_class c on c.oid = i.indexrelid
    where i.indrelid = v_parts[2]::regclass and c.relname = v_parts[1]
  ) then
    execute p_statement;
  end if;
  perform private.assert_index(p_statement);
end
$$;
comment on function private.ensure_index(text) is
  'Runs a `create index` statement where the table lacks an index of that name; raises where the one it has is another.';
revoke execute on function private.ensure_index(text) from public;

-- The guard of migrations that make policies: whoever makes or drops one as hosted Supabase's postgres locks every
-- table of auth, so a file that finds its policies as they are has to leave them alone.
create or replace function private.policies_are(p_tables text[], p_count integer)
returns boolean
language sql
stable
set search_path = ''
as $$
  select count(*) = p_count
    and bool_and(p.policyname in ('select', 'insert', 'update', 'delete', 'all'))
  from pg_catalog.pg_policies p
  where p.schemaname = 'public' and p.tablename = any (p_tables)
$$;
comment on function private.policies_are(text[], integer) is
  'Whether these tables of public have just so many policies, all named as ours are: after the operation.';
revoke execute on function private.policies_are(text[], integer) from public;

create or replace function private.policy_is(p_table text, p_policy text, p_digest text)
returns boolean
language sql
stable
set search_path = ''
as $$
  select exists (
    select from pg_catalog.pg_policies p
    where format('%I.%I', p.schemaname, p.tablename) = p_table and p.policyname = p_policy
      and pg_catalog.md5(concat_ws(e'\n', p.permissive, p.cmd, p.roles::text, p.qual, p.with_check)) = p_digest
  )
$$;
comment on function private.policy_is(text, text, text) is
  'Whether a policy is there and is the one whose md5 over what pg_policies prints this is.';
revoke execute on function private.policy_is(text, text, text) from public;

create or replace function private.drop_policies(variadic p_tables text[])
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_policy record;
begin
  for v_policy in
    select p.tablename, p.policyname from pg_catalog.pg_policies p
    where p.schemaname = 'public' and p.tablename = any (p_tables)
  loop
    execute format('drop policy %I on public.%I', v_policy.policyname, v_policy.tablename);
  end loop;
end
$$;
comment on function private.drop_policies(text[]) is
  'Drops every policy of these tables in public, production''s of unknown names too, before a migration '
  'makes them anew.';
revoke execute on function private.drop_policies(text[]) from public;

create or replace function private.positive_or_null(p_text text)
returns integer
language sql
immutable
set search_path = ''
begin atomic
  select case when p_text ~ '^[0-9]{1,9}$' then nullif(p_text::integer, 0) end;
end;
comment on function private.positive_or_null(text) is 'The positive whole number that a text is, or null.';
revoke execute on function private.positive_or_null(text) from public;

create or replace function private.time_or_null(p_text text)
returns timestamptz
language plpgsql
stable
set search_path = ''
set timezone = 'UTC'
as $$
begin
  return case when p_text ~ '^\d{4}-\d{2}-\d{2}' then p_text::timestamptz end;
exception
  when data_exception then
    return null;
end
$$;
comment on function private.time_or_null(text) is 'The ISO 8601 time that a text is, or null.';
revoke execute on function private.time_or_null(text) from public;

create or replace function private.uuid_or_null(p_text text)
returns uuid
language sql
immutable
set search_path = ''
begin atomic
  select case
    when p_text ~* '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' then p_text::uuid
  end;
end;
comment on function private.uuid_or_null(text) is
  'The uuid that a text is, or null: metadata may hold anything.';
revoke execute on function private.uuid_or_null(text) from public;

create or replace function private.record_trigger_failure(
  p_source text, p_subject_id uuid, p_sqlstate text, p_message text
)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_message text := left(regexp_replace(p_message, '[^[:space:]"<>()=]+@[^[:space:]"<>()=]+', '[address]', 'g'), 500);
begin
  raise warning '% failed for %: % %', p_source, p_subject_id, p_sqlstate, v_message;
  insert into private.trigger_failures (source, subject_id, sqlstate, message)
  values (p_source, p_subject_id, p_sqlstate, v_message);
exception
  when others then -- the record of a failure must not become the failure
    raise warning 'could not record the failure of % for %: %', p_source, p_subject_id, sqlstate;
end
$$;
comment on function private.record_trigger_failure(text, uuid, text, text) is
  'Keeps what a trigger could not do in private.trigger_failures. Never raises.';
revoke execute on function private.record_trigger_failure(text, uuid, text, text) from public;

-- Programs that show a mail make a link of whatever looks like an address of a web page, a bare domain too. A name
-- or a title that somebody chose would be a link of theirs in a mail of ours.
create or replace function private.without_web_addresses(p_text text)
returns text
language sql
immutable
set search_path = ''
begin atomic
  select regexp_replace(
    regexp_replace(
      regexp_replace(
        regexp_replace(
          -- what is not seen could stand within an address: controls but for tab and line feed, and formats of Unicode
          translate(p_text, '：／＼⁄∕', '://\//'),
          '[\u0001-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f]',
          '', 'g'
        ),
        '([a-z][a-z0-9+.-]*)?:[/\\]+', '', 'gi' -- a scheme
      ),
      -- a domain, also with what browsers and IDNA read as its dot
      '[.․。．｡](?=[^[:space:][:digit:][:punct:]]{2})', '. ', 'g'
    ),
    '(\d+)\.(\d+)\.(\d+)\.(\d+)', '\1 \2 \3 \4', 'g'
  );
end;
comment on function private.without_web_addresses(text) is
  'A text in which nothing is an address of a web page: schemes and what is not seen go, and behind a dot within a '
  'domain comes a space: "evil.example" is "evil. example", and "Dr.Pop" is "Dr. Pop".';
revoke execute on function private.without_web_addresses(text) from public;

create or replace function private.values_without_web_addresses(p_data jsonb)
returns jsonb
language sql
immutable
set search_path = ''
begin atomic
  select coalesce(
    jsonb_object_agg(
      key,
      case
        when jsonb_typeof(value) = 'string' and key ~* '(name|title|message|topic)$'
          then to_jsonb(private.without_web_addresses(value #>> '{}'))
        else value
      end
    ),
    '{}'
  )
  from jsonb_each(p_data);
end;
comment on function private.values_without_web_addresses(jsonb) is
  'The values of a mail''s template: names, titles and messages without addresses of web pages. Links, which the '
  'platform makes, are left.';
revoke execute on function private.values_without_web_addresses(jsonb) from public;

-- New tables --------------------------------------------------------------------------------------

-- A caller of the Data API can make the transaction fail once the function has answered, in a way that depends on the
-- answer (a cast in `select`, a filter with a single row), and so undo the attempt that was counted. What a sequence
-- has given out is not undone: what it has given out and nobody kept are attempts that were undone.
-- lint-ignore assertions -- a sequence has nothing in which it could differ
create sequence if not exists private.code_attempts_begun;

-- Production has one of its own, which was looked at above.
-- lint-ignore assertions -- the look above is at the types of its columns
do $$
begin
  if to_regclass('public.admin_audit_logs') is null then
    create table public.admin_audit_logs (
      id uuid primary key default gen_random_uuid(),
      actor_id uuid,
      action text not null,
      target_user_id uuid,
      details jsonb default '{}',
      created_at timestamptz not null default now()
    );
  end if;
end
$$;
select private.ensure_table($table$
create table private.attempts (
  id bigint generated always as identity primary key,
  action text not null,
  user_id uuid not null,
  occurred_at timestamptz not null
)
$table$);
select private.ensure_table($table$
create table private.code_attempts_kept (
  is_only_row boolean primary key default true check (is_only_row),
  kept bigint not null default 0,
  undone bigint not null default 0,
  undone_at timestamptz not null default now()
)
$table$);
select private.ensure_table($table$
create table private.code_attempt_marks (
  user_id uuid primary key,
  undone bigint not null
)
$table$);
select private.ensure_table($table$
create table private.rows_before_repair (
  id bigint generated always as identity primary key,
  table_name text not null,
  content jsonb not null,
  kept_at timestamptz not null default now()
)
$table$);
select private.ensure_table($table$
create table private.trigger_failures (
  id bigint generated always as identity primary key,
  occurred_at timestamptz not null default clock_timestamp(),
  source text not null,
  subject_id uuid,
  sqlstate text not null,
  message text not null
)
$table$);

select private.ensure_index(statement) from unnest(array[
  $$create index admin_audit_logs_target_user_id_created_at_idx
  on public.admin_audit_logs (target_user_id, created_at)$$,
  $$create index attempts_action_user_id_occurred_at_idx
  on private.attempts (action, user_id, occurred_at)$$,
  $$create index attempts_user_id_idx on private.attempts (user_id)$$,
  $$create index rows_before_repair_content_idx on private.rows_before_repair using gin (content)$$
]) as statement;

-- Comments and grants -----------------------------------------------------------------------------

comment on table public.admin_audit_logs is
  'Who did what to whose account. Written by private.audit() in the transaction of the act; people named '
  'here may be gone.';
comment on column public.admin_audit_logs.details is
  'outcome: asked (about to call Auth) or done. An asked without a done was refused by Auth or broke off.';
comment on table private.attempts is
  'What users did lately that they may do only so often. private.take_attempt() counts and clears them. Visitors '
  'are counted under ids of nobody: see private.begin_code_attempt().';
comment on table private.code_attempts_kept is
  'One row: how many of private.code_attempts_begun were kept, and how many were undone when a day began. Its lock lets '
  'one attempt begin at a time, so that none under way counts as undone.';
comment on table private.code_attempt_marks is
  'How many attempts at codes had been undone, by whomever, when the user was last refused for it. Visitors are nobody, as in '
  'private.attempts.';
comment on table private.rows_before_repair is
  'Rows as they were before a migration cut a text or moved a date into the limits that hold from then on. Gone '
  'after 90 days, and what names a user with the user.';
comment on table public.system_settings is 'Settings of the platform by key, as text.';
comment on table private.trigger_failures is
  'What a trigger could not do, where failing would have undone its cause (a sign-up, an enrolment, a '
  'booking).';
comment on column private.trigger_failures.source is 'The function that failed.';
comment on column private.trigger_failures.subject_id is 'The user or row it was about.';
comment on column private.trigger_failures.message is
  'The error without its DETAIL and with e-mail addresses taken out.';

alter table public.admin_audit_logs enable row level security;
alter table private.attempts enable row level security;
alter table private.code_attempts_kept enable row level security;
alter table private.code_attempt_marks enable row level security;
alter table private.rows_before_repair enable row level security;
alter table private.trigger_failures enable row level security;

revoke all on table public.admin_audit_logs from public, anon, authenticated, service_role;
grant select on table public.admin_audit_logs to authenticated, service_role;
revoke all on table private.attempts from public, anon, authenticated, service_role;
revoke all on sequence private.code_attempts_begun from public, anon, authenticated, service_role;
revoke all on table private.code_attempts_kept from public, anon, authenticated, service_role;
revoke all on table private.code_attempt_marks from public, anon, authenticated, service_role;
revoke all on table private.rows_before_repair from public, anon, authenticated, service_role;
grant select, delete on table private.rows_before_repair to service_role;
revoke all on table public.system_settings from public, anon, authenticated, service_role;
grant select on table public.system_settings to authenticated;
grant insert (key, value, updated_at) on table public.system_settings to authenticated;
grant update (key, value, updated_at) on table public.system_settings to authenticated;
grant all on table public.system_settings to service_role;
revoke all on table private.trigger_failures from public, anon, authenticated, service_role;
grant select, delete on table private.trigger_failures to service_role;

-- Triggers ----------------------------------------------------------------------------------------

create or replace trigger audit_writes
  after insert or update or delete on public.system_settings
  for each row execute function private.audit_writes();
create or replace trigger update_system_settings_updated_at
  before insert or update on public.system_settings
  for each row execute function public.update_updated_at_column();

-- What needs the functions above ------------------------------------------------------------------

select private.assert_schema('private');

-- Production's table keeps its own columns and keys; ours are looked at by type above.
select private.ensure_index(
  'create index admin_audit_logs_target_user_id_created_at_idx on public.admin_audit_logs (target_user_id, created_at)'
);

insert into private.code_attempts_kept default values on conflict do nothing;
