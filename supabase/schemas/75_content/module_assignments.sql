create table public.module_assignments (
  id uuid constraint module_assessments_pkey primary key default gen_random_uuid(),
  module_progress_id uuid not null
    constraint module_assessments_module_progress_id_fkey
    references public.module_progress (id) on delete cascade,
  assignment_type_id uuid not null
    constraint module_assessments_assessment_type_id_fkey
    references public.module_assignment_types (id) on delete cascade,
  assessor_id uuid not null,
  responses jsonb not null default '{}',
  overall_score numeric(5,2),
  overall_comments text,
  status text not null default 'draft' check (status in ('draft', 'submitted', 'reviewed', 'completed')),
  completed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  scoring_snapshot_id uuid references public.capability_snapshots (id) on delete set null,
  scored_by uuid,
  scored_at timestamptz,
  instructor_notes text,
  is_private boolean not null default false,
  constraint module_assessments_module_progress_id_assessment_type_id_key
    unique (module_progress_id, assignment_type_id)
);

comment on table public.module_assignments is
  'Assignments of a module. Client and module are reached by module_progress_id only.';

create index module_assignments_scored_by_idx on public.module_assignments (scored_by)
  where scored_by is not null;
create index module_assignments_scoring_snapshot_id_idx
  on public.module_assignments (scoring_snapshot_id)
  where scoring_snapshot_id is not null;

alter table public.module_assignments enable row level security;
revoke all on table public.module_assignments from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.module_assignments to authenticated;
grant all on table public.module_assignments to service_role;

create policy "select" on public.module_assignments for select to authenticated
  using (
    (select private.is_admin())
    or assessor_id = (select auth.uid())
    or exists (
      select from public.module_progress p
      join public.client_enrollments e on e.id = p.enrollment_id
      where p.id = module_assignments.module_progress_id
        and e.client_user_id = (select auth.uid())
        and p.status = 'completed'
        and module_assignments.status = 'completed'
    )
    or exists (
      select from public.module_progress p
      join public.client_enrollments e on e.id = p.enrollment_id
      where p.id = module_assignments.module_progress_id
        and (
          private.is_assigned_coach(e.client_user_id)
          or exists (
            select from public.program_instructors i
            where i.program_id = e.program_id
              and i.instructor_id = (select auth.uid())
          )
        )
    )
  );
create policy "insert" on public.module_assignments for insert to authenticated
  with check ((select private.is_admin()) or assessor_id = (select auth.uid()));
create policy "update" on public.module_assignments for update to authenticated
  using ((select private.is_admin()) or assessor_id = (select auth.uid()));
create policy "delete" on public.module_assignments for delete to authenticated
  using ((select private.is_admin()) or assessor_id = (select auth.uid()));

create or replace trigger tell_of_reviewed_assignment
  after update of status on public.module_assignments for each row
  when (new.status = 'reviewed' and old.status <> 'reviewed')
  execute function private.tell_of_reviewed_assignment();
create or replace trigger update_module_assignments_updated_at
  before update on public.module_assignments
  for each row execute function public.update_updated_at_column();
