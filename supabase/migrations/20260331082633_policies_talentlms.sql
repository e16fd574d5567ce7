-- Policies: Courses of other platforms.
--
-- Why: production's have other names, and let through more than they say; all of these tables' are replaced.
-- Locks: whoever makes or drops a policy as postgres on hosted Supabase takes ACCESS EXCLUSIVE on the tables of
-- auth and storage until commit, here for some milliseconds; where the policies are there already, nothing.
-- Can be run again.

set lock_timeout = '5s';

do $policies$
declare
  v_tables constant text[] := array[
    'external_progress', 'external_sources', 'module_external_mappings', 'talentlms_progress',
    'talentlms_users'
  ];
begin
  if private.policies_are(v_tables, 8) then
    return;
  end if;
  perform private.drop_policies(variadic v_tables);

  create policy "select" on public.external_sources for select to authenticated
    using ((select private.is_admin()) or is_active);

  create policy "select" on public.module_external_mappings for select to authenticated
    using (
      (select private.is_admin())
      or exists (
        select from public.program_modules m
        join public.programs p on p.id = m.program_id
        where m.id = module_external_mappings.module_id
          and p.is_active
      )
    );

  create policy "select" on public.external_progress for select to authenticated
    using ((select private.is_admin()) or user_id = (select auth.uid()));

  create policy "select" on public.talentlms_progress for select to authenticated
    using ((select private.is_admin()) or user_id = (select auth.uid()));

  create policy "select" on public.talentlms_users for select to authenticated
    using ((select private.is_admin()) or user_id = (select auth.uid()));
  create policy "insert" on public.talentlms_users for insert to authenticated with check ((select private.is_admin()));
  create policy "update" on public.talentlms_users for update to authenticated using ((select private.is_admin()));
  create policy "delete" on public.talentlms_users for delete to authenticated
    using ((select private.is_admin()) or user_id = (select auth.uid()));
end
$policies$;
