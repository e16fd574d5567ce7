-- Who may do what with seven tables where production let too much through.
--
-- Why: owners could give themselves a plan, a verification or an active status by their profile; any
-- coach could assign staff to any enrolment; a client could rewrite every column of a session. Policies
-- decide about rows and cannot compare old with new, so columns are guarded by grants where nobody may
-- write them, and by triggers where only some may not.
-- The policies are rewritten as a whole: one an operation. Production's have other names, so whatever
-- policies these seven tables have are dropped first. Of other tables only module_session_participants
-- gets a guard; its policies stay.
-- Locks: access exclusive on the seven tables, share row exclusive on module_session_participants,
-- briefly; nothing is read or rewritten.
-- Can be run again. Runs on production, after profiles.email and profiles.is_disabled exist.

set lock_timeout = '10s';

do $$
begin
  perform private.drop_policies(
    'profiles', 'client_profiles', 'enrollment_module_staff', 'module_sessions',
    'scenario_assignments', 'paragraph_evaluations', 'capability_snapshots'
  );
end
$$;

-- Guards --------------------------------------------------------------------------------------------

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
  if current_user not in ('anon', 'authenticated') or public.has_role(auth.uid(), 'admin') then
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
begin atomic
  select exists (
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
end;
comment on function private.is_module_session_staff(uuid, uuid, uuid) is
  'Whether the user is staff of the module, or of the programme (of the module''s, when that is null).';
revoke execute on function private.is_module_session_staff(uuid, uuid, uuid) from public;
grant execute on function private.is_module_session_staff(uuid, uuid, uuid)
  to authenticated, service_role;

create or replace function private.is_module_of_enrolment(p_module_id uuid, p_enrollment_id uuid)
returns boolean
language sql
stable
security definer -- callers cannot read every module and enrolment
set search_path = ''
begin atomic
  select exists (
    select from public.program_modules m
    join public.client_enrollments e on e.program_id = m.program_id
    where m.id = p_module_id and e.id = p_enrollment_id
  );
end;
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
begin atomic
  select
    (p_enrollment_id is null or private.is_module_of_enrolment(p_module_id, p_enrollment_id))
    and (
      p_program_id is null
      or exists (
        select from public.program_modules m
        where m.id = p_module_id and m.program_id = p_program_id
      )
    );
end;
comment on function private.is_module_session_consistent(uuid, uuid, uuid) is
  'Whether module, enrolment and programme of a session, as far as given, belong together.';
revoke execute on function private.is_module_session_consistent(uuid, uuid, uuid) from public;
grant execute on function private.is_module_session_consistent(uuid, uuid, uuid)
  to authenticated, service_role;

-- Security invoker for the same reason as guard_columns.
create or replace function private.guard_module_session_client()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
declare
  v_column text;
begin
  if current_user not in ('anon', 'authenticated')
    or old.instructor_id = auth.uid()
    or private.is_module_session_staff(auth.uid(), old.module_id, old.program_id)
    or public.has_role(auth.uid(), 'admin')
  then
    return new;
  end if;

  select changed.key into v_column
  from jsonb_each(to_jsonb(new)) as changed
  where changed.value is distinct from to_jsonb(old) -> changed.key
    and changed.key not in (
      'client_response', 'request_message', 'request_notes', 'preferred_date', 'updated_at'
    )
    -- a participant of a group would cancel it for everybody
    and not (
      changed.key = 'status'
      and new.status = 'cancelled'
      and exists (
        select from public.client_enrollments e
        where e.id = old.enrollment_id and e.client_user_id = auth.uid()
      )
    )
  limit 1;

  if found then
    raise exception 'column "%" of % is not yours to change', v_column, tg_table_name
      using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
comment on function private.guard_module_session_client() is
  'Trigger: a client may answer and describe a module session, cancel one of an own enrolment, and change '
  'nothing else of it.';
revoke execute on function private.guard_module_session_client() from public;

create or replace function private.guard_module_session_move()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
begin
  if current_user in ('anon', 'authenticated')
    and not (
      private.is_module_session_consistent(new.module_id, new.enrollment_id, new.program_id)
      and private.is_module_session_staff(auth.uid(), new.module_id, new.program_id)
    )
    and not public.has_role(auth.uid(), 'admin')
  then
    raise exception 'a module session can only be moved within programmes of which you are staff'
      using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
comment on function private.guard_module_session_move() is
  'Trigger: a session can be moved only to a module of which the caller is staff, and only consistently.';
revoke execute on function private.guard_module_session_move() from public;

create or replace function private.guard_participation_move()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
begin
  if current_user in ('anon', 'authenticated')
    and not (
      public.can_manage_module_session(auth.uid(), old.session_id)
      and public.can_manage_module_session(auth.uid(), new.session_id)
    )
  then
    raise exception 'a participation can only be moved between sessions that you manage'
      using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
comment on function private.guard_participation_move() is
  'Trigger: only who manages both sessions may change whose participation it is, and in which session.';
revoke execute on function private.guard_participation_move() from public;

-- profiles ------------------------------------------------------------------------------------------

-- email and is_disabled mirror auth.users and created_at is history: nobody writes these by the Data
-- API. A column added to profiles later has to be granted here or there before the web app can write it.
-- id can be updated only to itself (see the policy), but PostgREST's upsert names it.
revoke all on table public.profiles from public, anon, authenticated;
grant all on table public.profiles to service_role;
grant select, delete on table public.profiles to authenticated;
grant insert (
  id, name, updated_at, avatar_url, bio, linkedin_url, x_url, bluesky_url, education, certifications,
  plan_id, plan_expires_at, username, timezone, preferred_meeting_times, desired_target_role,
  youtube_url, instagram_url, facebook_url, job_title, organisation, tagline,
  external_credential_profiles, future_vision, constraints, future_vision_private,
  constraints_private, desired_target_role_private, calendar_token, calendar_sync_enabled,
  scheduling_url, real_email, is_hidden, registration_status, verification_status, verified_at
) on table public.profiles to authenticated;
grant update (
  id, name, updated_at, avatar_url, bio, linkedin_url, x_url, bluesky_url, education, certifications,
  plan_id, plan_expires_at, username, timezone, preferred_meeting_times, desired_target_role,
  youtube_url, instagram_url, facebook_url, job_title, organisation, tagline,
  external_credential_profiles, future_vision, constraints, future_vision_private,
  constraints_private, desired_target_role_private, calendar_token, calendar_sync_enabled,
  scheduling_url, real_email, is_hidden, registration_status, verification_status, verified_at
) on table public.profiles to authenticated;

create or replace trigger guard_columns
  before insert or update on public.profiles
  for each row execute function private.guard_columns(
    'plan_id', 'plan_expires_at', 'verification_status', 'verified_at',
    'registration_status=complete', 'is_hidden=false', 'real_email'
  );

create policy "profiles: select" on public.profiles
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or id = (select auth.uid())
    or (
      (
        (select public.has_role((select auth.uid()), 'coach'))
        or (select public.has_role((select auth.uid()), 'instructor'))
      )
      and private.staff_has_client_relationship((select auth.uid()), id)
    )
    or public.client_can_view_staff_profile((select auth.uid()), id)
    or public.are_group_peers((select auth.uid()), id)
  );

