-- Policies: Sessions: the triggers that named columns which do not exist, and who is told of what.
--
-- Why: production's have other names, and let through more than they say; all of these tables' are replaced.
-- Locks: whoever makes or drops a policy as postgres on hosted Supabase takes ACCESS EXCLUSIVE on the tables of
-- auth and storage until commit, here for some milliseconds; where the policies are there already, nothing.
-- Can be run again.

set lock_timeout = '5s';

do $policies$
declare
  v_tables constant text[] := array[
    'group_memberships', 'group_session_participants', 'group_sessions', 'groups',
    'module_session_participants', 'module_sessions', 'session_participants', 'session_type_roles',
    'session_types', 'sessions'
  ];
begin
  if private.policies_are(v_tables, 31) then
    return;
  end if;
  perform private.drop_policies(variadic v_tables);

  create policy "select" on public.groups for select to authenticated
    using (
      (select private.is_admin())
      or private.is_group_member((select auth.uid()), id)
      or (join_type = 'open' and status = 'active')
    );
  create policy "insert" on public.groups for insert to authenticated with check ((select private.is_admin()));
  create policy "update" on public.groups for update to authenticated using ((select private.is_admin()));
  create policy "delete" on public.groups for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.group_sessions for select to authenticated
    using ((select private.is_admin()) or private.is_group_member((select auth.uid()), group_id));
  create policy "insert" on public.group_sessions for insert to authenticated
    with check (
      (select private.is_admin())
      or (
        booked_by = (select auth.uid())
        and status = 'scheduled'
        and private.may_add_group_session(group_id, parent_session_id)
      )
    );
  create policy "update" on public.group_sessions for update to authenticated
    using (
      (select private.is_admin())
      or (booked_by = (select auth.uid()) and private.is_group_member((select auth.uid()), group_id))
      or private.is_group_leader(group_id)
    );
  create policy "delete" on public.group_sessions for delete to authenticated
    using ((select private.is_admin()) or private.is_group_leader(group_id));

  create policy "select" on public.module_sessions for select to authenticated
    using (
      (select private.is_admin())
      or instructor_id = (select auth.uid())
      or requested_by = (select auth.uid())
      or private.is_module_session_staff((select auth.uid()), module_id, program_id)
      or private.owns_enrollment(enrollment_id)
      or private.is_module_session_participant(id)
    );
  create policy "insert" on public.module_sessions for insert to authenticated
    with check (
      (select private.is_admin())
      or (
        private.is_module_session_consistent(module_id, enrollment_id, program_id)
        and (
          -- staff schedule, and host what they schedule
          (
            private.is_module_session_staff((select auth.uid()), module_id, program_id)
            and (instructor_id is null or instructor_id = (select auth.uid()))
            and source = 'staff'
            and num_nonnulls(requested_by, requested_at, request_notes, client_response) = 0
            and (parent_session_id is null or private.may_change_module_session(parent_session_id))
          )
          -- a client notes down what was booked elsewhere
          or (
            private.owns_enrollment(enrollment_id)
            and (source, status, session_type, client_response)
              = ('client_external', 'scheduled', 'individual', 'accepted')
            and requested_by = (select auth.uid())
            and session_date is not null
            and not is_recurring
            and num_nonnulls(
              instructor_id, program_id, parent_session_id, description, location, notes, recurrence_pattern,
              recurrence_end_date, recurrence_count
            ) = 0
          )
        )
      )
    );
  create policy "update" on public.module_sessions for update to authenticated
    using (
      (select private.is_admin())
      or (instructor_id = (select auth.uid()) and (select private.is_staff()))
      or private.is_module_session_staff((select auth.uid()), module_id, program_id)
    );
  create policy "delete" on public.module_sessions for delete to authenticated
    using (
      (select private.is_admin())
      or (private.may_change_module_session(id) and not private.has_session_of_colleague(id))
    );

  create policy "select" on public.session_types for select to authenticated
    using ((select private.is_admin()) or is_active or (select private.is_staff()));
  create policy "insert" on public.session_types for insert to authenticated with check ((select private.is_admin()));
  create policy "update" on public.session_types for update to authenticated using ((select private.is_admin()));
  create policy "delete" on public.session_types for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.session_type_roles for select to authenticated using (true);
  create policy "insert" on public.session_type_roles for insert to authenticated with check ((select private.is_admin()));
  create policy "update" on public.session_type_roles for update to authenticated using ((select private.is_admin()));
  create policy "delete" on public.session_type_roles for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.sessions for select to authenticated
    using (
      (select private.is_admin())
      or (created_by = (select auth.uid()) and (select private.is_staff()))
      or private.runs_session(id)
      or private.is_registered_for_session(id)
    );

  create policy "select" on public.group_memberships for select to authenticated
    using (
      (select private.is_admin())
      or user_id = (select auth.uid())
      or private.is_group_member((select auth.uid()), group_id)
    );
  create policy "insert" on public.group_memberships for insert to authenticated with check ((select private.is_admin()));
  create policy "update" on public.group_memberships for update to authenticated using ((select private.is_admin()));

  create policy "select" on public.group_session_participants for select to authenticated
    using (
      (select private.is_admin())
      or user_id = (select auth.uid())
      or private.is_group_member((select auth.uid()), group_id)
    );
  create policy "insert" on public.group_session_participants for insert to authenticated
    with check (
      (select private.is_admin())
      or (
        private.may_invite_to_group_session(session_id, group_id, user_id)
        and (user_id = (select auth.uid()) or (response_status = 'pending' and responded_at is null))
      )
    );
  create policy "update" on public.group_session_participants for update to authenticated
    using (user_id = (select auth.uid()));

  create policy "select" on public.module_session_participants for select to authenticated
    using (
      (select private.is_admin())
      or user_id = (select auth.uid())
      or private.can_manage_module_session((select auth.uid()), session_id)
    );
  create policy "insert" on public.module_session_participants for insert to authenticated
    with check (
      (select private.is_admin())
      or (
        private.may_change_module_session(session_id)
        and private.may_take_part(session_id, user_id, enrollment_id)
      )
    );
  create policy "delete" on public.module_session_participants for delete to authenticated
    using ((select private.is_admin()) or private.may_change_module_session(session_id));

  create policy "select" on public.session_participants for select to authenticated
    using ((select private.is_admin()) or user_id = (select auth.uid()) or private.runs_session(session_id));
end
$policies$;
