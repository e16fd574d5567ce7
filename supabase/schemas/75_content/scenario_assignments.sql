create table public.scenario_assignments (
  id uuid primary key default gen_random_uuid(),
  template_id uuid not null references public.scenario_templates (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  assigned_by uuid references auth.users (id) on delete set null,
  enrollment_id uuid references public.client_enrollments (id) on delete set null,
  status text not null default 'draft' check (status in ('draft', 'submitted', 'in_review', 'evaluated')),
  assigned_at timestamptz not null default now(),
  submitted_at timestamptz,
  evaluated_at timestamptz,
  evaluated_by uuid references auth.users (id) on delete set null,
  overall_notes text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  module_id uuid references public.program_modules (id) on delete set null,
  parent_assignment_id uuid references public.scenario_assignments (id) on delete set null,
  attempt_number integer not null default 1,
  revision_notes text,
  constraint scenario_assignments_template_id_user_id_enrollment_id_key
    unique (template_id, user_id, enrollment_id),
  constraint scenario_assignments_texts_check check (
    char_length(overall_notes) <= 5000 and char_length(revision_notes) <= 5000
  ),
  constraint scenario_assignments_attempt_check check (attempt_number between 1 and 1000),
  constraint scenario_assignments_times_check check (
    submitted_at between '2000-01-01+00' and '2100-01-01+00'
    and evaluated_at between '2000-01-01+00' and '2100-01-01+00'
  )
);

comment on table public.scenario_assignments is 'A scenario given to a user, with its attempts.';

create index scenario_assignments_assigned_by_idx on public.scenario_assignments (assigned_by)
  where assigned_by is not null;
create index scenario_assignments_enrollment_id_idx
  on public.scenario_assignments (enrollment_id)
  where enrollment_id is not null;
create index scenario_assignments_evaluated_by_idx on public.scenario_assignments (evaluated_by)
  where evaluated_by is not null;
create index scenario_assignments_parent_assignment_id_idx
  on public.scenario_assignments (parent_assignment_id)
  where parent_assignment_id is not null;
create index scenario_assignments_user_id_idx on public.scenario_assignments (user_id);

alter table public.scenario_assignments enable row level security;
revoke all on table public.scenario_assignments from public, anon, authenticated, service_role;
grant select, delete on table public.scenario_assignments to authenticated;
grant insert (
  template_id, user_id, assigned_by, enrollment_id, module_id, status, parent_assignment_id, attempt_number,
  revision_notes
) on table public.scenario_assignments to authenticated;
grant update (status, submitted_at, evaluated_at, evaluated_by, overall_notes)
  on table public.scenario_assignments to authenticated;
grant all on table public.scenario_assignments to service_role;

create policy "select" on public.scenario_assignments for select to authenticated
  using (
    (select private.is_admin())
    or user_id = (select auth.uid())
    or private.teaches_client(user_id, enrollment_id, module_id)
  );
create policy "insert" on public.scenario_assignments for insert to authenticated
  with check (
    status = 'draft'
    and (
      (user_id = (select auth.uid()) and assigned_by is null and revision_notes is null)
      or (
        assigned_by = (select auth.uid())
        and ((select private.is_admin()) or private.teaches_client(user_id, enrollment_id, module_id))
      )
    )
    and private.is_attempt_of(user_id, enrollment_id, module_id, parent_assignment_id)
  );
create policy "update" on public.scenario_assignments for update to authenticated
  using (
    (user_id = (select auth.uid()) and status in ('draft', 'submitted'))
    or (
      private.teaches_client(user_id, enrollment_id, module_id)
      and (evaluated_by is null or evaluated_by = (select auth.uid()))
    )
  );
-- A client who submits one of several drafts drops the others, whoever assigned them.
create policy "delete" on public.scenario_assignments for delete to authenticated
  using (user_id = (select auth.uid()) and status = 'draft');

-- Security invoker for the reason given at private.guard_columns.
create or replace function private.guard_scenario_assignment()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
begin
  if current_user not in ('anon', 'authenticated') or old.user_id = auth.uid() then
    return new;
  end if;

  if new.submitted_at is distinct from old.submitted_at
    or (new.status is distinct from old.status and (old.status = 'draft' or new.status in ('draft', 'submitted')))
  then
    raise exception 'a scenario is handed in by whoever it was given to' using errcode = 'insufficient_privilege';
  end if;
  -- What is written before is a draft, and the row is the client's to read.
  if new.status = 'evaluated' and new.evaluated_by is distinct from auth.uid()
    or new.status <> 'evaluated' and num_nonnulls(new.evaluated_by, new.evaluated_at, new.overall_notes) > 0
  then
    raise exception 'an evaluation is signed, and comes with the status evaluated'
      using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
comment on function private.guard_scenario_assignment() is
  'Trigger: the client hands a scenario in; who evaluates it signs, and writes the verdict with the status '
  'evaluated, not before.';
revoke execute on function private.guard_scenario_assignment() from public;

create or replace trigger guard_evaluation
  before update on public.scenario_assignments
  for each row execute function private.guard_scenario_assignment();
create or replace trigger guard_owner_columns
  before update on public.scenario_assignments
  for each row execute function private.guard_owner_columns(
    'user_id', 'evaluated_by', 'evaluated_at', 'overall_notes', 'scoring_snapshot_id'
  );
create or replace trigger guard_signatures
  before insert or update on public.scenario_assignments
  for each row execute function private.guard_signatures('assigned_by', 'evaluated_by');
create or replace trigger update_scenario_assignments_updated_at
  before update on public.scenario_assignments
  for each row execute function public.update_updated_at_column();
