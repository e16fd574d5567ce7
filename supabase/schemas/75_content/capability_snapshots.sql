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
  evaluator_id uuid references public.profiles (id),
  evaluation_relationship text,
  status text not null default 'completed' check (status in ('draft', 'completed')),
  is_private boolean not null default false,
  shared_with_instructor boolean not null default false,
  constraint evaluator_required_for_external check (is_self_assessment or evaluator_id is not null)
);

comment on table public.capability_snapshots is
  'One run of a capability assessment, by the user or by an evaluator.';

create index capability_snapshots_enrollment_id_idx
  on public.capability_snapshots (enrollment_id)
  where enrollment_id is not null;
create index capability_snapshots_evaluator_id_idx on public.capability_snapshots (evaluator_id)
  where evaluator_id is not null;
create index capability_snapshots_user_id_idx on public.capability_snapshots (user_id);

alter table public.capability_snapshots enable row level security;
revoke all on table public.capability_snapshots from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.capability_snapshots to authenticated;
grant all on table public.capability_snapshots to service_role;

create policy "select" on public.capability_snapshots for select to authenticated
  using (
    (select private.is_admin())
    or user_id = (select auth.uid())
    or (evaluator_id = (select auth.uid()) and not is_self_assessment)
    or (
      not is_private
      and (
        (shared_with_coach and (select private.has_role((select auth.uid()), 'coach')))
        or (shared_with_instructor and (select private.has_role((select auth.uid()), 'instructor')))
      )
      and private.staff_has_client_relationship((select auth.uid()), user_id)
    )
  );
create policy "insert" on public.capability_snapshots for insert to authenticated
  with check (
    (select private.is_admin())
    or user_id = (select auth.uid())
    or (evaluator_id = (select auth.uid()) and not is_self_assessment)
  );
create policy "update" on public.capability_snapshots for update to authenticated
  using (
    (select private.is_admin())
    or user_id = (select auth.uid())
    or (evaluator_id = (select auth.uid()) and not is_self_assessment)
  );
create policy "delete" on public.capability_snapshots for delete to authenticated
  using ((select private.is_admin()) or user_id = (select auth.uid()));

create or replace trigger update_capability_snapshots_updated_at
  before update on public.capability_snapshots
  for each row execute function public.update_updated_at_column();