create policy "profiles: insert" on public.profiles
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')) or id = (select auth.uid()));

create policy "profiles: update" on public.profiles
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or id = (select auth.uid()))
  with check ((select public.has_role((select auth.uid()), 'admin')) or id = (select auth.uid()));

create policy "profiles: delete" on public.profiles
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- client_profiles -----------------------------------------------------------------------------------

revoke all on table public.client_profiles from public, anon, authenticated;
grant all on table public.client_profiles to service_role;
grant select, insert, update, delete on table public.client_profiles to authenticated;

create or replace trigger guard_columns
  before insert or update on public.client_profiles
  for each row execute function private.guard_columns(
    'status=active', 'notes', 'tags=[]', 'status_marker'
  );

create policy "client_profiles: select" on public.client_profiles
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

create policy "client_profiles: insert" on public.client_profiles
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

create policy "client_profiles: update" on public.client_profiles
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()))
  with check ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

create policy "client_profiles: delete" on public.client_profiles
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- enrollment_module_staff ---------------------------------------------------------------------------

-- A row makes its staff_user_id a person who may see the client (staff_has_client_relationship), so it is
-- for the programme's own staff to make one, and it cannot be handed on.
revoke all on table public.enrollment_module_staff from public, anon, authenticated;
grant all on table public.enrollment_module_staff to service_role;
grant select, insert, update, delete on table public.enrollment_module_staff to authenticated;

create or replace trigger guard_columns
  before update on public.enrollment_module_staff
  for each row execute function private.guard_columns('enrollment_id', 'module_id', 'staff_user_id');

create policy "enrollment_module_staff: select" on public.enrollment_module_staff
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or staff_user_id = (select auth.uid())
    or exists (
      select from public.client_enrollments e
      where e.id = enrollment_module_staff.enrollment_id and e.client_user_id = (select auth.uid())
    )
  );

create policy "enrollment_module_staff: insert" on public.enrollment_module_staff
  for insert to authenticated
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or (
      private.is_module_of_enrolment(module_id, enrollment_id)
      and exists (
        select from public.client_enrollments e
        where e.id = enrollment_module_staff.enrollment_id
          and public.is_program_instructor_or_coach((select auth.uid()), e.program_id)
      )
    )
  );

create policy "enrollment_module_staff: update" on public.enrollment_module_staff
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or staff_user_id = (select auth.uid()))
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or staff_user_id = (select auth.uid())
  );

