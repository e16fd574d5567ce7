-- Baseline: who may do what with TalentLMS and other external learning systems.
-- One policy an operation and role says what production's several policies add up to; the grants name
-- just what a policy allows.
-- The caller and the role admin are looked up once a statement, hence the sub-selects.
--
-- Production has its own policies already: there the file is marked as applied and never runs.
-- Locks: access exclusive, briefly, on each table. Can be run again: each policy is dropped and made anew.

-- public.talentlms_users: owners may point their row at any TalentLMS account: it is no proof of
-- identity.
revoke all on table public.talentlms_users from public, anon, authenticated;
grant all on table public.talentlms_users to service_role;
grant select, insert, update, delete on table public.talentlms_users to authenticated;

drop policy if exists "talentlms_users: select" on public.talentlms_users;
create policy "talentlms_users: select" on public.talentlms_users
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "talentlms_users: insert" on public.talentlms_users;
create policy "talentlms_users: insert" on public.talentlms_users
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "talentlms_users: update" on public.talentlms_users;
create policy "talentlms_users: update" on public.talentlms_users
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()))
  with check ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "talentlms_users: delete" on public.talentlms_users;
create policy "talentlms_users: delete" on public.talentlms_users
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.talentlms_progress
revoke all on table public.talentlms_progress from public, anon, authenticated;
grant all on table public.talentlms_progress to service_role;
grant select, insert, update, delete on table public.talentlms_progress to authenticated;

drop policy if exists "talentlms_progress: select" on public.talentlms_progress;
create policy "talentlms_progress: select" on public.talentlms_progress
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "talentlms_progress: insert" on public.talentlms_progress;
create policy "talentlms_progress: insert" on public.talentlms_progress
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "talentlms_progress: update" on public.talentlms_progress;
create policy "talentlms_progress: update" on public.talentlms_progress
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "talentlms_progress: delete" on public.talentlms_progress;
create policy "talentlms_progress: delete" on public.talentlms_progress
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.external_sources
revoke all on table public.external_sources from public, anon, authenticated;
grant all on table public.external_sources to service_role;
grant select, insert, update, delete on table public.external_sources to authenticated;

drop policy if exists "external_sources: select" on public.external_sources;
create policy "external_sources: select" on public.external_sources
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or is_active);

drop policy if exists "external_sources: insert" on public.external_sources;
create policy "external_sources: insert" on public.external_sources
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "external_sources: update" on public.external_sources;
create policy "external_sources: update" on public.external_sources
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "external_sources: delete" on public.external_sources;
create policy "external_sources: delete" on public.external_sources
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.module_external_mappings
revoke all on table public.module_external_mappings from public, anon, authenticated;
grant all on table public.module_external_mappings to service_role;
grant select, insert, update, delete on table public.module_external_mappings to authenticated;

drop policy if exists "module_external_mappings: select" on public.module_external_mappings;
create policy "module_external_mappings: select" on public.module_external_mappings
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or exists (
      select from public.program_modules m
      join public.programs p on p.id = m.program_id
      where m.id = module_external_mappings.module_id and p.is_active
    )
  );

drop policy if exists "module_external_mappings: insert" on public.module_external_mappings;
create policy "module_external_mappings: insert" on public.module_external_mappings
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "module_external_mappings: update" on public.module_external_mappings;
create policy "module_external_mappings: update" on public.module_external_mappings
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "module_external_mappings: delete" on public.module_external_mappings;
create policy "module_external_mappings: delete" on public.module_external_mappings
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.external_progress
revoke all on table public.external_progress from public, anon, authenticated;
grant all on table public.external_progress to service_role;
grant select, insert, update, delete on table public.external_progress to authenticated;

drop policy if exists "external_progress: select" on public.external_progress;
create policy "external_progress: select" on public.external_progress
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "external_progress: insert" on public.external_progress;
create policy "external_progress: insert" on public.external_progress
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "external_progress: update" on public.external_progress;
create policy "external_progress: update" on public.external_progress
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()))
  with check ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "external_progress: delete" on public.external_progress;
create policy "external_progress: delete" on public.external_progress
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));
