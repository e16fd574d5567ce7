-- Policies: tables of which the baseline knows hardly more than the key.
--
-- Why: their pages are served by production's own policies, which are not known here. Where there are any they stay,
-- and only what no page does is taken away: visitors write nothing, and read the one table that a page before
-- sign-in reads. Where there are none, on a new database, nobody but admins has anything to do with them.
-- Locks: where there are none, ACCESS EXCLUSIVE on the tables of auth and storage, as the other files of policies;
-- nothing where there are some.
-- Can be run again.

set lock_timeout = '5s';

do $policies$
declare
  v_table text;
begin
  foreach v_table in array array[
    'assessment_definitions', 'assessment_dimensions', 'capability_assessments',
    'capability_domains', 'feedback_template_types', 'guided_path_survey_responses',
    'guided_path_templates', 'module_types', 'program_versions',
    'resource_library', 'scenario_templates', 'section_paragraphs'
  ] loop
    if exists (
      select from pg_catalog.pg_policies p
      where p.schemaname = 'public' and p.tablename = v_table
        and p.policyname not in ('select', 'insert', 'update', 'delete', 'all')
    ) then
      execute format('revoke all on table public.%I from public, anon, authenticated', v_table);
      execute format('grant select, insert, update, delete on table public.%I to authenticated', v_table);
      if v_table = 'assessment_definitions' then
        grant select on table public.assessment_definitions to anon;
      end if;
    end if;
  end loop;

  if not exists (select from pg_catalog.pg_policies p where p.schemaname = 'public' and p.tablename = 'assessment_definitions') then
    revoke all on table public.assessment_definitions from public, anon, authenticated, service_role;
    grant select, insert, update, delete on table public.assessment_definitions to authenticated;
    grant all on table public.assessment_definitions to service_role;
    create policy "all" on public.assessment_definitions for all to authenticated using ((select private.is_admin()));
  end if;
  if not exists (select from pg_catalog.pg_policies p where p.schemaname = 'public' and p.tablename = 'assessment_dimensions') then
    revoke all on table public.assessment_dimensions from public, anon, authenticated, service_role;
    grant select, insert, update, delete on table public.assessment_dimensions to authenticated;
    grant all on table public.assessment_dimensions to service_role;
    create policy "all" on public.assessment_dimensions for all to authenticated using ((select private.is_admin()));
  end if;
  if not exists (select from pg_catalog.pg_policies p where p.schemaname = 'public' and p.tablename = 'capability_assessments') then
    revoke all on table public.capability_assessments from public, anon, authenticated, service_role;
    grant select, insert, update, delete on table public.capability_assessments to authenticated;
    grant all on table public.capability_assessments to service_role;
    create policy "all" on public.capability_assessments for all to authenticated using ((select private.is_admin()));
  end if;
  if not exists (select from pg_catalog.pg_policies p where p.schemaname = 'public' and p.tablename = 'capability_domains') then
    revoke all on table public.capability_domains from public, anon, authenticated, service_role;
    grant select, insert, update, delete on table public.capability_domains to authenticated;
    grant all on table public.capability_domains to service_role;
    create policy "all" on public.capability_domains for all to authenticated using ((select private.is_admin()));
  end if;
  if not exists (select from pg_catalog.pg_policies p where p.schemaname = 'public' and p.tablename = 'feedback_template_types') then
    revoke all on table public.feedback_template_types from public, anon, authenticated, service_role;
    grant select, insert, update, delete on table public.feedback_template_types to authenticated;
    grant all on table public.feedback_template_types to service_role;
    create policy "all" on public.feedback_template_types for all to authenticated using ((select private.is_admin()));
  end if;
  if not exists (select from pg_catalog.pg_policies p where p.schemaname = 'public' and p.tablename = 'guided_path_survey_responses') then
    revoke all on table public.guided_path_survey_responses from public, anon, authenticated, service_role;
    grant select, insert, update, delete on table public.guided_path_survey_responses to authenticated;
    grant all on table public.guided_path_survey_responses to service_role;
    create policy "all" on public.guided_path_survey_responses for all to authenticated using ((select private.is_admin()));
  end if;
  if not exists (select from pg_catalog.pg_policies p where p.schemaname = 'public' and p.tablename = 'guided_path_templates') then
    revoke all on table public.guided_path_templates from public, anon, authenticated, service_role;
    grant select, insert, update, delete on table public.guided_path_templates to authenticated;
    grant all on table public.guided_path_templates to service_role;
    create policy "select" on public.guided_path_templates for select to authenticated
      using ((select private.is_admin()) or private.follows_guided_path(id));
    create policy "insert" on public.guided_path_templates for insert to authenticated
      with check ((select private.is_admin()));
    create policy "update" on public.guided_path_templates for update to authenticated using ((select private.is_admin()));
    create policy "delete" on public.guided_path_templates for delete to authenticated using ((select private.is_admin()));
  end if;
  if not exists (select from pg_catalog.pg_policies p where p.schemaname = 'public' and p.tablename = 'module_types') then
    revoke all on table public.module_types from public, anon, authenticated, service_role;
    grant select, insert, update, delete on table public.module_types to authenticated;
    grant all on table public.module_types to service_role;
    create policy "select" on public.module_types for select to authenticated using (true);
    create policy "insert" on public.module_types for insert to authenticated with check ((select private.is_admin()));
    create policy "update" on public.module_types for update to authenticated using ((select private.is_admin()));
    create policy "delete" on public.module_types for delete to authenticated using ((select private.is_admin()));
  end if;
  if not exists (select from pg_catalog.pg_policies p where p.schemaname = 'public' and p.tablename = 'program_versions') then
    revoke all on table public.program_versions from public, anon, authenticated, service_role;
    grant select, insert, update, delete on table public.program_versions to authenticated;
    grant all on table public.program_versions to service_role;
    create policy "all" on public.program_versions for all to authenticated using ((select private.is_admin()));
  end if;
  if not exists (select from pg_catalog.pg_policies p where p.schemaname = 'public' and p.tablename = 'resource_library') then
    revoke all on table public.resource_library from public, anon, authenticated, service_role;
    grant select, insert, update, delete on table public.resource_library to authenticated;
    grant all on table public.resource_library to service_role;
    create policy "all" on public.resource_library for all to authenticated using ((select private.is_admin()));
  end if;
  if not exists (select from pg_catalog.pg_policies p where p.schemaname = 'public' and p.tablename = 'scenario_templates') then
    revoke all on table public.scenario_templates from public, anon, authenticated, service_role;
    grant select, insert, update, delete on table public.scenario_templates to authenticated;
    grant all on table public.scenario_templates to service_role;
    create policy "all" on public.scenario_templates for all to authenticated using ((select private.is_admin()));
  end if;
  if not exists (select from pg_catalog.pg_policies p where p.schemaname = 'public' and p.tablename = 'section_paragraphs') then
    revoke all on table public.section_paragraphs from public, anon, authenticated, service_role;
    grant select, insert, update, delete on table public.section_paragraphs to authenticated;
    grant all on table public.section_paragraphs to service_role;
    create policy "all" on public.section_paragraphs for all to authenticated using ((select private.is_admin()));
  end if;
end
$policies$;
