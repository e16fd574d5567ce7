create table public.program_modules (
  id uuid primary key default gen_random_uuid(),
  program_id uuid not null references public.programs (id) on delete cascade,
  title text not null,
  description text,
  order_index integer not null,
  estimated_minutes integer default 0,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  links jsonb default '[]',
  is_active boolean default true,
  tier_required text default 'essentials',
  is_individualized boolean not null default false,
  code text,
  learning_mode public.learning_mode default 'asynchronous',
  domain text,
  capability_tags text[] default '{}',
  content text,
  module_type text not null references public.module_types (name) on update cascade,
  calendly_event_url text,
  plan_id uuid references public.plans (id),
  min_plan_tier integer default 0,
  feature_key text references public.features (key),
  canonical_code text,
  capability_assessment_id uuid references public.capability_assessments (id) on delete set null,
  content_package_path text,
  content_package_type text default 'web' check (content_package_type in ('web', 'xapi')),
  content_package_id uuid references public.content_packages (id) on delete set null,
  available_from_date date,
  unlock_after_days integer
    constraint unlock_after_days_non_negative check (unlock_after_days is null or unlock_after_days >= 0),
  constraint program_modules_program_id_order_index_key unique (program_id, order_index),
  constraint program_modules_links_check check (private.are_web_links(calendly_event_url)),
  constraint program_modules_texts_check check (char_length(title) <= 300)
);

comment on table public.program_modules is 'The modules of a programme in their order.';

create unique index idx_program_modules_code_per_program
  on public.program_modules (program_id, code) where code is not null;

alter table public.program_modules enable row level security;
revoke all on table public.program_modules from public, anon, authenticated, service_role;
grant select, delete on table public.program_modules to authenticated;
grant insert (
  program_id, title, description, order_index, estimated_minutes, links, is_active, tier_required,
  is_individualized, code, content, module_type, feature_key, capability_assessment_id, content_package_id
) on table public.program_modules to authenticated;
grant update (
  program_id, title, description, order_index, estimated_minutes, links, is_active, tier_required,
  is_individualized, code, content, module_type, feature_key, capability_assessment_id, content_package_path,
  content_package_id, available_from_date, unlock_after_days
) on table public.program_modules to authenticated;
grant all on table public.program_modules to service_role;

create policy "select" on public.program_modules for select to authenticated
  using (
    (select private.is_admin())
    or exists (select from public.programs p where p.id = program_modules.program_id and p.is_active)
    or private.is_module_staff(id)
  );
create policy "insert" on public.program_modules for insert to authenticated with check ((select private.is_admin()));
create policy "update" on public.program_modules for update to authenticated using ((select private.is_admin()));
create policy "delete" on public.program_modules for delete to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.program_modules
  for each row execute function private.audit_writes();
create or replace trigger note_calendar_changes_delete
  after delete on public.program_modules
  referencing old table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, program_id', '(''module'', c.id)');
create or replace trigger note_calendar_changes_insert
  after insert on public.program_modules
  referencing new table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, program_id', '(''module'', c.id)');
create or replace trigger note_calendar_changes_truncate
  after truncate on public.program_modules
  for each statement
  execute function private.note_calendar_changes('id, program_id', '(''module'', c.id)');
create or replace trigger note_calendar_changes_update
  after update on public.program_modules
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function private.note_calendar_changes('id, program_id', '(''module'', c.id)');
create or replace trigger update_program_modules_updated_at
  before update on public.program_modules
  for each row execute function public.update_updated_at_column();