create policy "enrollment_module_staff: delete" on public.enrollment_module_staff
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- module_sessions -----------------------------------------------------------------------------------

revoke all on table public.module_sessions from public, anon, authenticated;
grant all on table public.module_sessions to service_role;
grant select, insert, update, delete on table public.module_sessions to authenticated;

create or replace trigger guard_client
  before update on public.module_sessions
  for each row execute function private.guard_module_session_client();

create or replace trigger guard_move
  before update on public.module_sessions
  for each row
  when (
    (old.module_id, old.enrollment_id, old.program_id)
    is distinct from (new.module_id, new.enrollment_id, new.program_id)
  )
  execute function private.guard_module_session_move();

create policy "module_sessions: select" on public.module_sessions
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or instructor_id = (select auth.uid())
    or requested_by = (select auth.uid())
    or private.is_module_session_staff((select auth.uid()), module_id, program_id)
    or exists (
      select from public.client_enrollments e
      where e.id = module_sessions.enrollment_id and e.client_user_id = (select auth.uid())
    )
    or exists (
      select from public.module_session_participants p
      where p.session_id = module_sessions.id and p.user_id = (select auth.uid())
    )
  );

-- A client who could ask with oneself as the host would be staff of that session.
create policy "module_sessions: insert" on public.module_sessions
  for insert to authenticated
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or (
      private.is_module_session_consistent(module_id, enrollment_id, program_id)
      and (
        private.is_module_session_staff((select auth.uid()), module_id, program_id)
        or (
          requested_by = (select auth.uid())
          and instructor_id is distinct from (select auth.uid())
          and (status = 'requested' or source in ('client_request', 'client_external'))
          -- a booking is Cal.com's to report, and who booked is not to be made up
          and calcom_booking_uid is null and calcom_booking_id is null
          and (booked_by is null or booked_by = (select auth.uid()))
          and exists (
            select from public.client_enrollments e
            where e.id = module_sessions.enrollment_id and e.client_user_id = (select auth.uid())
          )
        )
      )
    )
  );

create policy "module_sessions: update" on public.module_sessions
  for update to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or instructor_id = (select auth.uid())
    or private.is_module_session_staff((select auth.uid()), module_id, program_id)
    or exists (
      select from public.client_enrollments e
      where e.id = module_sessions.enrollment_id and e.client_user_id = (select auth.uid())
    )
    or exists (
      select from public.module_session_participants p
      where p.session_id = module_sessions.id and p.user_id = (select auth.uid())
    )
  )
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or instructor_id = (select auth.uid())
    or private.is_module_session_staff((select auth.uid()), module_id, program_id)
    or exists (
      select from public.client_enrollments e
      where e.id = module_sessions.enrollment_id and e.client_user_id = (select auth.uid())
    )
    or exists (
      select from public.module_session_participants p
      where p.session_id = module_sessions.id and p.user_id = (select auth.uid())
    )
  );

create policy "module_sessions: delete" on public.module_sessions
  for delete to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or instructor_id = (select auth.uid())
    or private.is_module_session_staff((select auth.uid()), module_id, program_id)
  );

-- module_session_participants -----------------------------------------------------------------------

-- A participation opens its session, meeting_url and all: participants may answer in their own row, and
-- only who manages both sessions may carry it from one to the other.
create or replace trigger guard_move
  before update on public.module_session_participants
  for each row
  when (
    (old.session_id, old.user_id, old.enrollment_id)
    is distinct from (new.session_id, new.user_id, new.enrollment_id)
  )
  execute function private.guard_participation_move();

-- scenario_assignments ------------------------------------------------------------------------------

revoke all on table public.scenario_assignments from public, anon, authenticated;
grant all on table public.scenario_assignments to service_role;
grant select, insert, update, delete on table public.scenario_assignments to authenticated;

create policy "scenario_assignments: select" on public.scenario_assignments
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or user_id = (select auth.uid())
    or (
      (
        (select public.has_role((select auth.uid()), 'coach'))
        or (select public.has_role((select auth.uid()), 'instructor'))
      )
      and private.staff_has_client_relationship((select auth.uid()), user_id)
    )
  );

create policy "scenario_assignments: insert" on public.scenario_assignments
  for insert to authenticated
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or (user_id = (select auth.uid()) and status in ('draft', 'submitted'))
    or (
      (
        (select public.has_role((select auth.uid()), 'coach'))
        or (select public.has_role((select auth.uid()), 'instructor'))
      )
      and private.staff_has_client_relationship((select auth.uid()), user_id)
    )
  );

