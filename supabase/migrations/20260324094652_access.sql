-- Who is who: the functions that policies and other functions ask.
--
-- Why: policies ask who the caller is in hundreds of places. The functions that answer are security definer,
-- because the tables they read are under policies themselves, and stand in private, out of the Data API's reach;
-- production's own policies go on calling the names in public, which run with the caller's rights.
-- Locks: on production, until commit, none on tables.
-- Can be run again.

set lock_timeout = '10s';
set check_function_bodies = off; -- a body may name what a later file makes

-- Tables that are there ---------------------------------------------------------------------------

-- Visitors execute no helper in private but check_request, may_ask_about and the two validators. The composed files
-- grant to authenticated and service_role only; on a database where an earlier state of ours ran, take it back:
do $$
declare
  v_function record;
begin
  for v_function in
    select p.oid::regprocedure as signature from pg_catalog.pg_proc p
    where p.pronamespace = 'private'::regnamespace
      and pg_catalog.has_function_privilege('anon', p.oid, 'execute')
      and p.proname not in ('check_request', 'may_ask_about', 'validate_enrollment_code', 'validate_partner_code')
  loop
    execute format('revoke execute on routine %s from public, anon', v_function.signature);
  end loop;
end
$$;
-- The wrappers in public keep execute for anon (production's own policies ask them for visitors): they answer about
-- the caller alone. They change language (sql to plpgsql), which `create or replace` does. get_user_organization_id and
-- the others keep production's parameter names and result types.
--
-- 20260330091614_visitors: the list of names that stay with visitors is right as it is.

-- Functions ---------------------------------------------------------------------------------------

create or replace function private.are_colleagues(p_staff_id uuid, p_other_id uuid)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  with staffed as (
    select s.instructor_id as staff_id, s.program_id from public.program_instructors s
    where s.instructor_id in (p_staff_id, p_other_id)
    union
    select s.coach_id, s.program_id from public.program_coaches s
    where s.coach_id in (p_staff_id, p_other_id)
    union
    select s.instructor_id, m.program_id from public.module_instructors s
    join public.program_modules m on m.id = s.module_id
    where s.instructor_id in (p_staff_id, p_other_id)
    union
    select s.coach_id, m.program_id from public.module_coaches s
    join public.program_modules m on m.id = s.module_id
    where s.coach_id in (p_staff_id, p_other_id)
  )
  select p_staff_id <> p_other_id
    and private.is_coach_or_instructor(p_staff_id)
    and private.is_coach_or_instructor(p_other_id)
    and exists (
      select from staffed own
      join staffed other on other.program_id = own.program_id
      where own.staff_id = p_staff_id and other.staff_id = p_other_id
    )
$$;
comment on function private.are_colleagues(uuid, uuid) is
  'Whether two people are staff of one program, of all of it or of one of its modules.';
revoke execute on function private.are_colleagues(uuid, uuid) from public;
grant execute on function private.are_colleagues(uuid, uuid) to authenticated, service_role;

create or replace function private.are_group_peers(_user_id uuid, _other_user_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select _user_id <> _other_user_id and exists (
    select from public.group_memberships m
    join public.group_memberships other on other.group_id = m.group_id
    where m.user_id = _user_id
      and m.status = 'active'
      and other.user_id = _other_user_id
      and other.status = 'active'
  );
$$;
comment on function private.are_group_peers(uuid, uuid) is
  'Whether two different users are both active in some peer group.';
revoke execute on function private.are_group_peers(uuid, uuid) from public;
grant execute on function private.are_group_peers(uuid, uuid) to authenticated, service_role;

create or replace function public.are_group_peers(user_a uuid, user_b uuid)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  if not private.may_ask_about(user_a) then
    return false;
  end if;
  return private.are_group_peers(user_a, user_b);
end
$$;
comment on function public.are_group_peers(uuid, uuid) is
  'Policy helper: private.are_group_peers, of the caller alone: false of others, but for admins and the server.';
revoke execute on function public.are_group_peers(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.are_group_peers(uuid, uuid) to anon, authenticated, service_role;

create or replace function private.caller_clients()
returns setof uuid
language sql
stable
rows 20 -- a caseload, where the planner would think of a thousand
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select private.staff_clients((select auth.uid()))
$$;
comment on function private.caller_clients() is
  'Everybody for whom private.may_see_client holds, in one go. In a policy as in (select …): once a statement.';
revoke execute on function private.caller_clients() from public;
grant execute on function private.caller_clients() to authenticated, service_role;

create or replace function private.can_manage_module_session(_user_id uuid, _session_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select private.has_role(_user_id, 'admin') or exists (
    select from public.module_sessions s
    where s.id = _session_id
      and (
        (s.instructor_id = _user_id and private.is_coach_or_instructor(_user_id))
        or private.is_module_session_staff(_user_id, s.module_id, s.program_id)
      )
  );
$$;
comment on function private.can_manage_module_session(uuid, uuid) is
  'Whether the user is an admin or, being a coach or an instructor, the host of the module session or staff of '
  'its module or programme.';
revoke execute on function private.can_manage_module_session(uuid, uuid) from public;
grant execute on function private.can_manage_module_session(uuid, uuid) to authenticated, service_role;

create or replace function public.can_manage_module_session(_user_id uuid, _session_id uuid)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  if not private.may_ask_about(_user_id) then
    return false;
  end if;
  return private.can_manage_module_session(_user_id, _session_id);
end
$$;
comment on function public.can_manage_module_session(uuid, uuid) is
  'Policy helper: private.can_manage_module_session, of the caller alone: false of others, but for admins and the server.';
revoke execute on function public.can_manage_module_session(uuid, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.can_manage_module_session(uuid, uuid) to anon, authenticated, service_role;

create or replace function private.check_request()
returns void
language plpgsql
stable
security definer -- the caller may not read auth.users
set search_path = ''
as $$
declare
  v_user_id uuid := auth.uid(); -- null for the keys, which are nobody's
begin
  if v_user_id is null then
    return;
  end if;
  if private.is_disabled(v_user_id)
    or not exists (select from auth.users u where u.id = v_user_id)
  then
    -- PostgREST answers PTnnn with the status nnn
    raise exception using errcode = 'PT403', message = 'This account is disabled.';
  end if;
end
$$;
comment on function private.check_request() is
  'Called by PostgREST before every request: refuses a disabled or deleted user with 403 PT403.';
revoke execute on function private.check_request() from public;
grant execute on function private.check_request() to anon, authenticated, service_role;

create or replace function private.client_can_view_staff_profile(_client_id uuid, _staff_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select private.is_coach_or_instructor(_staff_id) and exists (
    select from public.client_enrollments e
    where e.client_user_id = _client_id
      and (
        private.is_program_instructor_or_coach(_staff_id, e.program_id)
        or exists (
          select from public.program_modules m
          join public.module_instructors i on i.module_id = m.id
          where m.program_id = e.program_id and i.instructor_id = _staff_id
        )
        or exists (
          select from public.program_modules m
          join public.module_coaches c on c.module_id = m.id
          where m.program_id = e.program_id and c.coach_id = _staff_id
        )
        or exists (
          select from public.enrollment_module_staff s
          where s.enrollment_id = e.id and s.staff_user_id = _staff_id
        )
      )
  );
$$;
comment on function private.client_can_view_staff_profile(uuid, uuid) is
  'Whether the staff person works in one of the client''s enrolments: programme, module or assignment.';
revoke execute on function private.client_can_view_staff_profile(uuid, uuid) from public;
grant execute on function private.client_can_view_staff_profile(uuid, uuid)
  to authenticated, service_role;

create or replace function public.client_can_view_staff_profile(_client_id uuid, _staff_id uuid)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  if not private.may_ask_about(_client_id) then
    return false;
  end if;
  return private.client_can_view_staff_profile(_client_id, _staff_id);
end
$$;
comment on function public.client_can_view_staff_profile(uuid, uuid) is
  'Policy helper: private.client_can_view_staff_profile, of the caller alone: false of others, but for admins and the server.';
revoke execute on function public.client_can_view_staff_profile(uuid, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.client_can_view_staff_profile(uuid, uuid)
  to anon, authenticated, service_role;

create or replace function private.follows_guided_path(p_template_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select exists (
    select from public.guided_path_instantiations i
    where i.template_id = p_template_id and i.user_id = (select auth.uid())
  )
$$;
comment on function private.follows_guided_path(uuid) is
  'Whether the caller follows a guided path made from the template.';
revoke execute on function private.follows_guided_path(uuid) from public;
grant execute on function private.follows_guided_path(uuid) to authenticated, service_role;

create or replace function private.get_user_organization_id(_user_id uuid)
returns uuid
language sql
stable
security definer
set search_path = ''
as $$
  select m.organization_id
  from public.organization_members m
  where m.user_id = _user_id and m.is_active;
$$;
comment on function private.get_user_organization_id(uuid) is
  'The organisation of the user''s active membership (there is at most one), else null.';
revoke execute on function private.get_user_organization_id(uuid) from public;
grant execute on function private.get_user_organization_id(uuid) to authenticated, service_role;

create or replace function public.get_user_organization_id(_user_id uuid)
returns uuid
language plpgsql
stable
set search_path = ''
as $$
begin
  if not private.may_ask_about(_user_id) then
    return null;
  end if;
  return private.get_user_organization_id(_user_id);
end
$$;
comment on function public.get_user_organization_id(uuid) is
  'Policy helper: private.get_user_organization_id, of the caller alone: null of others, but for admins and the server.';
revoke execute on function public.get_user_organization_id(uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.get_user_organization_id(uuid) to anon, authenticated, service_role;

create or replace function private.goals_shared_with_caller()
returns setof uuid
language plpgsql
stable
rows 20
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
declare
  v_shares regclass := to_regclass('public.goal_shares'); -- the web app's own, which is not in these schemas
begin
  if v_shares is null then
    return;
  end if;
  return query execute format(
    'select g.id from %s s '
    'join public.goals g on g.id = s.goal_id and g.user_id = s.shared_by_user_id '
    'where s.shared_with_user_id = $1',
    v_shares
  ) using auth.uid();
end
$$;
comment on function private.goals_shared_with_caller() is
  'The goals that their owners have shared with the caller; none where there is no table goal_shares. In a '
  'policy as in (select …): once a statement.';
revoke execute on function private.goals_shared_with_caller() from public;
grant execute on function private.goals_shared_with_caller() to authenticated, service_role;

-- Security invoker for the reason given at private.guard_columns.
create or replace function private.guard_author_columns()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
declare
  v_column text;
begin
  if current_user not in ('anon', 'authenticated')
    or to_jsonb(old) ->> tg_argv[0] = auth.uid()::text
  then
    return new;
  end if;

  select name into v_column
  from unnest(tg_argv) as name
  where to_jsonb(new) -> name is distinct from to_jsonb(old) -> name
  limit 1;

  if found then
    raise exception 'column "%" of % is not yours to change', v_column, tg_table_name
      using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
comment on function private.guard_author_columns() is
  'Trigger: refuses everybody but the person whom its first argument names, the author or who the row is about, '
  'a change of a column named in its arguments.';
revoke execute on function private.guard_author_columns() from public;

-- Security invoker on purpose: current_user is then whoever runs the statement. It is anon or
-- authenticated for a request and for every security invoker function a request can reach, and somebody
-- else only inside a definer function, which answers for itself, or for the service role.
create or replace function private.guard_columns()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
declare
  v_column text;
begin
  if current_user not in ('anon', 'authenticated') or private.has_role(auth.uid(), 'admin') then
    return new;
  end if;

  select c.name into v_column
  from unnest(tg_argv) as argument
  cross join lateral (
    select
      split_part(argument, '=', 1) as name,
      nullif(split_part(argument, '=', 2), '') as column_default
  ) c
  where case tg_op
    when 'INSERT' then
      to_jsonb(new) ->> c.name is not null
      and to_jsonb(new) ->> c.name is distinct from c.column_default
    else to_jsonb(new) -> c.name is distinct from to_jsonb(old) -> c.name
  end
  limit 1;

  if found then
    raise exception 'column "%" of % is not yours to change', v_column, tg_table_name
      using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
comment on function private.guard_columns() is
  'Trigger: refuses a caller who is no admin and changes a column named in its arguments. On insert a '
  'column may be null or its default, which is given as column=default.';
revoke execute on function private.guard_columns() from public;

-- Security invoker for the reason given at private.guard_columns: what the server writes is its own affair.
create or replace function private.guard_meeting_links()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
declare
  v_new constant jsonb := to_jsonb(new);
  v_old constant jsonb := case tg_op when 'UPDATE' then to_jsonb(old) end;
  v_column text;
begin
  if current_user not in ('anon', 'authenticated') or private.is_admin() then
    return new;
  end if;

  select c.name into v_column
  from unnest(tg_argv) as argument
  cross join lateral (select split_part(argument, '=', 1) as name, argument like '%=any' as is_any) c
  where v_new ->> c.name <> ''
    and v_new -> c.name is distinct from v_old -> c.name
    and not case
      when c.is_any then v_new ->> c.name ~* '^https://[^\s<>"]+$'
      when c.name = 'location' then private.has_only_meeting_links(v_new ->> c.name)
      else v_new ->> c.name ~* '^https://\S+$' and private.has_only_meeting_links(v_new ->> c.name)
    end
  limit 1;

  if found then
    raise exception 'the link in "%" is not one that is allowed here', v_column
      using errcode = 'check_violation',
        hint = 'Links are https, and meetings are held with one of the platform''s meeting services.';
  end if;
  return new;
end
$$;
comment on function private.guard_meeting_links() is
  'Trigger: refuses a caller who is no admin and writes a link to anywhere into a column named in its '
  'arguments. A place may be words, and a link in it is held to the same; column=any takes every https link.';
revoke execute on function private.guard_meeting_links() from public;

-- Security invoker for the reason given at private.guard_columns.
create or replace function private.guard_owner_columns()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
declare
  v_column text;
begin
  if current_user not in ('anon', 'authenticated')
    or (to_jsonb(old) ->> tg_argv[0])::uuid is distinct from auth.uid()
    or private.has_role(auth.uid(), 'admin')
  then
    return new;
  end if;

  select name into v_column
  from unnest(tg_argv) as name
  where to_jsonb(new) -> name is distinct from to_jsonb(old) -> name
  limit 1;

  if found then
    raise exception 'column "%" of % is not yours to change', v_column, tg_table_name
      using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
comment on function private.guard_owner_columns() is
  'Trigger: refuses the person a row is about, whom its first argument names, and who is no admin, a change '
  'of a column named in its arguments. Who else may update the row, such as staff, is not bound.';
revoke execute on function private.guard_owner_columns() from public;

-- Security invoker for the reason given at private.guard_columns.
create or replace function private.guard_signatures()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
declare
  v_caller constant text := auth.uid();
  v_column text;
begin
  if current_user not in ('anon', 'authenticated') then
    return new;
  end if;

  select name into v_column
  from unnest(tg_argv) as name
  where to_jsonb(new) ->> name is distinct from v_caller
    and case tg_op
      when 'INSERT' then to_jsonb(new) ->> name is not null
      -- one's own may be taken back, and nobody else's
      else to_jsonb(new) ->> name is distinct from to_jsonb(old) ->> name
        and not (to_jsonb(new) ->> name is null and to_jsonb(old) ->> name = v_caller)
    end
  limit 1;

  if found then
    raise exception 'column "%" of % takes nobody''s name but your own', v_column, tg_table_name
      using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
comment on function private.guard_signatures() is
  'Trigger: the columns named in its arguments say who wrote something. A caller, admins too, signs with '
  'the own id or leaves what is there.';
revoke execute on function private.guard_signatures() from public;

create or replace function private.has_been_member(p_organization_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select exists (
    select from public.organization_members m
    where m.user_id = (select auth.uid()) and m.organization_id = p_organization_id
  )
$$;
comment on function private.has_been_member(uuid) is
  'Whether the caller is, or was, a member of the organization.';
revoke execute on function private.has_been_member(uuid) from public;
grant execute on function private.has_been_member(uuid) to authenticated, service_role;

create or replace function private.has_completed_progress(p_progress_id uuid)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select exists (
    select from public.module_progress p
    join public.client_enrollments e on e.id = p.enrollment_id
    where p.id = p_progress_id and p.status = 'completed' and e.client_user_id = (select auth.uid())
  )
$$;
comment on function private.has_completed_progress(uuid) is
  'Whether the progress is the caller''s own, and the module completed.';
revoke execute on function private.has_completed_progress(uuid) from public;
grant execute on function private.has_completed_progress(uuid) to authenticated, service_role;

create or replace function private.has_only_meeting_links(p_text text)
returns boolean
language sql
stable
security definer -- the hosts are nobody's to read
set search_path = ''
as $$
  select not exists (
    select
    -- what a mail or calendar program would make a link of ends at these
    from regexp_split_to_table(lower(p_text), '[\s<>"''`(),;|\\{}\[\]]+') as word
    where (
        word ~ '://'
        or word ~ '^(javascript|vbscript|data|file|mailto):.'
        or word ~ '[^\s.]\.[^\s.\d/:?#]{2,}' -- a domain, with or without what comes before it
        or word ~ '\d+\.\d+\.\d+\.\d+'
        or word ~ '[。．｡]' -- which a browser takes for the dot of a domain
      )
      and not exists (
        select from private.allowed_meeting_hosts h
        where '.' || substring(word from '^https://([a-z0-9.-]+)(?::443)?(?:[/?#].*)?$') like '%.' || h.host
      )
  )
$$;
comment on function private.has_only_meeting_links(text) is
  'Whether every web address in a text is https and of private.allowed_meeting_hosts or a subdomain; also of '
  'a text without any.';
revoke execute on function private.has_only_meeting_links(text) from public;
grant execute on function private.has_only_meeting_links(text) to authenticated, service_role;

create or replace function private.has_org_role(_user_id uuid, _organization_id uuid, _role public.org_role)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select from public.organization_members m
    where m.user_id = _user_id
      and m.organization_id = _organization_id
      and m.role = _role
      and m.is_active
  );
$$;
comment on function private.has_org_role(uuid, uuid, public.org_role) is
  'Whether the user has an active membership of the organisation with this role.';
revoke execute on function private.has_org_role(uuid, uuid, public.org_role) from public;
grant execute on function private.has_org_role(uuid, uuid, public.org_role)
  to authenticated, service_role;

create or replace function public.has_org_role(_user_id uuid, _org_id uuid, _role public.org_role)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  if not private.may_ask_about(_user_id) then
    return false;
  end if;
  return private.has_org_role(_user_id, _org_id, _role);
end
$$;
comment on function public.has_org_role(uuid, uuid, public.org_role) is
  'Policy helper: private.has_org_role, of the caller alone: false of others, but for admins and the server.';
revoke execute on function public.has_org_role(uuid, uuid, public.org_role)
  from public, anon, authenticated, service_role;
grant execute on function public.has_org_role(uuid, uuid, public.org_role)
  to anon, authenticated, service_role;

create or replace function private.has_role(_user_id uuid, _role public.app_role)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select from public.user_roles r
    where r.user_id = _user_id and r.role = _role
  );
$$;
comment on function private.has_role(uuid, public.app_role) is 'Whether the user holds the platform role.';
revoke execute on function private.has_role(uuid, public.app_role) from public;
grant execute on function private.has_role(uuid, public.app_role) to authenticated, service_role;

create or replace function public.has_role(_user_id uuid, _role public.app_role)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  if not private.may_ask_about(_user_id) then
    return false;
  end if;
  return private.has_role(_user_id, _role);
end
$$;
comment on function public.has_role(uuid, public.app_role) is
  'Policy helper: private.has_role, of the caller alone: false of others, but for admins and the server.';
revoke execute on function public.has_role(uuid, public.app_role)
  from public, anon, authenticated, service_role;
grant execute on function public.has_role(uuid, public.app_role) to anon, authenticated, service_role;

create or replace function private.has_session_of_colleague(p_session_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  with recursive series as (
    select s.id, s.instructor_id from public.module_sessions s where s.parent_session_id = p_session_id
    union
    select s.id, s.instructor_id
    from public.module_sessions s
    join series on s.parent_session_id = series.id
  )
  select exists (select from series where series.instructor_id <> (select auth.uid()))
$$;
comment on function private.has_session_of_colleague(uuid) is
  'Whether the series of which the module session is the first has one that somebody else hosts.';
revoke execute on function private.has_session_of_colleague(uuid) from public;
grant execute on function private.has_session_of_colleague(uuid) to authenticated, service_role;

create or replace function private.is_admin()
returns boolean
language sql
stable
set search_path = ''
as $$ select private.has_role((select auth.uid()), 'admin') $$;
comment on function private.is_admin() is
  'Whether the caller is a platform admin. In a policy as (select private.is_admin()): once a statement.';
revoke execute on function private.is_admin() from public;
grant execute on function private.is_admin() to authenticated, service_role;

create or replace function private.is_assigned_coach(p_client_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select private.is_staff() and exists (
    select from public.client_coaches c
    where c.client_id = p_client_id and c.coach_id = (select auth.uid())
  )
$$;
comment on function private.is_assigned_coach(uuid) is
  'Whether the caller is assigned to the client as a coach, and still is staff.';
revoke execute on function private.is_assigned_coach(uuid) from public;
grant execute on function private.is_assigned_coach(uuid) to authenticated, service_role;

create or replace function private.is_assigned_staff(p_client_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select private.is_staff() and (
    exists (
      select from public.client_coaches c
      where c.client_id = p_client_id and c.coach_id = (select auth.uid())
    )
    or exists (
      select from public.client_instructors i
      where i.client_id = p_client_id and i.instructor_id = (select auth.uid())
    )
  )
$$;
comment on function private.is_assigned_staff(uuid) is
  'Whether the caller is assigned to the client, as a coach or as an instructor, and still is staff.';
revoke execute on function private.is_assigned_staff(uuid) from public;
grant execute on function private.is_assigned_staff(uuid) to authenticated, service_role;

create or replace function private.is_attempt_of(
  p_user_id uuid, p_enrollment_id uuid, p_module_id uuid, p_parent_assignment_id uuid
)
returns boolean
language sql
stable
security definer -- callers cannot read every enrollment, module and assignment
set search_path = ''
as $$
  select
    (p_enrollment_id is null or private.is_enrollment_of(p_enrollment_id, p_user_id))
    and (
      p_module_id is null
      or exists (
        select from public.program_modules m
        join public.client_enrollments e on e.program_id = m.program_id
        where m.id = p_module_id
          and e.client_user_id = p_user_id
          and (p_enrollment_id is null or e.id = p_enrollment_id)
      )
    )
    and (
      p_parent_assignment_id is null
      or exists (
        select from public.scenario_assignments parent
        where parent.id = p_parent_assignment_id and parent.user_id = p_user_id
      )
    )
$$;
comment on function private.is_attempt_of(uuid, uuid, uuid, uuid) is
  'Whether enrollment, module and former attempt, as far as given, are that user''s.';
revoke execute on function private.is_attempt_of(uuid, uuid, uuid, uuid) from public;
grant execute on function private.is_attempt_of(uuid, uuid, uuid, uuid) to authenticated, service_role;

create or replace function private.is_coach_or_instructor(p_user_id uuid)
returns boolean
language sql
stable
security definer -- user_roles shows callers their own rows only
set search_path = ''
as $$
  select exists (
    select from public.user_roles r
    where r.user_id = p_user_id and r.role in ('coach', 'instructor')
  )
$$;
comment on function private.is_coach_or_instructor(uuid) is
  'Whether a person may be assigned as staff: who holds the platform role of coach or instructor.';
revoke execute on function private.is_coach_or_instructor(uuid) from public;
grant execute on function private.is_coach_or_instructor(uuid) to authenticated, service_role;

create or replace function private.is_banned(
  p_banned_until timestamptz, p_deleted_at timestamptz, p_now timestamptz
)
returns boolean
language sql
immutable
set search_path = ''
as $$
  select coalesce(p_banned_until > p_now, false) or p_deleted_at is not null;
$$;
comment on function private.is_banned(timestamptz, timestamptz, timestamptz) is
  'What auth.users says of a person: banned at that instant, or (softly) deleted for ever.';
revoke execute on function private.is_banned(timestamptz, timestamptz, timestamptz) from public;

create or replace function private.is_disabled(p_user_id uuid, p_now timestamptz default now())
returns boolean
language sql
stable
security definer -- the caller may not read auth.users
set search_path = ''
-- Not begin atomic, here and below: it would pin columns of auth.users, which Supabase Auth migrates.
as $$
  select coalesce(
    (
      select case
        when u.banned_until is null and u.deleted_at is null then p.is_disabled
        else private.is_banned(u.banned_until, u.deleted_at, p_now)
      end
      from public.profiles p
      join auth.users u on u.id = p.id
      where p.id = p_user_id
    ),
    false
  );
$$;
comment on function private.is_disabled(uuid, timestamptz) is
  'Whether this person may neither sign in nor be written to. A ban counts until the instant it ends, '
  'whatever the flag in profiles still says.';
revoke execute on function private.is_disabled(uuid, timestamptz) from public;
grant execute on function private.is_disabled(uuid, timestamptz) to authenticated, service_role;

create or replace function private.is_enrollment_of(p_enrollment_id uuid, p_user_id uuid)
returns boolean
language sql
stable
security definer -- callers cannot read every enrollment
set search_path = ''
as $$
  select exists (
    select from public.client_enrollments e
    where e.id = p_enrollment_id and e.client_user_id = p_user_id
  )
$$;
comment on function private.is_enrollment_of(uuid, uuid) is 'Whether the enrollment is that client''s.';
revoke execute on function private.is_enrollment_of(uuid, uuid) from public;
grant execute on function private.is_enrollment_of(uuid, uuid) to authenticated, service_role;

create or replace function private.is_goal_of_path(p_template_goal_id uuid, p_instantiation_id uuid)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select exists (
    select from public.guided_path_instantiations i
    where i.id = p_instantiation_id
      and i.user_id = (select auth.uid())
      and (
        p_template_goal_id is null
        or exists (
          select from public.guided_path_template_goals t
          where t.id = p_template_goal_id and t.template_id = i.template_id
        )
      )
  )
$$;
comment on function private.is_goal_of_path(uuid, uuid) is
  'Whether the guided path is the caller''s own, and the template goal, if any, one of its template''s.';
revoke execute on function private.is_goal_of_path(uuid, uuid) from public;
grant execute on function private.is_goal_of_path(uuid, uuid) to authenticated, service_role;

create or replace function private.is_group_leader(p_group_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select exists (
    select from public.group_memberships m
    where m.group_id = p_group_id
      and m.user_id = (select auth.uid())
      and m.role = 'leader'
      and m.status = 'active'
  )
$$;
comment on function private.is_group_leader(uuid) is
  'Whether the caller is an active leader of the group.';
revoke execute on function private.is_group_leader(uuid) from public;
grant execute on function private.is_group_leader(uuid) to authenticated, service_role;

create or replace function private.is_group_member(_user_id uuid, _group_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select from public.group_memberships m
    where m.user_id = _user_id and m.group_id = _group_id and m.status = 'active'
  );
$$;
comment on function private.is_group_member(uuid, uuid) is
  'Whether the user has an active membership of the peer group.';
revoke execute on function private.is_group_member(uuid, uuid) from public;
grant execute on function private.is_group_member(uuid, uuid) to authenticated, service_role;

create or replace function public.is_group_member(_user_id uuid, _group_id uuid)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  if not private.may_ask_about(_user_id) then
    return false;
  end if;
  return private.is_group_member(_user_id, _group_id);
end
$$;
comment on function public.is_group_member(uuid, uuid) is
  'Policy helper: private.is_group_member, of the caller alone: false of others, but for admins and the server.';
revoke execute on function public.is_group_member(uuid, uuid) from public, anon, authenticated, service_role;
grant execute on function public.is_group_member(uuid, uuid) to anon, authenticated, service_role;

create or replace function private.is_in_cohort(p_cohort_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select exists (
    select from public.client_enrollments e
    where e.cohort_id = p_cohort_id and e.client_user_id = (select auth.uid())
  )
$$;
comment on function private.is_in_cohort(uuid) is
  'Whether the caller has an enrollment in the cohort.';
revoke execute on function private.is_in_cohort(uuid) from public;
grant execute on function private.is_in_cohort(uuid) to authenticated, service_role;

create or replace function private.is_module_of_enrolment(p_module_id uuid, p_enrollment_id uuid)
returns boolean
language sql
stable
security definer -- callers cannot read every module and enrolment
set search_path = ''
as $$
  select exists (
    select from public.program_modules m
    join public.client_enrollments e on e.program_id = m.program_id
    where m.id = p_module_id and e.id = p_enrollment_id
  );
$$;
comment on function private.is_module_of_enrolment(uuid, uuid) is
  'Whether module and enrolment are of one programme.';
revoke execute on function private.is_module_of_enrolment(uuid, uuid) from public;
grant execute on function private.is_module_of_enrolment(uuid, uuid) to authenticated, service_role;

create or replace function private.is_module_session_consistent(
  p_module_id uuid, p_enrollment_id uuid, p_program_id uuid
)
returns boolean
language sql
stable
security definer -- callers cannot read every module
set search_path = ''
as $$
  select
    (p_enrollment_id is null or private.is_module_of_enrolment(p_module_id, p_enrollment_id))
    and (
      p_program_id is null
      or exists (
        select from public.program_modules m
        where m.id = p_module_id and m.program_id = p_program_id
      )
    );
$$;
comment on function private.is_module_session_consistent(uuid, uuid, uuid) is
  'Whether module, enrolment and programme of a session, as far as given, belong together.';
revoke execute on function private.is_module_session_consistent(uuid, uuid, uuid) from public;
grant execute on function private.is_module_session_consistent(uuid, uuid, uuid)
  to authenticated, service_role;

create or replace function private.is_module_session_participant(p_session_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select exists (
    select from public.module_session_participants p
    where p.session_id = p_session_id and p.user_id = (select auth.uid())
  )
$$;
comment on function private.is_module_session_participant(uuid) is
  'Whether the caller is a participant of the module session.';
revoke execute on function private.is_module_session_participant(uuid) from public;
grant execute on function private.is_module_session_participant(uuid) to authenticated, service_role;

-- The same rule as public.can_manage_module_session, asked of a row's columns instead of its id: a row
-- that is just being written cannot be looked up yet.
create or replace function private.is_module_session_staff(
  p_user_id uuid, p_module_id uuid, p_program_id uuid
)
returns boolean
language sql
stable
security definer -- callers cannot read every module and its staff
set search_path = ''
as $$
  select private.is_coach_or_instructor(p_user_id) and exists (
    select from public.program_modules m
    where m.id = p_module_id
      and (
        exists (
          select from public.module_instructors i
          where i.module_id = m.id and i.instructor_id = p_user_id
        )
        or exists (
          select from public.module_coaches c
          where c.module_id = m.id and c.coach_id = p_user_id
        )
        or exists (
          select from public.program_instructors i
          where i.program_id = coalesce(p_program_id, m.program_id) and i.instructor_id = p_user_id
        )
        or exists (
          select from public.program_coaches c
          where c.program_id = coalesce(p_program_id, m.program_id) and c.coach_id = p_user_id
        )
      )
  );
$$;
comment on function private.is_module_session_staff(uuid, uuid, uuid) is
  'Whether the user is staff of the module, or of the programme (of the module''s, when that is null), and still '
  'a coach or an instructor.';
revoke execute on function private.is_module_session_staff(uuid, uuid, uuid) from public;
grant execute on function private.is_module_session_staff(uuid, uuid, uuid) to authenticated, service_role;

create or replace function private.is_module_staff(p_module_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select private.is_staff() and (
    exists (
      select from public.module_instructors i
      where i.module_id = p_module_id and i.instructor_id = (select auth.uid())
    )
    or exists (
      select from public.module_coaches c
      where c.module_id = p_module_id and c.coach_id = (select auth.uid())
    )
  )
$$;
comment on function private.is_module_staff(uuid) is
  'Whether the caller is an instructor or a coach of the module itself, and still is staff.';
revoke execute on function private.is_module_staff(uuid) from public;
grant execute on function private.is_module_staff(uuid) to authenticated, service_role;

create or replace function private.is_org_admin_of_member(p_user_id uuid)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select exists (
    select from public.organization_members caller
    join public.organization_members member on member.organization_id = caller.organization_id
    join public.organization_sharing_consent consent
      on consent.organization_id = member.organization_id and consent.user_id = member.user_id
    where caller.user_id = (select auth.uid())
      and caller.role = 'org_admin'
      and caller.is_active
      and member.user_id = p_user_id
      and member.is_active
      and consent.share_progress
  )
$$;
comment on function private.is_org_admin_of_member(uuid) is
  'Whether the caller is an admin of the organization whose active member the user is, and the member shares '
  'their progress with it. An admin''s own enrollments are theirs anyway.';
revoke execute on function private.is_org_admin_of_member(uuid) from public;
grant execute on function private.is_org_admin_of_member(uuid) to authenticated, service_role;

create or replace function private.is_org_admin_or_manager(_user_id uuid, _organization_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select from public.organization_members m
    where m.user_id = _user_id
      and m.organization_id = _organization_id
      and m.role in ('org_admin', 'org_manager')
      and m.is_active
  );
$$;
comment on function private.is_org_admin_or_manager(uuid, uuid) is
  'Whether the user is an active org_admin or org_manager of the organisation.';
revoke execute on function private.is_org_admin_or_manager(uuid, uuid) from public;
grant execute on function private.is_org_admin_or_manager(uuid, uuid) to authenticated, service_role;

create or replace function public.is_org_admin_or_manager(_user_id uuid, _org_id uuid)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  if not private.may_ask_about(_user_id) then
    return false;
  end if;
  return private.is_org_admin_or_manager(_user_id, _org_id);
end
$$;
comment on function public.is_org_admin_or_manager(uuid, uuid) is
  'Policy helper: private.is_org_admin_or_manager, of the caller alone: false of others, but for admins and the server.';
revoke execute on function public.is_org_admin_or_manager(uuid, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.is_org_admin_or_manager(uuid, uuid) to anon, authenticated, service_role;

create or replace function private.is_own_evaluation(p_snapshot_id uuid, p_progress_id uuid)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select p_snapshot_id is null or exists (
    select from public.capability_snapshots s
    join public.client_enrollments e on e.client_user_id = s.user_id
    join public.module_progress p on p.enrollment_id = e.id
    where s.id = p_snapshot_id
      and s.evaluator_id = (select auth.uid())
      and p.id = p_progress_id
  )
$$;
comment on function private.is_own_evaluation(uuid, uuid) is
  'Whether the snapshot, if any, is an evaluation by the caller of the client whose progress it is.';
revoke execute on function private.is_own_evaluation(uuid, uuid) from public;
grant execute on function private.is_own_evaluation(uuid, uuid) to authenticated, service_role;

create or replace function private.is_program_instructor_or_coach(_user_id uuid, _program_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select private.is_coach_or_instructor(_user_id) and (
    exists (
      select from public.program_instructors i
      where i.program_id = _program_id and i.instructor_id = _user_id
    )
    or exists (
      select from public.program_coaches c
      where c.program_id = _program_id and c.coach_id = _user_id
    )
  );
$$;
comment on function private.is_program_instructor_or_coach(uuid, uuid) is
  'Whether the user is an instructor or a coach of the whole programme, and still is staff.';
revoke execute on function private.is_program_instructor_or_coach(uuid, uuid) from public;
grant execute on function private.is_program_instructor_or_coach(uuid, uuid)
  to authenticated, service_role;

create or replace function public.is_program_instructor_or_coach(_user_id uuid, _program_id uuid)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  if not private.may_ask_about(_user_id) then
    return false;
  end if;
  return private.is_program_instructor_or_coach(_user_id, _program_id);
end
$$;
comment on function public.is_program_instructor_or_coach(uuid, uuid) is
  'Policy helper: private.is_program_instructor_or_coach, of the caller alone: false of others, but for admins and the server.';
revoke execute on function public.is_program_instructor_or_coach(uuid, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.is_program_instructor_or_coach(uuid, uuid)
  to anon, authenticated, service_role;

create or replace function private.is_reachable(p_user_id uuid)
returns boolean
language sql
stable
set search_path = ''
as $$
  select not private.is_disabled(p_user_id)
    and not exists (
      select from public.client_profiles c where c.user_id = p_user_id and c.status = 'inactive'
    );
$$;
comment on function private.is_reachable(uuid) is
  'Whether a person is told anything at all: not the disabled, not the inactive client.';
revoke execute on function private.is_reachable(uuid) from public;
grant execute on function private.is_reachable(uuid) to service_role;

create or replace function private.is_registered_for_session(p_session_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select exists (
    select from public.session_participants p
    where p.session_id = p_session_id
      and p.user_id = (select auth.uid())
      and p.status in ('registered', 'confirmed', 'attended', 'no_show')
  )
$$;
comment on function private.is_registered_for_session(uuid) is
  'Whether the caller has a place in the free-standing session; an invitation is none yet.';
revoke execute on function private.is_registered_for_session(uuid) from public;
grant execute on function private.is_registered_for_session(uuid) to authenticated, service_role;

create or replace function private.is_same_organization(_user_id uuid, _other_user_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select from public.organization_members m
    join public.organization_members other on other.organization_id = m.organization_id
    where m.user_id = _user_id
      and m.is_active
      and other.user_id = _other_user_id
      and other.is_active
  );
$$;
comment on function private.is_same_organization(uuid, uuid) is
  'Whether both users have an active membership of one organisation.';
revoke execute on function private.is_same_organization(uuid, uuid) from public;
grant execute on function private.is_same_organization(uuid, uuid) to authenticated, service_role;

create or replace function public.is_same_organization(_user_id_1 uuid, _user_id_2 uuid)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  if not private.may_ask_about(_user_id_1) then
    return false;
  end if;
  return private.is_same_organization(_user_id_1, _user_id_2);
end
$$;
comment on function public.is_same_organization(uuid, uuid) is
  'Policy helper: private.is_same_organization, of the caller alone: false of others, but for admins and the server.';
revoke execute on function public.is_same_organization(uuid, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.is_same_organization(uuid, uuid) to anon, authenticated, service_role;

create or replace function private.is_session_instructor_or_coach(_session_id uuid, _user_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select private.is_coach_or_instructor(_user_id) and exists (
    select from public.session_participants p
    join public.client_coaches c on c.client_id = p.user_id
    where p.session_id = _session_id and c.coach_id = _user_id
  );
$$;
comment on function private.is_session_instructor_or_coach(uuid, uuid) is
  'Whether the user, being staff, coaches a participant of the free-standing session. NB session first, user '
  'second.';
revoke execute on function private.is_session_instructor_or_coach(uuid, uuid) from public;
grant execute on function private.is_session_instructor_or_coach(uuid, uuid)
  to authenticated, service_role;

create or replace function public.is_session_instructor_or_coach(p_session_id uuid, p_user_id uuid)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  if not private.may_ask_about(p_user_id) then
    return false;
  end if;
  return private.is_session_instructor_or_coach(p_session_id, p_user_id);
end
$$;
comment on function public.is_session_instructor_or_coach(uuid, uuid) is
  'Policy helper: private.is_session_instructor_or_coach, of the caller alone: false of others, but for admins and the server.';
revoke execute on function public.is_session_instructor_or_coach(uuid, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.is_session_instructor_or_coach(uuid, uuid)
  to anon, authenticated, service_role;

create or replace function private.is_session_participant(_session_id uuid, _user_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select from public.session_participants p
    where p.session_id = _session_id and p.user_id = _user_id
  );
$$;
comment on function private.is_session_participant(uuid, uuid) is
  'Whether the user takes part in the free-standing session. NB session first, user second.';
revoke execute on function private.is_session_participant(uuid, uuid) from public;
grant execute on function private.is_session_participant(uuid, uuid) to authenticated, service_role;

create or replace function public.is_session_participant(p_session_id uuid, p_user_id uuid)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  if not private.may_ask_about(p_user_id) then
    return false;
  end if;
  return private.is_session_participant(p_session_id, p_user_id);
end
$$;
comment on function public.is_session_participant(uuid, uuid) is
  'Policy helper: private.is_session_participant, of the caller alone: false of others, but for admins and the server.';
revoke execute on function public.is_session_participant(uuid, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.is_session_participant(uuid, uuid) to anon, authenticated, service_role;

create or replace function private.is_staff()
returns boolean
language sql
stable
security definer -- user_roles shows callers their own rows only, under a policy that asks for a role
set search_path = ''
as $$
  select exists (
    select from public.user_roles r
    where r.user_id = (select auth.uid()) and r.role in ('coach', 'instructor')
  )
$$;
comment on function private.is_staff() is
  'Whether the caller is a coach or an instructor. In a policy as (select private.is_staff()): once a statement.';
revoke execute on function private.is_staff() from public;
grant execute on function private.is_staff() to authenticated, service_role;

create or replace function private.is_staff_of(p_client_id uuid)
returns boolean
language sql
stable
set search_path = ''
as $$
  select p_client_id <> (select auth.uid()) and private.may_see_client(p_client_id)
$$;
comment on function private.is_staff_of(uuid) is
  'Whether the caller may write feedback, grades and notes about the client: a coach or an instructor with '
  'a relationship to the client, and never about oneself.';
revoke execute on function private.is_staff_of(uuid) from public;
grant execute on function private.is_staff_of(uuid) to authenticated, service_role;

create or replace function private.is_staff_of_enrollment(p_enrollment_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select exists (
    select from public.client_enrollments e
    where e.id = p_enrollment_id
      and private.is_program_instructor_or_coach((select auth.uid()), e.program_id)
  )
$$;
comment on function private.is_staff_of_enrollment(uuid) is
  'Whether the caller is an instructor or a coach of the enrollment''s whole program.';
revoke execute on function private.is_staff_of_enrollment(uuid) from public;
grant execute on function private.is_staff_of_enrollment(uuid) to authenticated, service_role;

create or replace function private.is_staff_of_program(p_user_id uuid, p_enrollment_id uuid)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select private.is_coach_or_instructor(p_user_id) and exists (
    select from public.client_enrollments e
    where e.id = p_enrollment_id
      and (
        private.is_program_instructor_or_coach(p_user_id, e.program_id)
        or exists (
          select from public.program_modules m
          join public.module_instructors i on i.module_id = m.id
          where m.program_id = e.program_id and i.instructor_id = p_user_id
        )
        or exists (
          select from public.program_modules m
          join public.module_coaches c on c.module_id = m.id
          where m.program_id = e.program_id and c.coach_id = p_user_id
        )
      )
  )
$$;
comment on function private.is_staff_of_program(uuid, uuid) is
  'Whether the person is a coach or an instructor of the enrollment''s program, or of one of its modules.';
revoke execute on function private.is_staff_of_program(uuid, uuid) from public;
grant execute on function private.is_staff_of_program(uuid, uuid) to authenticated, service_role;

create or replace function private.may_add_group_session(p_group_id uuid, p_parent_session_id uuid)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select exists (
    select from public.groups g
    where g.id = p_group_id
      and g.status not in ('completed', 'archived')
      and private.is_group_member((select auth.uid()), g.id)
  )
  and (
    p_parent_session_id is null
    or exists (
      select from public.group_sessions s
      where s.id = p_parent_session_id
        and s.group_id = p_group_id
        and s.booked_by = (select auth.uid())
    )
  )
$$;
comment on function private.may_add_group_session(uuid, uuid) is
  'Whether the caller is an active member of the group, which has not ended, and the series to go on with, if '
  'any, is the caller''s own in the same group.';
revoke execute on function private.may_add_group_session(uuid, uuid) from public;
grant execute on function private.may_add_group_session(uuid, uuid) to authenticated, service_role;

-- Security invoker on purpose, as private.guard_columns: current_user is anon or authenticated where a request asks,
-- by itself or through a policy, and somebody else inside a definer function, which answers for itself.
-- PL/pgSQL, here and in public's helpers, because a visitor may execute no helper but this one, and PL/pgSQL asks
-- for the right to a function only when it comes to it: production's policies ask for visitors too, and must not fail.
create or replace function private.may_ask_about(p_user_id uuid)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  if current_user not in ('anon', 'authenticated') then
    return true;
  end if;
  if auth.uid() is null or current_user = 'anon' then
    return false;
  end if;
  return coalesce(p_user_id = auth.uid(), false) or private.has_role(auth.uid(), 'admin');
end
$$;
comment on function private.may_ask_about(uuid) is
  'Whether the caller may ask the helpers in public about this person: about themselves, and admins and the server '
  'about anybody. Nobody is told about visitors.';
revoke execute on function private.may_ask_about(uuid) from public;
grant execute on function private.may_ask_about(uuid) to anon, authenticated, service_role;

create or replace function private.may_assess(p_progress_id uuid)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select exists (
    select from public.module_progress p
    join public.client_enrollments e on e.id = p.enrollment_id
    where p.id = p_progress_id and private.teaches_client(e.client_user_id, e.id, p.module_id)
  )
$$;
comment on function private.may_assess(uuid) is
  'Whether the caller teaches the client whose progress it is in that module.';
revoke execute on function private.may_assess(uuid) from public;
grant execute on function private.may_assess(uuid) to authenticated, service_role;

create or replace function private.may_change_member(
  p_user_id uuid, p_organization_id uuid, p_role public.org_role
)
returns boolean
language sql
stable
set search_path = ''
as $$
  select private.has_role(p_user_id, 'admin')
    or private.has_org_role(p_user_id, p_organization_id, 'org_admin')
    or (
      p_role <> 'org_admin' and private.has_org_role(p_user_id, p_organization_id, 'org_manager')
    );
$$;
comment on function private.may_change_member(uuid, uuid, public.org_role) is
  'Whether the user may change or remove a member of this role: platform admins, the organisation''s '
  'admins, and its managers below admin.';
revoke execute on function private.may_change_member(uuid, uuid, public.org_role) from public;
grant execute on function private.may_change_member(uuid, uuid, public.org_role)
  to authenticated, service_role;

create or replace function private.may_change_module_session(p_session_id uuid)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select private.is_staff() and exists (
    select from public.module_sessions s
    where s.id = p_session_id
      and (
        s.instructor_id = (select auth.uid())
        or (
          s.instructor_id is null
          and private.is_module_session_staff((select auth.uid()), s.module_id, s.program_id)
        )
      )
  )
$$;
comment on function private.may_change_module_session(uuid) is
  'Whether the caller is the host of the module session or, where it has none, staff of its module or program.';
revoke execute on function private.may_change_module_session(uuid) from public;
grant execute on function private.may_change_module_session(uuid) to authenticated, service_role;

create or replace function private.may_evaluate(p_assignment_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select exists (
    select from public.scenario_assignments s
    where s.id = p_assignment_id and private.teaches_client(s.user_id, s.enrollment_id, s.module_id)
  )
$$;
comment on function private.may_evaluate(uuid) is
  'Whether the caller teaches the client whose scenario assignment it is, in its module.';
revoke execute on function private.may_evaluate(uuid) from public;
grant execute on function private.may_evaluate(uuid) to authenticated, service_role;

create or replace function private.may_evaluate_person(p_user_id uuid, p_relationship text)
returns boolean
language sql
stable
set search_path = ''
as $$
  select case
    when p_relationship = 'peer' then private.are_group_peers((select auth.uid()), p_user_id)
    else private.is_staff_of(p_user_id)
  end
$$;
comment on function private.may_evaluate_person(uuid, text) is
  'Whether the caller may evaluate that person: as a peer of one group, or as staff with a relationship.';
revoke execute on function private.may_evaluate_person(uuid, text) from public;
grant execute on function private.may_evaluate_person(uuid, text) to authenticated, service_role;

create or replace function private.may_invite(
  p_user_id uuid, p_organization_id uuid, p_role public.org_role default 'org_member'
)
returns boolean
language sql
stable
security definer -- a policy asks, for users who cannot read every member and organisation
set search_path = ''
as $$
  select private.has_role(p_user_id, 'admin')
    or private.has_org_role(p_user_id, p_organization_id, 'org_admin')
    or (
      p_role <> 'org_admin'
      and private.has_org_role(p_user_id, p_organization_id, 'org_manager')
      and exists (
        select from public.organizations o
        where o.id = p_organization_id and o.settings -> 'allowMemberInvites' = 'true'
      )
    );
$$;
comment on function private.may_invite(uuid, uuid, public.org_role) is
  'Whether the user may send and take back invitations to this role: platform admins, the organisation''s '
  'admins, and its managers where it allows them, for roles below admin.';
revoke execute on function private.may_invite(uuid, uuid, public.org_role) from public;
grant execute on function private.may_invite(uuid, uuid, public.org_role) to authenticated, service_role;

create or replace function private.may_invite_to_group_session(
  p_session_id uuid, p_group_id uuid, p_user_id uuid
)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select exists (
    select from public.group_sessions s
    where s.id = p_session_id
      and s.group_id = p_group_id
      and s.booked_by = (select auth.uid())
      and private.is_group_member((select auth.uid()), s.group_id)
      and private.is_group_member(p_user_id, s.group_id)
  )
$$;
comment on function private.may_invite_to_group_session(uuid, uuid, uuid) is
  'Whether the caller made the session, in that group, and both the caller and the one invited are active '
  'members of it.';
revoke execute on function private.may_invite_to_group_session(uuid, uuid, uuid) from public;
grant execute on function private.may_invite_to_group_session(uuid, uuid, uuid) to authenticated, service_role;

create or replace function private.may_mark_attendance(p_session_id uuid, p_enrollment_id uuid)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select exists (
    select from public.cohort_sessions s
    join public.client_enrollments e on e.cohort_id = s.cohort_id
    where s.id = p_session_id
      and e.id = p_enrollment_id
      and e.client_user_id <> (select auth.uid())
      and private.runs_cohort(s.cohort_id)
  )
$$;
comment on function private.may_mark_attendance(uuid, uuid) is
  'Whether the caller runs the session''s cohort and the enrollment is in it, and not the caller''s own.';
revoke execute on function private.may_mark_attendance(uuid, uuid) from public;
grant execute on function private.may_mark_attendance(uuid, uuid) to authenticated, service_role;

create or replace function private.may_see_client(p_client_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select private.staff_has_client_relationship((select auth.uid()), p_client_id)
$$;
comment on function private.may_see_client(uuid) is
  'Whether the caller is a coach or an instructor with a relationship to the client.';
revoke execute on function private.may_see_client(uuid) from public;
grant execute on function private.may_see_client(uuid) to authenticated, service_role;

create or replace function private.may_take_part(p_session_id uuid, p_user_id uuid, p_enrollment_id uuid)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select exists (
    select from public.module_sessions s
    join public.program_modules m on m.id = s.module_id
    join public.client_enrollments e on e.program_id = coalesce(s.program_id, m.program_id)
    where s.id = p_session_id
      and e.client_user_id = p_user_id
      and e.id = coalesce(p_enrollment_id, e.id)
  )
$$;
comment on function private.may_take_part(uuid, uuid, uuid) is
  'Whether the person is enrolled in the program of the module session: by that enrollment, where one is named.';
revoke execute on function private.may_take_part(uuid, uuid, uuid) from public;
grant execute on function private.may_take_part(uuid, uuid, uuid) to authenticated, service_role;

create or replace function private.oversees_progress(p_progress_id uuid)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select private.is_staff() and exists (
    select from public.module_progress p
    join public.client_enrollments e on e.id = p.enrollment_id
    where p.id = p_progress_id
      and (
        private.is_assigned_coach(e.client_user_id)
        or exists (
          select from public.program_instructors i
          where i.program_id = e.program_id and i.instructor_id = (select auth.uid())
        )
      )
  )
$$;
comment on function private.oversees_progress(uuid) is
  'Whether the caller is a coach of the client whose progress in a module it is, or an instructor of the program.';
revoke execute on function private.oversees_progress(uuid) from public;
grant execute on function private.oversees_progress(uuid) to authenticated, service_role;

create or replace function private.owns_development_item(p_item_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select exists (
    select from public.development_items i where i.id = p_item_id and i.user_id = (select auth.uid())
  )
$$;
comment on function private.owns_development_item(uuid) is
  'Whether the development item is the caller''s own.';
revoke execute on function private.owns_development_item(uuid) from public;
grant execute on function private.owns_development_item(uuid) to authenticated, service_role;

create or replace function private.owns_enrollment(p_enrollment_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select exists (
    select from public.client_enrollments e
    where e.id = p_enrollment_id and e.client_user_id = (select auth.uid())
  )
$$;
comment on function private.owns_enrollment(uuid) is
  'Whether the enrollment is the caller''s own.';
revoke execute on function private.owns_enrollment(uuid) from public;
grant execute on function private.owns_enrollment(uuid) to authenticated, service_role;

create or replace function private.owns_goal(p_goal_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select exists (
    select from public.goals g where g.id = p_goal_id and g.user_id = (select auth.uid())
  )
$$;
comment on function private.owns_goal(uuid) is
  'Whether the goal is the caller''s own.';
revoke execute on function private.owns_goal(uuid) from public;
grant execute on function private.owns_goal(uuid) to authenticated, service_role;

create or replace function private.owns_progress(p_progress_id uuid)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select exists (
    select from public.module_progress p
    join public.client_enrollments e on e.id = p.enrollment_id
    where p.id = p_progress_id and e.client_user_id = (select auth.uid())
  )
$$;
comment on function private.owns_progress(uuid) is
  'Whether the progress in a module is of one of the caller''s own enrollments.';
revoke execute on function private.owns_progress(uuid) from public;
grant execute on function private.owns_progress(uuid) to authenticated, service_role;

create or replace function private.runs_cohort(p_cohort_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select exists (
    select from public.program_cohorts c
    where c.id = p_cohort_id
      and private.is_program_instructor_or_coach((select auth.uid()), c.program_id)
  )
$$;
comment on function private.runs_cohort(uuid) is
  'Whether the caller is an instructor or coach of the cohort''s program.';
revoke execute on function private.runs_cohort(uuid) from public;
grant execute on function private.runs_cohort(uuid) to authenticated, service_role;

create or replace function private.runs_cohort_session(p_session_id uuid)
returns boolean
language sql
stable
security definer -- the table it reads is itself under policies
set search_path = ''
as $$
  select exists (
    select from public.cohort_sessions s
    where s.id = p_session_id and private.runs_cohort(s.cohort_id)
  )
$$;
comment on function private.runs_cohort_session(uuid) is
  'Whether the caller is an instructor or coach of the program of the session''s cohort.';
revoke execute on function private.runs_cohort_session(uuid) from public;
grant execute on function private.runs_cohort_session(uuid) to authenticated, service_role;

create or replace function private.runs_session(p_session_id uuid)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select (
    private.is_staff()
    and exists (
      select from public.sessions s
      where s.id = p_session_id and s.created_by = (select auth.uid())
    )
  )
  or exists (
    select from public.session_participants p
    join public.session_type_roles r on r.id = p.role_id
    where p.session_id = p_session_id
      and p.user_id = (select auth.uid())
      and p.status is distinct from 'cancelled'
      and lower(r.role_name) in ('host', 'co-host')
  )
$$;
comment on function private.runs_session(uuid) is
  'Whether the caller made the free-standing session as a coach or instructor, or is a host of it: a '
  'participant whose role is named Host or Co-host. No user gives a role.';
revoke execute on function private.runs_session(uuid) from public;
grant execute on function private.runs_session(uuid) to authenticated, service_role;

create or replace function private.staff_clients(p_staff_id uuid)
returns setof uuid
language sql
stable
rows 20 -- a caseload, where the planner would think of a thousand
set search_path = ''
as $$
  select related.client_id
  from (
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
    where s.staff_user_id = p_staff_id
  ) as related (client_id)
  where private.is_coach_or_instructor(p_staff_id);
$$;
comment on function private.staff_clients(uuid) is
  'Everybody for whom private.staff_has_client_relationship holds, in one go.';
revoke execute on function private.staff_clients(uuid) from public;

create or replace function private.staff_has_client_relationship(p_staff_id uuid, p_client_id uuid)
returns boolean
language sql
stable
security definer -- policies ask this; asked as the user, their own policies would answer in circles
set search_path = ''
as $$
  select private.is_coach_or_instructor(p_staff_id) and (
    exists (
      select from public.client_coaches c
      where c.coach_id = p_staff_id and c.client_id = p_client_id
    )
    or exists (
      select from public.client_instructors c
      where c.instructor_id = p_staff_id and c.client_id = p_client_id
    )
    or exists (
      -- by enrolment, of whatever status
      select from public.client_enrollments e
      where e.client_user_id = p_client_id
        and (
          exists (
            select from public.program_instructors s
            where s.program_id = e.program_id and s.instructor_id = p_staff_id
          )
          or exists (
            select from public.program_coaches s
            where s.program_id = e.program_id and s.coach_id = p_staff_id
          )
          or exists (
            select from public.module_instructors s
            join public.program_modules m on m.id = s.module_id
            where m.program_id = e.program_id and s.instructor_id = p_staff_id
          )
          or exists (
            select from public.module_coaches s
            join public.program_modules m on m.id = s.module_id
            where m.program_id = e.program_id and s.coach_id = p_staff_id
          )
          or exists (
            select from public.enrollment_module_staff s
            where s.enrollment_id = e.id and s.staff_user_id = p_staff_id
          )
        )
    )
  );
$$;
comment on function private.staff_has_client_relationship(uuid, uuid) is
  'Whether a coach or instructor works with a client: directly, or by a program, module or enrolment.';
revoke execute on function private.staff_has_client_relationship(uuid, uuid) from public;
grant execute on function private.staff_has_client_relationship(uuid, uuid)
  to authenticated, service_role;

create or replace function public.staff_has_client_relationship(_staff_id uuid, _client_user_id uuid)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  if not private.may_ask_about(_staff_id) then
    return false;
  end if;
  return private.staff_has_client_relationship(_staff_id, _client_user_id);
end
$$;
comment on function public.staff_has_client_relationship(uuid, uuid) is
  'Policy helper: private.staff_has_client_relationship, of the caller alone: false of others, but for admins and the server.';
revoke execute on function public.staff_has_client_relationship(uuid, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.staff_has_client_relationship(uuid, uuid)
  to anon, authenticated, service_role;

create or replace function private.staff_has_direct_client(p_staff_id uuid, p_client_id uuid)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select private.is_coach_or_instructor(p_staff_id) and (
    exists (
      select from public.client_coaches c
      where c.coach_id = p_staff_id and c.client_id = p_client_id
    )
    or exists (
      select from public.client_instructors i
      where i.instructor_id = p_staff_id and i.client_id = p_client_id
    )
  )
$$;
comment on function private.staff_has_direct_client(uuid, uuid) is
  'Whether a coach or instructor looks after the client directly, outside any program.';
revoke execute on function private.staff_has_direct_client(uuid, uuid) from public;
grant execute on function private.staff_has_direct_client(uuid, uuid) to authenticated, service_role;

create or replace function private.teaches_client(p_client_id uuid, p_enrollment_id uuid, p_module_id uuid)
returns boolean
language sql
stable
security definer -- the tables it reads are themselves under policies
set search_path = ''
as $$
  select private.is_staff() and p_client_id <> (select auth.uid()) and (
    private.staff_has_direct_client((select auth.uid()), p_client_id)
    or exists (
      select from public.client_enrollments e
      where e.client_user_id = p_client_id
        and e.id = coalesce(p_enrollment_id, e.id)
        and (p_module_id is null or private.is_module_of_enrolment(p_module_id, e.id))
        and (
          private.is_program_instructor_or_coach((select auth.uid()), e.program_id)
          or exists (
            select from public.program_modules m
            where m.program_id = e.program_id
              and m.id = coalesce(p_module_id, m.id)
              and private.is_module_staff(m.id)
          )
          or exists (
            select from public.enrollment_module_staff s
            where s.enrollment_id = e.id
              and s.module_id = p_module_id
              and s.staff_user_id = (select auth.uid())
          )
        )
    )
  )
$$;
comment on function private.teaches_client(uuid, uuid, uuid) is
  'Whether the caller may grade the client in that module of that enrollment, as far as given: staff of the '
  'client or of the program, and in a module its own staff and whoever is assigned to it for that enrollment. '
  'Never oneself.';
revoke execute on function private.teaches_client(uuid, uuid, uuid) from public;
grant execute on function private.teaches_client(uuid, uuid, uuid) to authenticated, service_role;

create or replace function private.user_is_enrolled_in_program(_user_id uuid, _program_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
as $$
  select exists (
    select from public.client_enrollments e
    where e.client_user_id = _user_id and e.program_id = _program_id
  );
$$;
comment on function private.user_is_enrolled_in_program(uuid, uuid) is
  'Whether the user has an enrolment in the programme, of any status.';
revoke execute on function private.user_is_enrolled_in_program(uuid, uuid) from public;
grant execute on function private.user_is_enrolled_in_program(uuid, uuid)
  to authenticated, service_role;

create or replace function public.user_is_enrolled_in_program(_user_id uuid, _program_id uuid)
returns boolean
language plpgsql
stable
set search_path = ''
as $$
begin
  if not private.may_ask_about(_user_id) then
    return false;
  end if;
  return private.user_is_enrolled_in_program(_user_id, _program_id);
end
$$;
comment on function public.user_is_enrolled_in_program(uuid, uuid) is
  'Policy helper: private.user_is_enrolled_in_program, of the caller alone: false of others, but for admins and the server.';
revoke execute on function public.user_is_enrolled_in_program(uuid, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.user_is_enrolled_in_program(uuid, uuid) to anon, authenticated, service_role;

create or replace function private.verified_email()
returns text
language sql
stable
security definer -- the caller may not read auth.users
set search_path = ''
-- Not begin atomic: it would pin columns of auth.users, which Supabase Auth migrates.
as $$
  select lower(u.email)
  from auth.users u
  where u.id = auth.uid() and u.email_confirmed_at is not null and not private.is_disabled(u.id);
$$;
comment on function private.verified_email() is
  'The caller''s address in lower case, where Auth has seen it confirmed. The one in a token may be out of '
  'date.';
revoke execute on function private.verified_email() from public;
grant execute on function private.verified_email() to authenticated, service_role;
