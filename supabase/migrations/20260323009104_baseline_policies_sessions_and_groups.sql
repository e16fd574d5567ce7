-- Baseline: who may do what with module sessions, peer groups and free-standing sessions.
-- One policy an operation and role says what production's several policies add up to; the grants name
-- just what a policy allows.
-- The caller and the role admin are looked up once a statement, hence the sub-selects.
--
-- Production has its own policies already: there the file is marked as applied and never runs.
-- Locks: access exclusive, briefly, on each table. Can be run again: each policy is dropped and made anew.

-- public.module_sessions: 20260324100002_access_rules.sql makes the policies; closed until then.
revoke all on table public.module_sessions from public, anon, authenticated;
grant all on table public.module_sessions to service_role;

-- public.module_session_participants
revoke all on table public.module_session_participants from public, anon, authenticated;
grant all on table public.module_session_participants to service_role;
grant select, insert, update, delete on table public.module_session_participants to authenticated;

drop policy if exists "module_session_participants: select" on public.module_session_participants;
create policy "module_session_participants: select" on public.module_session_participants
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or user_id = (select auth.uid())
    or public.can_manage_module_session((select auth.uid()), session_id)
  );

drop policy if exists "module_session_participants: insert" on public.module_session_participants;
create policy "module_session_participants: insert" on public.module_session_participants
  for insert to authenticated
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or public.can_manage_module_session((select auth.uid()), session_id)
  );

drop policy if exists "module_session_participants: update" on public.module_session_participants;
create policy "module_session_participants: update" on public.module_session_participants
  for update to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or user_id = (select auth.uid())
    or public.can_manage_module_session((select auth.uid()), session_id)
  )
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or user_id = (select auth.uid())
    or public.can_manage_module_session((select auth.uid()), session_id)
  );

drop policy if exists "module_session_participants: delete" on public.module_session_participants;
create policy "module_session_participants: delete" on public.module_session_participants
  for delete to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or public.can_manage_module_session((select auth.uid()), session_id)
  );

-- public.groups
revoke all on table public.groups from public, anon, authenticated;
grant all on table public.groups to service_role;
grant select, insert, update, delete on table public.groups to authenticated;

drop policy if exists "groups: select" on public.groups;
create policy "groups: select" on public.groups
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or public.is_group_member((select auth.uid()), id)
    or (join_type = 'open' and status = 'active')
  );

drop policy if exists "groups: insert" on public.groups;
create policy "groups: insert" on public.groups
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "groups: update" on public.groups;
create policy "groups: update" on public.groups
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "groups: delete" on public.groups;
create policy "groups: delete" on public.groups
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.group_memberships
revoke all on table public.group_memberships from public, anon, authenticated;
grant all on table public.group_memberships to service_role;
grant select, insert, update, delete on table public.group_memberships to authenticated;

drop policy if exists "group_memberships: select" on public.group_memberships;
create policy "group_memberships: select" on public.group_memberships
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or user_id = (select auth.uid())
    or public.is_group_member((select auth.uid()), group_id)
  );

drop policy if exists "group_memberships: insert" on public.group_memberships;
create policy "group_memberships: insert" on public.group_memberships
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "group_memberships: update" on public.group_memberships;
create policy "group_memberships: update" on public.group_memberships
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "group_memberships: delete" on public.group_memberships;
create policy "group_memberships: delete" on public.group_memberships
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.group_sessions: every active member may plan and change a session; only a leader may delete it.
revoke all on table public.group_sessions from public, anon, authenticated;
grant all on table public.group_sessions to service_role;
grant select, insert, update, delete on table public.group_sessions to authenticated;

drop policy if exists "group_sessions: select" on public.group_sessions;
create policy "group_sessions: select" on public.group_sessions
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or public.is_group_member((select auth.uid()), group_id)
  );

drop policy if exists "group_sessions: insert" on public.group_sessions;
create policy "group_sessions: insert" on public.group_sessions
  for insert to authenticated
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or public.is_group_member((select auth.uid()), group_id)
  );

drop policy if exists "group_sessions: update" on public.group_sessions;
create policy "group_sessions: update" on public.group_sessions
  for update to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or public.is_group_member((select auth.uid()), group_id)
  )
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or public.is_group_member((select auth.uid()), group_id)
  );