create policy "scenario_assignments: update" on public.scenario_assignments
  for update to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or (user_id = (select auth.uid()) and status in ('draft', 'submitted'))
    or (
      (
        (select public.has_role((select auth.uid()), 'coach'))
        or (select public.has_role((select auth.uid()), 'instructor'))
      )
      and private.staff_has_client_relationship((select auth.uid()), user_id)
    )
  )
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or (user_id = (select auth.uid()) and status in ('draft', 'submitted'))
    or (
      (
        (select public.has_role((select auth.uid()), 'coach'))
        or (select public.has_role((select auth.uid()), 'instructor'))
      )
      and private.staff_has_client_relationship((select auth.uid()), user_id)
    )
  );

create policy "scenario_assignments: delete" on public.scenario_assignments
  for delete to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or (user_id = (select auth.uid()) and status in ('draft', 'submitted'))
    or (
      (
        (select public.has_role((select auth.uid()), 'coach'))
        or (select public.has_role((select auth.uid()), 'instructor'))
      )
      and private.staff_has_client_relationship((select auth.uid()), user_id)
    )
  );

-- paragraph_evaluations -----------------------------------------------------------------------------

revoke all on table public.paragraph_evaluations from public, anon, authenticated;
grant all on table public.paragraph_evaluations to service_role;
grant select, insert, update, delete on table public.paragraph_evaluations to authenticated;

create policy "paragraph_evaluations: select" on public.paragraph_evaluations
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or exists (
      select from public.scenario_assignments s
      where s.id = paragraph_evaluations.assignment_id
        and s.user_id = (select auth.uid())
        and s.status = 'evaluated'
    )
    or (
      (
        (select public.has_role((select auth.uid()), 'coach'))
        or (select public.has_role((select auth.uid()), 'instructor'))
      )
      and exists (
        select from public.scenario_assignments s
        where s.id = paragraph_evaluations.assignment_id
          and private.staff_has_client_relationship((select auth.uid()), s.user_id)
      )
    )
  );

create policy "paragraph_evaluations: insert" on public.paragraph_evaluations
  for insert to authenticated
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or (
      (
        (select public.has_role((select auth.uid()), 'coach'))
        or (select public.has_role((select auth.uid()), 'instructor'))
      )
      and exists (
        select from public.scenario_assignments s
        where s.id = paragraph_evaluations.assignment_id
          and private.staff_has_client_relationship((select auth.uid()), s.user_id)
      )
    )
  );

create policy "paragraph_evaluations: update" on public.paragraph_evaluations
  for update to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or (
      (
        (select public.has_role((select auth.uid()), 'coach'))
        or (select public.has_role((select auth.uid()), 'instructor'))
      )
      and exists (
        select from public.scenario_assignments s
        where s.id = paragraph_evaluations.assignment_id
          and private.staff_has_client_relationship((select auth.uid()), s.user_id)
      )
    )
  )
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or (
      (
        (select public.has_role((select auth.uid()), 'coach'))
        or (select public.has_role((select auth.uid()), 'instructor'))
      )
      and exists (
        select from public.scenario_assignments s
        where s.id = paragraph_evaluations.assignment_id
          and private.staff_has_client_relationship((select auth.uid()), s.user_id)
      )
    )
  );

create policy "paragraph_evaluations: delete" on public.paragraph_evaluations
  for delete to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or (
      (
        (select public.has_role((select auth.uid()), 'coach'))
        or (select public.has_role((select auth.uid()), 'instructor'))
      )
      and exists (
        select from public.scenario_assignments s
        where s.id = paragraph_evaluations.assignment_id
          and private.staff_has_client_relationship((select auth.uid()), s.user_id)
      )
    )
  );

-- capability_snapshots ------------------------------------------------------------------------------

revoke all on table public.capability_snapshots from public, anon, authenticated;
grant all on table public.capability_snapshots to service_role;
grant select, insert, update, delete on table public.capability_snapshots to authenticated;

create policy "capability_snapshots: select" on public.capability_snapshots
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or user_id = (select auth.uid())
    or (evaluator_id = (select auth.uid()) and not is_self_assessment)
    or (
      not is_private
      and (
        (shared_with_coach and (select public.has_role((select auth.uid()), 'coach')))
        or (shared_with_instructor and (select public.has_role((select auth.uid()), 'instructor')))
      )
      and private.staff_has_client_relationship((select auth.uid()), user_id)
    )
  );

create policy "capability_snapshots: insert" on public.capability_snapshots
  for insert to authenticated
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or user_id = (select auth.uid())
    or (evaluator_id = (select auth.uid()) and not is_self_assessment)
  );

create policy "capability_snapshots: update" on public.capability_snapshots
  for update to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or user_id = (select auth.uid())
    or (evaluator_id = (select auth.uid()) and not is_self_assessment)
  )
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or user_id = (select auth.uid())
    or (evaluator_id = (select auth.uid()) and not is_self_assessment)
  );

create policy "capability_snapshots: delete" on public.capability_snapshots
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));
