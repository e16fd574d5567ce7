create table public.client_enrollments (
  id uuid primary key default gen_random_uuid(),
  client_user_id uuid references auth.users (id) on delete cascade,
  program_id uuid not null references public.programs (id) on delete cascade,
  status public.enrollment_status not null default 'active',
  start_date date default current_date,
  end_date date,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  program_version_id uuid references public.program_versions (id) on delete set null,
  tier text default 'essentials',
  is_public boolean not null default false,
  payment_type text default 'upfront' check (payment_type in ('upfront', 'payment_plan', 'free')),
  payment_status text default 'paid' check (payment_status in ('paid', 'outstanding', 'overdue')),
  program_plan_id uuid references public.program_plans (id),
  cohort_id uuid references public.program_cohorts (id) on delete set null,
  discount_code_id uuid references public.discount_codes (id) on delete set null,
  discount_percent numeric,
  original_credit_cost integer,
  final_credit_cost integer,
  enrollment_number integer default 1,
  enrollment_code_id uuid references public.enrollment_codes (id),
  enrollment_source text,
  referred_by uuid references auth.users (id),
  referral_note text,
  completed_at timestamptz,
  stripe_subscription_id text,
  spend_id uuid,
  constraint client_enrollments_texts_check check (char_length(referral_note) <= 5000)
);

comment on table public.client_enrollments is
  'A client in a programme, possibly several times: (client_user_id, program_id) is not unique.';

comment on column public.client_enrollments.spend_id is
  'The spend of credits that paid for it: what becomes of their payment becomes of it.';

create index client_enrollments_client_idx on public.client_enrollments (client_user_id);
create index client_enrollments_cohort_idx on public.client_enrollments (cohort_id, status);
create index client_enrollments_program_id_idx on public.client_enrollments (program_id);
create index client_enrollments_program_idx on public.client_enrollments (program_id, status);
create index client_enrollments_referred_by_idx on public.client_enrollments (referred_by)
  where referred_by is not null;
create unique index client_enrollments_spend_key on public.client_enrollments (spend_id)
  where spend_id is not null;

alter table public.client_enrollments enable row level security;
revoke all on table public.client_enrollments from public, anon, authenticated, service_role;
grant select on table public.client_enrollments to authenticated;
grant insert (client_user_id, program_id, status, start_date) on table public.client_enrollments to authenticated;
grant update (
  status, end_date, program_version_id, tier, is_public
) on table public.client_enrollments to authenticated;
grant all on table public.client_enrollments to service_role;

create policy "select" on public.client_enrollments for select to authenticated
  using (
    (select private.is_admin())
    or client_user_id = (select auth.uid())
    or private.is_program_instructor_or_coach((select auth.uid()), program_id)
    or private.is_org_admin_of_member(client_user_id)
  );
create policy "insert" on public.client_enrollments for insert to authenticated
  with check ((select private.is_admin()));
create policy "update" on public.client_enrollments for update to authenticated
  using ((select private.is_admin()) or client_user_id = (select auth.uid()));

create or replace trigger audit_writes
  after insert or update or delete on public.client_enrollments
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes('admins');
-- Clients show an enrollment on their public profile or not; the rest is the platform's.
create or replace trigger guard_columns
  before update on public.client_enrollments
  for each row execute function private.guard_columns('status', 'end_date', 'program_version_id', 'tier');
create or replace trigger ensure_client_profile
  after insert on public.client_enrollments for each row
  when (new.client_user_id is not null)
  execute function public.ensure_client_profile();
create or replace trigger note_calendar_changes_delete
  after delete on public.client_enrollments
  referencing old table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, client_user_id, cohort_id, status', '(''user'', c.client_user_id), (''enrollment'', c.id)');
create or replace trigger note_calendar_changes_insert
  after insert on public.client_enrollments
  referencing new table as changed_rows
  for each statement
  execute function private.note_calendar_changes('id, client_user_id, cohort_id, status', '(''user'', c.client_user_id), (''enrollment'', c.id)');
create or replace trigger note_calendar_changes_truncate
  after truncate on public.client_enrollments
  for each statement
  execute function private.note_calendar_changes('id, client_user_id, cohort_id, status', '(''user'', c.client_user_id), (''enrollment'', c.id)');
create or replace trigger note_calendar_changes_update
  after update on public.client_enrollments
  referencing old table as old_rows new table as new_rows
  for each statement
  execute function private.note_calendar_changes('id, client_user_id, cohort_id, status', '(''user'', c.client_user_id), (''enrollment'', c.id)');
create or replace trigger note_freed_place_delete
  after delete on public.client_enrollments for each row
  when (old.cohort_id is not null and old.status = 'active')
  execute function private.note_freed_place();
create or replace trigger note_freed_place_update
  after update of status, cohort_id on public.client_enrollments for each row
  when (
    old.cohort_id is not null and old.status = 'active'
    and (new.status <> 'active' or new.cohort_id is distinct from old.cohort_id)
  )
  execute function private.note_freed_place();
create or replace trigger notify_program_assignment
  after insert on public.client_enrollments for each row
  when (new.client_user_id is not null)
  execute function public.notify_program_assignment();
create or replace trigger update_client_enrollments_updated_at
  before update on public.client_enrollments
  for each row execute function public.update_updated_at_column();