drop policy if exists "group_sessions: delete" on public.group_sessions;
create policy "group_sessions: delete" on public.group_sessions
  for delete to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or exists (
      select from public.group_memberships m
      where m.group_id = group_sessions.group_id
        and m.user_id = (select auth.uid())
        and m.role = 'leader'
        and m.status = 'active'
    )
  );

-- public.group_session_participants: whoever once had a membership of the group may read, whatever its
-- status. The answer is one's own.
revoke all on table public.group_session_participants from public, anon, authenticated;
grant all on table public.group_session_participants to service_role;
grant select, insert, update, delete on table public.group_session_participants to authenticated;

drop policy if exists "group_session_participants: select" on public.group_session_participants;
create policy "group_session_participants: select" on public.group_session_participants
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or user_id = (select auth.uid())
    or exists (
      select from public.group_memberships m
      where m.group_id = group_session_participants.group_id and m.user_id = (select auth.uid())
    )
  );

drop policy if exists "group_session_participants: insert" on public.group_session_participants;
create policy "group_session_participants: insert" on public.group_session_participants
  for insert to authenticated
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or (select public.has_role((select auth.uid()), 'instructor'))
    or (select public.has_role((select auth.uid()), 'coach'))
    or user_id = (select auth.uid())
  );

drop policy if exists "group_session_participants: update" on public.group_session_participants;
create policy "group_session_participants: update" on public.group_session_participants
  for update to authenticated
  using (user_id = (select auth.uid()))
  with check (user_id = (select auth.uid()));

drop policy if exists "group_session_participants: delete" on public.group_session_participants;
create policy "group_session_participants: delete" on public.group_session_participants
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.session_types
revoke all on table public.session_types from public, anon, authenticated;
grant all on table public.session_types to service_role;
grant select, insert, update, delete on table public.session_types to authenticated;

drop policy if exists "session_types: select" on public.session_types;
create policy "session_types: select" on public.session_types
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or is_active
    or (select public.has_role((select auth.uid()), 'coach'))
    or (select public.has_role((select auth.uid()), 'instructor'))
  );

drop policy if exists "session_types: insert" on public.session_types;
create policy "session_types: insert" on public.session_types
  for insert to authenticated
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or (select public.has_role((select auth.uid()), 'coach'))
    or (select public.has_role((select auth.uid()), 'instructor'))
  );

drop policy if exists "session_types: update" on public.session_types;
create policy "session_types: update" on public.session_types
  for update to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or (select public.has_role((select auth.uid()), 'coach'))
    or (select public.has_role((select auth.uid()), 'instructor'))
  )
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or (select public.has_role((select auth.uid()), 'coach'))
    or (select public.has_role((select auth.uid()), 'instructor'))
  );

drop policy if exists "session_types: delete" on public.session_types;
create policy "session_types: delete" on public.session_types
  for delete to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or (select public.has_role((select auth.uid()), 'coach'))
    or (select public.has_role((select auth.uid()), 'instructor'))
  );

-- public.session_type_roles
revoke all on table public.session_type_roles from public, anon, authenticated;
grant all on table public.session_type_roles to service_role;
grant select, insert, update, delete on table public.session_type_roles to authenticated;

drop policy if exists "session_type_roles: select" on public.session_type_roles;
create policy "session_type_roles: select" on public.session_type_roles
  for select to authenticated
  using (true);

drop policy if exists "session_type_roles: insert" on public.session_type_roles;
create policy "session_type_roles: insert" on public.session_type_roles
  for insert to authenticated
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or (select public.has_role((select auth.uid()), 'coach'))
    or (select public.has_role((select auth.uid()), 'instructor'))
  );

drop policy if exists "session_type_roles: update" on public.session_type_roles;
create policy "session_type_roles: update" on public.session_type_roles
  for update to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or (select public.has_role((select auth.uid()), 'coach'))
    or (select public.has_role((select auth.uid()), 'instructor'))
  )
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or (select public.has_role((select auth.uid()), 'coach'))
    or (select public.has_role((select auth.uid()), 'instructor'))
  );

drop policy if exists "session_type_roles: delete" on public.session_type_roles;
create policy "session_type_roles: delete" on public.session_type_roles
  for delete to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or (select public.has_role((select auth.uid()), 'coach'))
    or (select public.has_role((select auth.uid()), 'instructor'))
  );

-- public.sessions
revoke all on table public.sessions from public, anon, authenticated;
grant all on table public.sessions to service_role;
grant select, insert, update, delete on table public.sessions to authenticated;

