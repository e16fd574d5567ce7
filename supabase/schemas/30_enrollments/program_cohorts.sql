create table public.program_cohorts (
  id uuid primary key default gen_random_uuid(),
  program_id uuid not null references public.programs (id) on delete cascade,
  name text not null,
  description text,
  start_date date,
  end_date date,
  capacity integer,
  status text not null default 'upcoming'
    check (status in ('upcoming', 'active', 'completed', 'cancelled')),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  lead_instructor_id uuid references auth.users (id) on delete set null,
  constraint program_cohorts_texts_check check (
    char_length(name) <= 200
    and char_length(description) <= 5000
  ),
  constraint program_cohorts_times_check check (
    start_date between '2000-01-01' and '2100-01-01'
    and end_date between '2000-01-01' and '2100-01-01'
    and end_date >= start_date
  )
);

comment on table public.program_cohorts is
  'Groups that start a programme together. A null capacity is no limit.';

create index program_cohorts_lead_instructor_idx
  on public.program_cohorts (lead_instructor_id);

alter table public.program_cohorts enable row level security;
revoke all on table public.program_cohorts from public, anon, authenticated, service_role;
grant select, delete on table public.program_cohorts to authenticated;
grant insert (
  program_id, name, description, start_date, end_date, capacity, status, lead_instructor_id
) on table public.program_cohorts to authenticated;
grant update (
  program_id, name, description, start_date, end_date, capacity, status, lead_instructor_id
) on table public.program_cohorts to authenticated;
grant all on table public.program_cohorts to service_role;

create policy "select" on public.program_cohorts for select to authenticated
  using (
    (select private.is_admin())
    or private.is_program_instructor_or_coach((select auth.uid()), program_id)
    or private.is_in_cohort(id)
  );
create policy "insert" on public.program_cohorts for insert to authenticated with check ((select private.is_admin()));
create policy "update" on public.program_cohorts for update to authenticated using ((select private.is_admin()));
create policy "delete" on public.program_cohorts for delete to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.program_cohorts
  for each row execute function private.audit_writes();
create or replace trigger note_calendar_changes_delete
  after delete on public.program_cohorts
  referencing old table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, lead_instructor_id, name, status, updated_at', '(''user'', c.lead_instructor_id), (''cohort'', c.id)');
create or replace trigger note_calendar_changes_insert
  after insert on public.program_cohorts
  referencing new table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, lead_instructor_id, name, status, updated_at', '(''user'', c.lead_instructor_id), (''cohort'', c.id)');
create or replace trigger note_calendar_changes_truncate
  after truncate on public.program_cohorts
  for each statement
  execute function private.note_calendar_changes('id, lead_instructor_id, name, status, updated_at', '(''user'', c.lead_instructor_id), (''cohort'', c.id)');
create or replace trigger note_calendar_changes_update
  after update on public.program_cohorts
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function private.note_calendar_changes('id, lead_instructor_id, name, status, updated_at', '(''user'', c.lead_instructor_id), (''cohort'', c.id)');
create or replace trigger note_freed_place
  after update of capacity, status on public.program_cohorts for each row
  when (old.capacity is distinct from new.capacity or old.status <> new.status)
  execute function private.note_freed_place();
create or replace trigger touch_cohort_sessions
  after update of status on public.program_cohorts for each row
  when ((old.status = 'cancelled') is distinct from (new.status = 'cancelled'))
  execute function private.touch_cohort_sessions();
create or replace trigger update_program_cohorts_updated_at
  before update on public.program_cohorts
  for each row execute function public.update_updated_at_column();
