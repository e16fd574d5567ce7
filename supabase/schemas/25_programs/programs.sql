create table public.programs (
  id uuid primary key default gen_random_uuid(),
  slug text not null,
  name text not null,
  description text,
  category public.program_category not null,
  is_active boolean default true,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  tiers jsonb default '["Essentials", "Premium"]',
  scheduled_dates jsonb default '[]',
  logo_url text,
  code text,
  plan_id uuid references public.plans (id),
  min_plan_tier integer default 0,
  default_program_plan_id uuid references public.program_plans (id),
  requires_separate_purchase boolean not null default false,
  credit_cost integer,
  allow_repeat_enrollment boolean not null default false,
  capacity integer,
  installment_options jsonb,
  upfront_discount_percent numeric default 0 check (upfront_discount_percent between 0 and 100),
  constraint programs_code_key unique (code),
  constraint programs_slug_key unique (slug),
  constraint programs_links_check check (private.are_web_links(logo_url)),
  constraint programs_texts_check check (char_length(name) <= 200)
);

comment on table public.programs is 'The programmes on offer. The title column is name.';

alter table public.programs enable row level security;
revoke all on table public.programs from public, anon, authenticated, service_role;
grant select, delete on table public.programs to authenticated;
grant insert (
  slug, name, description, category, is_active, scheduled_dates
) on table public.programs to authenticated;
grant update (
  slug, name, description, category, is_active, tiers, scheduled_dates, logo_url, code, plan_id, min_plan_tier,
  default_program_plan_id, requires_separate_purchase, allow_repeat_enrollment, installment_options,
  upfront_discount_percent
) on table public.programs to authenticated;
grant all on table public.programs to service_role;

create policy "select" on public.programs for select to authenticated using ((select private.is_admin()) or is_active);
create policy "insert" on public.programs for insert to authenticated with check ((select private.is_admin()));
create policy "update" on public.programs for update to authenticated using ((select private.is_admin()));
create policy "delete" on public.programs for delete to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.programs
  for each row execute function private.audit_writes();
create or replace trigger note_calendar_changes_delete
  after delete on public.programs
  referencing old table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, name', '(''program'', c.id)');
create or replace trigger note_calendar_changes_insert
  after insert on public.programs
  referencing new table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, name', '(''program'', c.id)');
create or replace trigger note_calendar_changes_truncate
  after truncate on public.programs
  for each statement
  execute function private.note_calendar_changes('id, name', '(''program'', c.id)');
create or replace trigger note_calendar_changes_update
  after update on public.programs
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function private.note_calendar_changes('id, name', '(''program'', c.id)');
create or replace trigger update_programs_updated_at
  before update on public.programs
  for each row execute function public.update_updated_at_column();
