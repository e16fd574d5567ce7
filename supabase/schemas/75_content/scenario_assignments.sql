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
  parent_assignment_id uuid references public.scenario_assignments (id),
  attempt_number integer not null default 1,
  revision_notes text,
  constraint scenario_assignments_template_id_user_id_enrollment_id_key
    unique (template_id, user_id, enrollment_id)
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
grant select, insert, update, delete on table public.scenario_assignments to authenticated;
grant all on table public.scenario_assignments to service_role;

create policy "select" on public.scenario_assignments for select to authenticated
  using ((select private.is_admin()) or user_id = (select auth.uid()) or private.may_see_client(user_id));
create policy "insert" on public.scenario_assignments for insert to authenticated
  with check (
    (select private.is_admin())
    or (user_id = (select auth.uid()) and status in ('draft', 'submitted'))
    or private.may_see_client(user_id)
  );
create policy "update" on public.scenario_assignments for update to authenticated
  using (
    (select private.is_admin())
    or (user_id = (select auth.uid()) and status in ('draft', 'submitted'))
    or private.may_see_client(user_id)
  );
create policy "delete" on public.scenario_assignments for delete to authenticated
  using (
    (select private.is_admin())
    or (user_id = (select auth.uid()) and status in ('draft', 'submitted'))
    or private.may_see_client(user_id)
  );

create or replace trigger guard_owner_columns
  before update on public.scenario_assignments
  for each row execute function private.guard_owner_columns(
    'user_id', 'assigned_by', 'assigned_at', 'evaluated_by', 'evaluated_at', 'overall_notes'
  );
create or replace trigger update_scenario_assignments_updated_at
  before update on public.scenario_assignments
  for each row execute function public.update_updated_at_column();
