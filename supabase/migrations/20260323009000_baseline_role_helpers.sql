-- Baseline: the functions that policies ask who a user is to whom, under production's names and signatures.
-- They are security definer because the tables they read are themselves under policies, which would
-- otherwise call each other in a circle; each answers only its one question.
-- staff_has_client_relationship is the right version, with all seven paths: production lacks
-- enrollment_module_staff until a later migration brings it.
--
-- Production has them already: there the file is marked as applied and never runs.
-- Locks: none on tables. Can be run again: create or replace.

create or replace function public.has_role(_user_id uuid, _role public.app_role)
returns boolean
language sql
stable
security definer
set search_path = ''
begin atomic
  select exists (
    select from public.user_roles r
    where r.user_id = _user_id and r.role = _role
  );
end;
comment on function public.has_role(uuid, public.app_role) is
  'Whether the user holds the platform role.';

create or replace function public.has_org_role(_user_id uuid, _organization_id uuid, _role public.org_role)
returns boolean
language sql
stable
security definer
set search_path = ''
begin atomic
  select exists (
    select from public.organization_members m
    where m.user_id = _user_id
      and m.organization_id = _organization_id
      and m.role = _role
      and m.is_active
  );
end;
comment on function public.has_org_role(uuid, uuid, public.org_role) is
  'Whether the user has an active membership of the organisation with this role.';