drop policy if exists "sessions: select" on public.sessions;
create policy "sessions: select" on public.sessions
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or (
      (
        (select public.has_role((select auth.uid()), 'coach'))
        or (select public.has_role((select auth.uid()), 'instructor'))
      )
      and public.is_session_instructor_or_coach(id, (select auth.uid()))
    )
    or public.is_session_participant(id, (select auth.uid()))
    or (
      allow_self_registration
      and status in ('scheduled', 'confirmed')
      and (registration_deadline is null or registration_deadline > now())
    )
  );

drop policy if exists "sessions: insert" on public.sessions;
create policy "sessions: insert" on public.sessions
  for insert to authenticated
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or (
      (
        (select public.has_role((select auth.uid()), 'coach'))
        or (select public.has_role((select auth.uid()), 'instructor'))
      )
      and public.is_session_instructor_or_coach(id, (select auth.uid()))
    )
  );

drop policy if exists "sessions: update" on public.sessions;
create policy "sessions: update" on public.sessions
  for update to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or (
      (
        (select public.has_role((select auth.uid()), 'coach'))
        or (select public.has_role((select auth.uid()), 'instructor'))
      )
      and public.is_session_instructor_or_coach(id, (select auth.uid()))
    )
  )
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or (
      (
        (select public.has_role((select auth.uid()), 'coach'))
        or (select public.has_role((select auth.uid()), 'instructor'))
      )
      and public.is_session_instructor_or_coach(id, (select auth.uid()))
    )
  );

drop policy if exists "sessions: delete" on public.sessions;
create policy "sessions: delete" on public.sessions
  for delete to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or (
      (
        (select public.has_role((select auth.uid()), 'coach'))
        or (select public.has_role((select auth.uid()), 'instructor'))
      )
      and public.is_session_instructor_or_coach(id, (select auth.uid()))
    )
  );

-- public.session_participants: max_participants is enforced nowhere.
revoke all on table public.session_participants from public, anon, authenticated;
grant all on table public.session_participants to service_role;
grant select, insert, update, delete on table public.session_participants to authenticated;

drop policy if exists "session_participants: select" on public.session_participants;
create policy "session_participants: select" on public.session_participants
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or user_id = (select auth.uid())
    or (
      (
        (select public.has_role((select auth.uid()), 'coach'))
        or (select public.has_role((select auth.uid()), 'instructor'))
      )
      and public.is_session_instructor_or_coach(session_id, (select auth.uid()))
    )
  );

drop policy if exists "session_participants: insert" on public.session_participants;
create policy "session_participants: insert" on public.session_participants
  for insert to authenticated
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or (
      user_id = (select auth.uid())
      and exists (
        select from public.sessions s
        where s.id = session_participants.session_id
          and s.allow_self_registration
          and s.status in ('scheduled', 'confirmed')
          and (s.registration_deadline is null or s.registration_deadline > now())
      )
    )
    or (
      (
        (select public.has_role((select auth.uid()), 'coach'))
        or (select public.has_role((select auth.uid()), 'instructor'))
      )
      and public.is_session_instructor_or_coach(session_id, (select auth.uid()))
    )
  );

drop policy if exists "session_participants: update" on public.session_participants;
create policy "session_participants: update" on public.session_participants
  for update to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or user_id = (select auth.uid())
    or (
      (
        (select public.has_role((select auth.uid()), 'coach'))
        or (select public.has_role((select auth.uid()), 'instructor'))
      )
      and public.is_session_instructor_or_coach(session_id, (select auth.uid()))
    )
  )
  with check (
    (select public.has_role((select auth.uid()), 'admin'))
    or user_id = (select auth.uid())
    or (
      (
        (select public.has_role((select auth.uid()), 'coach'))
        or (select public.has_role((select auth.uid()), 'instructor'))
      )
      and public.is_session_instructor_or_coach(session_id, (select auth.uid()))
    )
  );

drop policy if exists "session_participants: delete" on public.session_participants;
create policy "session_participants: delete" on public.session_participants
  for delete to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or user_id = (select auth.uid())
    or (
      (
        (select public.has_role((select auth.uid()), 'coach'))
        or (select public.has_role((select auth.uid()), 'instructor'))
      )
      and public.is_session_instructor_or_coach(session_id, (select auth.uid()))
    )
  );
