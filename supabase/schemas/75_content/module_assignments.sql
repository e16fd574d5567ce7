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
  handed_in_by uuid references auth.users (id) on delete set null,
  constraint module_assessments_module_progress_id_assessment_type_id_key
    unique (module_progress_id, assignment_type_id),
  constraint module_assignments_texts_check check (
    char_length(overall_comments) <= 5000
    and char_length(instructor_notes) <= 5000
    and char_length(responses::text) <= 500000
  ),
  constraint module_assignments_times_check check (
    completed_at between '2000-01-01+00' and '2100-01-01+00'
    and scored_at between '2000-01-01+00' and '2100-01-01+00'
  )
);

comment on table public.module_assignments is
  'Assignments of a module. Client and module are reached by module_progress_id only.';
comment on column public.module_assignments.assessor_id is
  'Who filled in the form as it stands: the client, or staff who have gone over it.';
comment on column public.module_assignments.instructor_notes is
  'What the scorer tells the client. Null until the assignment is reviewed: scoring_drafts has it till then.';
comment on column public.module_assignments.handed_in_by is
  'The client, where the form was the client''s: who goes over it takes it from nobody''s sight. Kept by a trigger.';

create index module_assignments_handed_in_by_idx on public.module_assignments (handed_in_by)
  where handed_in_by is not null;
create index module_assignments_scored_by_idx on public.module_assignments (scored_by)
  where scored_by is not null;
create index module_assignments_scoring_snapshot_id_idx
  on public.module_assignments (scoring_snapshot_id)
  where scoring_snapshot_id is not null;

alter table public.module_assignments enable row level security;
revoke all on table public.module_assignments from public, anon, authenticated, service_role;
grant select on table public.module_assignments to authenticated;
grant insert (
  module_progress_id, assignment_type_id, assessor_id, responses, overall_score, overall_comments, status,
  completed_at, is_private
) on table public.module_assignments to authenticated;
grant update (
  module_progress_id, assignment_type_id, assessor_id, responses, overall_score, overall_comments, status,
  completed_at, is_private, scoring_snapshot_id, scored_by, scored_at, instructor_notes
) on table public.module_assignments to authenticated;
grant all on table public.module_assignments to service_role;

create policy "select" on public.module_assignments for select to authenticated
  using (
    (select private.is_admin())
    or assessor_id = (select auth.uid())
    or handed_in_by = (select auth.uid())
    or (status = 'completed' and not is_private and private.has_completed_progress(module_progress_id))
    or private.oversees_progress(module_progress_id)
  );
-- Clients fill in their own until it is scored, or until their teacher has gone over it.
create policy "insert" on public.module_assignments for insert to authenticated
  with check (
    assessor_id = (select auth.uid())
    and (
      (status in ('draft', 'submitted') and private.owns_progress(module_progress_id))
      or private.may_assess(module_progress_id)
    )
  );
create policy "update" on public.module_assignments for update to authenticated
  using (
    (
      assessor_id = (select auth.uid())
      and status in ('draft', 'submitted')
      and scored_by is null
      and private.owns_progress(module_progress_id)
    )
    or (
      private.may_assess(module_progress_id)
      and (assessor_id = (select auth.uid()) or private.oversees_progress(module_progress_id))
    )
  );

create or replace trigger guard_assignment
  before update on public.module_assignments
  for each row execute function private.guard_assignment();
create or replace trigger guard_signatures
  before insert or update on public.module_assignments
  for each row execute function private.guard_signatures('assessor_id', 'scored_by');
create or replace trigger keep_scoring_draft
  before update on public.module_assignments
  for each row execute function private.keep_scoring_draft();
create or replace trigger keep_who_handed_in
  before insert on public.module_assignments
  for each row execute function private.keep_who_handed_in();
create or replace trigger tell_of_reviewed_assignment
  after update of status on public.module_assignments for each row
  when (new.status = 'reviewed' and old.status <> 'reviewed')
  execute function private.tell_of_reviewed_assignment();
create or replace trigger update_module_assignments_updated_at
  before update on public.module_assignments
  for each row execute function public.update_updated_at_column();