create or replace function public.is_org_admin_or_manager(_user_id uuid, _organization_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
begin atomic
  select exists (
    select from public.organization_members m
    where m.user_id = _user_id
      and m.organization_id = _organization_id
      and m.role in ('org_admin', 'org_manager')
      and m.is_active
  );
end;
comment on function public.is_org_admin_or_manager(uuid, uuid) is
  'Whether the user is an active org_admin or org_manager of the organisation.';

create or replace function public.get_user_organization_id(_user_id uuid)
returns uuid
language sql
stable
security definer
set search_path = ''
begin atomic
  select m.organization_id
  from public.organization_members m
  where m.user_id = _user_id and m.is_active;
end;
comment on function public.get_user_organization_id(uuid) is
  'The organisation of the user''s active membership (there is at most one), else null.';

create or replace function public.is_same_organization(_user_id uuid, _other_user_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
begin atomic
  select exists (
    select from public.organization_members m
    join public.organization_members other on other.organization_id = m.organization_id
    where m.user_id = _user_id
      and m.is_active
      and other.user_id = _other_user_id
      and other.is_active
  );
end;
comment on function public.is_same_organization(uuid, uuid) is
  'Whether both users have an active membership of one organisation.';

create or replace function public.is_group_member(_user_id uuid, _group_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
begin atomic
  select exists (
    select from public.group_memberships m
    where m.user_id = _user_id and m.group_id = _group_id and m.status = 'active'
  );
end;
comment on function public.is_group_member(uuid, uuid) is
  'Whether the user has an active membership of the peer group.';

create or replace function public.are_group_peers(_user_id uuid, _other_user_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
begin atomic
  select _user_id <> _other_user_id and exists (
    select from public.group_memberships m
    join public.group_memberships other on other.group_id = m.group_id
    where m.user_id = _user_id
      and m.status = 'active'
      and other.user_id = _other_user_id
      and other.status = 'active'
  );
end;
comment on function public.are_group_peers(uuid, uuid) is
  'Whether two different users are both active in some peer group.';

create or replace function public.user_is_enrolled_in_program(_user_id uuid, _program_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
begin atomic
  select exists (
    select from public.client_enrollments e
    where e.client_user_id = _user_id and e.program_id = _program_id
  );
end;
comment on function public.user_is_enrolled_in_program(uuid, uuid) is
  'Whether the user has an enrolment in the programme, of any status.';

create or replace function public.is_program_instructor_or_coach(_user_id uuid, _program_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
begin atomic
  select
    exists (
      select from public.program_instructors i
      where i.program_id = _program_id and i.instructor_id = _user_id
    )
    or exists (
      select from public.program_coaches c
      where c.program_id = _program_id and c.coach_id = _user_id
    );
end;
comment on function public.is_program_instructor_or_coach(uuid, uuid) is
  'Whether the user is an instructor or a coach of the whole programme.';

create or replace function public.can_manage_module_session(_user_id uuid, _session_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
begin atomic
  select public.has_role(_user_id, 'admin') or exists (
    select from public.module_sessions s
    join public.program_modules m on m.id = s.module_id
    where s.id = _session_id
      and (
        s.instructor_id = _user_id
        or exists (
          select from public.module_instructors i
          where i.module_id = s.module_id and i.instructor_id = _user_id
        )
        or exists (
          select from public.module_coaches c
          where c.module_id = s.module_id and c.coach_id = _user_id
        )
        or public.is_program_instructor_or_coach(_user_id, coalesce(s.program_id, m.program_id))
      )
  );
end;
comment on function public.can_manage_module_session(uuid, uuid) is
  'Whether the user is an admin, the host of the module session, or staff of its module or programme.';

create or replace function public.client_can_view_staff_profile(_client_id uuid, _staff_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
begin atomic
  select exists (
    select from public.client_enrollments e
    where e.client_user_id = _client_id
      and (
        public.is_program_instructor_or_coach(_staff_id, e.program_id)
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
end;
comment on function public.client_can_view_staff_profile(uuid, uuid) is
  'Whether the staff person works in one of the client''s enrolments: programme, module or assignment.';

create or replace function public.staff_has_client_relationship(_staff_id uuid, _client_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
begin atomic
  select
    exists (
      select from public.client_coaches c
      where c.client_id = _client_id and c.coach_id = _staff_id
    )
    or exists (
      select from public.client_instructors i
      where i.client_id = _client_id and i.instructor_id = _staff_id
    )
    -- the five ways by an enrolment, of any status, are those by which the client sees the staff person
    or public.client_can_view_staff_profile(_client_id, _staff_id);
end;
comment on function public.staff_has_client_relationship(uuid, uuid) is
  'Whether the staff person looks after the client, directly or in any enrolment (seven ways in all).';

-- Production finds staff of free-standing sessions by session_module_links and session_group_links too:
-- tables which are not described, so only the way by client_coaches is here.
create or replace function public.is_session_instructor_or_coach(_session_id uuid, _user_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
begin atomic
  select exists (
    select from public.session_participants p
    join public.client_coaches c on c.client_id = p.user_id
    where p.session_id = _session_id and c.coach_id = _user_id
  );
end;
comment on function public.is_session_instructor_or_coach(uuid, uuid) is
  'Whether the user coaches a participant of the free-standing session. NB session first, user second.';

create or replace function public.is_session_participant(_session_id uuid, _user_id uuid)
returns boolean
language sql
stable
security definer
set search_path = ''
begin atomic
  select exists (
    select from public.session_participants p
    where p.session_id = _session_id and p.user_id = _user_id
  );
end;
comment on function public.is_session_participant(uuid, uuid) is
  'Whether the user takes part in the free-standing session. NB session first, user second.';

-- Policies run with the caller's rights, so whoever meets a policy must be able to execute these.
revoke execute on function
  public.has_role(uuid, public.app_role),
  public.has_org_role(uuid, uuid, public.org_role),
  public.is_org_admin_or_manager(uuid, uuid),
  public.get_user_organization_id(uuid),
  public.is_same_organization(uuid, uuid),
  public.is_group_member(uuid, uuid),
  public.are_group_peers(uuid, uuid),
  public.user_is_enrolled_in_program(uuid, uuid),
  public.is_program_instructor_or_coach(uuid, uuid),
  public.can_manage_module_session(uuid, uuid),
  public.client_can_view_staff_profile(uuid, uuid),
  public.staff_has_client_relationship(uuid, uuid),
  public.is_session_instructor_or_coach(uuid, uuid),
  public.is_session_participant(uuid, uuid)
from public;
grant execute on function
  public.has_role(uuid, public.app_role),
  public.has_org_role(uuid, uuid, public.org_role),
  public.is_org_admin_or_manager(uuid, uuid),
  public.get_user_organization_id(uuid),
  public.is_same_organization(uuid, uuid),
  public.is_group_member(uuid, uuid),
  public.are_group_peers(uuid, uuid),
  public.user_is_enrolled_in_program(uuid, uuid),
  public.is_program_instructor_or_coach(uuid, uuid),
  public.can_manage_module_session(uuid, uuid),
  public.client_can_view_staff_profile(uuid, uuid),
  public.staff_has_client_relationship(uuid, uuid),
  public.is_session_instructor_or_coach(uuid, uuid),
  public.is_session_participant(uuid, uuid)
to anon, authenticated, service_role;
