-- Courses of other platforms.
--
-- Why: grants and comments of the tables that mirror other platforms' courses.
-- Locks: on production, until commit, SHARE ROW EXCLUSIVE on external_progress, external_sources,
-- module_external_mappings, talentlms_progress, talentlms_users.
-- Can be run again.

set lock_timeout = '10s';
set check_function_bodies = off; -- a body may name what a later file makes

-- Comments and grants -----------------------------------------------------------------------------

comment on table public.external_sources is 'Learning systems whose progress can be imported.';
comment on table public.module_external_mappings is 'Which course of an external source a module stands for.';
comment on table public.external_progress is 'Progress in external courses by mapping.';
comment on table public.talentlms_progress is 'Progress in TalentLMS courses as last synchronised.';
comment on table public.talentlms_users is
  'The TalentLMS account of a user. Owners may write it, so it is no proof of identity.';

revoke all on table public.external_sources from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.external_sources to authenticated;
grant all on table public.external_sources to service_role;
revoke all on table public.module_external_mappings from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.module_external_mappings to authenticated;
grant all on table public.module_external_mappings to service_role;
revoke all on table public.external_progress from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.external_progress to authenticated;
grant all on table public.external_progress to service_role;
revoke all on table public.talentlms_progress from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.talentlms_progress to authenticated;
grant all on table public.talentlms_progress to service_role;
revoke all on table public.talentlms_users from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.talentlms_users to authenticated;
grant all on table public.talentlms_users to service_role;

-- Triggers ----------------------------------------------------------------------------------------

create or replace trigger update_external_sources_updated_at
  before update on public.external_sources
  for each row execute function public.update_updated_at_column();
create or replace trigger update_module_external_mappings_updated_at
  before update on public.module_external_mappings
  for each row execute function public.update_updated_at_column();
create or replace trigger update_external_progress_updated_at
  before update on public.external_progress
  for each row execute function public.update_updated_at_column();
create or replace trigger update_talentlms_progress_updated_at
  before update on public.talentlms_progress
  for each row execute function public.update_updated_at_column();
create or replace trigger update_talentlms_users_updated_at
  before update on public.talentlms_users
  for each row execute function public.update_updated_at_column();
