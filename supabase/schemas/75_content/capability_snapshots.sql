create table public.capability_snapshots (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references public.profiles (id) on delete cascade,
  assessment_id uuid not null references public.capability_assessments (id) on delete cascade,
  enrollment_id uuid references public.client_enrollments (id) on delete set null,
  title text,
  notes text,
  shared_with_coach boolean not null default false,
  completed_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  is_self_assessment boolean not null default true,
  evaluator_id uuid references public.profiles (id) on delete set null,
  evaluation_relationship text,
  status text not null default 'completed' check (status in ('draft', 'completed')),
  is_private boolean not null default false,
  shared_with_instructor boolean not null default false,
  constraint capability_snapshots_texts_check check (
    char_length(title) <= 300
    and char_length(notes) <= 5000
    and char_length(evaluation_relationship) <= 200
  ),
  constraint capability_snapshots_times_check check (completed_at between '2000-01-01+00' and '2100-01-01+00')
);

comment on table public.capability_snapshots is
  'One run of a capability assessment, by the user or by an evaluator.';
comment on column public.capability_snapshots.evaluator_id is
  'Who evaluated, where it is no self-assessment. Null where that account was deleted: no evaluation keeps '
  'its evaluator from being deleted.';

create index capability_snapshots_enrollment_id_idx
  on public.capability_snapshots (enrollment_id)
  where enrollment_id is not null;
create index capability_snapshots_evaluator_id_idx on public.capability_snapshots (evaluator_id)
  where evaluator_id is not null;
create index capability_snapshots_user_id_idx on public.capability_snapshots (user_id);

alter table public.capability_snapshots enable row level security;
revoke all on table public.capability_snapshots from public, anon, authenticated, service_role;
grant select, delete on table public.capability_snapshots to authenticated;
grant insert (
  user_id, assessment_id, enrollment_id, title, notes, shared_with_coach, shared_with_instructor,
  completed_at, is_self_assessment, evaluator_id, evaluation_relationship, status
) on table public.capability_snapshots to authenticated;
grant update (
  title, notes, shared_with_coach, shared_with_instructor, status, completed_at, updated_at
) on table public.capability_snapshots to authenticated;
grant all on table public.capability_snapshots to service_role;

-- An evaluation is its evaluator's until it is completed.
create policy "select" on public.capability_snapshots for select to authenticated
  using (
    (select private.is_admin())
    or (user_id = (select auth.uid()) and (is_self_assessment or status = 'completed'))
    or (evaluator_id = (select auth.uid()) and not is_self_assessment)
    or (
      not is_private
      and (
        (shared_with_coach and (select private.has_role((select auth.uid()), 'coach')))
        or (shared_with_instructor and (select private.has_role((select auth.uid()), 'instructor')))
      )
      and (is_self_assessment or status = 'completed')
      and private.staff_has_client_relationship((select auth.uid()), user_id)
    )
  );
create policy "insert" on public.capability_snapshots for insert to authenticated
  with check (
    case
      when is_self_assessment then
        user_id = (select auth.uid())
        and evaluator_id is null
        and evaluation_relationship is null
        and (enrollment_id is null or private.owns_enrollment(enrollment_id))
      else
        evaluator_id = (select auth.uid())
        and private.may_evaluate_person(user_id, evaluation_relationship)
        and (enrollment_id is null or private.is_enrollment_of(enrollment_id, user_id))
        and not (shared_with_coach or shared_with_instructor)
    end
  );
create policy "update" on public.capability_snapshots for update to authenticated
  using (
    (user_id = (select auth.uid()) and (is_self_assessment or status = 'completed'))
    or (
      not is_self_assessment
      and evaluator_id = (select auth.uid())
      and private.may_evaluate_person(user_id, evaluation_relationship)
    )
  );
create policy "delete" on public.capability_snapshots for delete to authenticated
  using ((select private.is_admin()) or (user_id = (select auth.uid()) and is_self_assessment));

-- Whom an evaluation is about alone shares it, and does not change what it says.
create or replace trigger guard_author_columns
  before update on public.capability_snapshots
  for each row when (not old.is_self_assessment)
  execute function private.guard_author_columns('evaluator_id', 'title', 'notes', 'status', 'completed_at');
create or replace trigger guard_sharing
  before update on public.capability_snapshots
  for each row execute function private.guard_author_columns(
    'user_id', 'shared_with_coach', 'shared_with_instructor'
  );
create or replace trigger update_capability_snapshots_updated_at
  before update on public.capability_snapshots
  for each row execute function public.update_updated_at_column();
