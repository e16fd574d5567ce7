-- Policies: profiles.email and profiles.is_disabled, kept true to auth.users.
--
-- Why: production's have other names, and let through more than they say; all of these tables' are replaced.
-- Locks: whoever makes or drops a policy as postgres on hosted Supabase takes ACCESS EXCLUSIVE on the tables of
-- auth and storage until commit, here for some milliseconds; where the policies are there already, nothing.
-- Can be run again.

set lock_timeout = '5s';

do $policies$
declare
  v_tables constant text[] := array[
    'client_coaches', 'client_instructors', 'client_profiles', 'profiles',
    'staff_profiles', 'user_roles'
  ];
begin
  if private.policies_are(v_tables, 19) then
    return;
  end if;
  perform private.drop_policies(variadic v_tables);

  create policy "select" on public.profiles for select to authenticated
    using ((select private.is_admin()) or id = (select auth.uid()));
  create policy "update" on public.profiles for update to authenticated
    using ((select private.is_admin()) or id = (select auth.uid()));

  create policy "select" on public.client_coaches for select to authenticated
    using ((select private.is_admin()) or client_id = (select auth.uid()) or coach_id = (select auth.uid()));
  create policy "insert" on public.client_coaches for insert to authenticated with check ((select private.is_admin()));
  create policy "delete" on public.client_coaches for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.client_instructors for select to authenticated
    using (
      (select private.is_admin()) or client_id = (select auth.uid()) or instructor_id = (select auth.uid())
    );
  create policy "insert" on public.client_instructors for insert to authenticated
    with check ((select private.is_admin()));
  create policy "delete" on public.client_instructors for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.client_profiles for select to authenticated using ((select private.is_admin()));
  create policy "insert" on public.client_profiles for insert to authenticated with check ((select private.is_admin()));
  create policy "update" on public.client_profiles for update to authenticated using ((select private.is_admin()));
  create policy "delete" on public.client_profiles for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.staff_profiles for select to authenticated
    using ((select private.is_admin()) or user_id = (select auth.uid()));
  create policy "insert" on public.staff_profiles for insert to authenticated
    with check (user_id = (select auth.uid()) and (select private.is_staff()));
  create policy "update" on public.staff_profiles for update to authenticated
    using (user_id = (select auth.uid()));

  create policy "select" on public.user_roles for select to authenticated
    using ((select private.is_admin()) or user_id = (select auth.uid()));
  create policy "insert" on public.user_roles for insert to authenticated with check ((select private.is_admin()));
  create policy "update" on public.user_roles for update to authenticated using ((select private.is_admin()));
  create policy "delete" on public.user_roles for delete to authenticated using ((select private.is_admin()));
end
$policies$;
