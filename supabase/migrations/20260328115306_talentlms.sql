-- Courses of other platforms.
--
-- Why: grants and comments of the tables that mirror other platforms' courses.
-- Locks: on production, until commit, ACCESS EXCLUSIVE on talentlms_users; SHARE ROW EXCLUSIVE on
-- external_progress, external_sources, module_external_mappings, talentlms_progress.
-- Can be run again.

set lock_timeout = '10s';
set check_function_bodies = off; -- a body may name what a later file makes

-- Tables that are there ---------------------------------------------------------------------------

-- Lengths of names: what is there is put right, then the checks are made.
insert into private.rows_before_repair (table_name, content)
select 'public.talentlms_users', to_jsonb(r) from public.talentlms_users r
where not (
  char_length(talentlms_user_id) <= 200 and char_length(talentlms_username) <= 200);
update public.talentlms_users
set talentlms_user_id = left(talentlms_user_id, 200),
  talentlms_username = left(talentlms_username, 200)
where not (
  char_length(talentlms_user_id) <= 200 and char_length(talentlms_username) <= 200
);
do $$
declare
  v_check record;
begin
  for v_check in
    select * from (values
      ('talentlms_users', 'talentlms_users_texts_check',
        $c$char_length(talentlms_user_id) <= 200 and char_length(talentlms_username) <= 200$c$)
    ) as wanted (table_name, name, definition)
    where not exists (
      select from pg_catalog.pg_constraint c
      where c.conrelid = to_regclass('public.' || wanted.table_name) and c.conname = wanted.name
    )
  loop
    execute format(
      'alter table public.%I add constraint %I check (%s)', v_check.table_name, v_check.name, v_check.definition
    );
  end loop;
end
$$;

-- Comments and grants -----------------------------------------------------------------------------

comment on table public.external_sources is 'Learning systems whose progress can be imported.';
comment on table public.module_external_mappings is 'Which course of an external source a module stands for.';
comment on table public.external_progress is 'Progress in external courses by mapping.';
comment on table public.talentlms_progress is 'Progress in TalentLMS courses as last synchronised.';
comment on table public.talentlms_users is
  'The TalentLMS account of a user, as an admin says.';

revoke all on table public.external_sources from public, anon, authenticated, service_role;
-- config holds what opens the other system: no user reads it, and nobody writes here but with the secret key.
grant select (id, name, display_name, is_active, created_at, updated_at)
  on table public.external_sources to authenticated;
grant all on table public.external_sources to service_role;
revoke all on table public.module_external_mappings from public, anon, authenticated, service_role;
grant select on table public.module_external_mappings to authenticated;
grant all on table public.module_external_mappings to service_role;
revoke all on table public.external_progress from public, anon, authenticated, service_role;
-- Written by whoever imports it, with the secret key.
grant select on table public.external_progress to authenticated;
grant all on table public.external_progress to service_role;
revoke all on table public.talentlms_progress from public, anon, authenticated, service_role;
-- Written by the synchronization, with the secret key.
grant select on table public.talentlms_progress to authenticated;
grant all on table public.talentlms_progress to service_role;
revoke all on table public.talentlms_users from public, anon, authenticated, service_role;
-- An admin says whose account it is; its owner may let go of it, and no more.
grant select, delete,
  insert (user_id, talentlms_user_id, talentlms_username),
  update (talentlms_user_id, talentlms_username)
  on table public.talentlms_users to authenticated;
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
create or replace trigger audit_writes
  after insert or update or delete on public.talentlms_users
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes('admins');
create or replace trigger update_talentlms_users_updated_at
  before update on public.talentlms_users
  for each row execute function public.update_updated_at_column();
