create table public.paragraph_evaluations (
  id uuid primary key default gen_random_uuid(),
  assignment_id uuid not null references public.scenario_assignments (id) on delete cascade,
  paragraph_id uuid not null references public.section_paragraphs (id) on delete cascade,
  evaluator_id uuid references auth.users (id) on delete set null,
  feedback text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint paragraph_evaluations_assignment_id_paragraph_id_key unique (assignment_id, paragraph_id)
);

comment on table public.paragraph_evaluations is 'Feedback on one paragraph of a scenario assignment.';

create index paragraph_evaluations_evaluator_id_idx
  on public.paragraph_evaluations (evaluator_id)
  where evaluator_id is not null;

alter table public.paragraph_evaluations enable row level security;
revoke all on table public.paragraph_evaluations from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.paragraph_evaluations to authenticated;
grant all on table public.paragraph_evaluations to service_role;

create policy "select" on public.paragraph_evaluations for select to authenticated
  using (
    (select private.is_admin())
    or exists (
      select from public.scenario_assignments s
      where s.id = paragraph_evaluations.assignment_id
        and s.user_id = (select auth.uid())
        and s.status = 'evaluated'
    )
    or private.may_evaluate(assignment_id)
  );
create policy "insert" on public.paragraph_evaluations for insert to authenticated
  with check ((select private.is_admin()) or private.may_evaluate(assignment_id));
create policy "update" on public.paragraph_evaluations for update to authenticated
  using ((select private.is_admin()) or private.may_evaluate(assignment_id));
create policy "delete" on public.paragraph_evaluations for delete to authenticated
  using ((select private.is_admin()) or private.may_evaluate(assignment_id));

create or replace trigger update_paragraph_evaluations_updated_at
  before update on public.paragraph_evaluations
  for each row execute function public.update_updated_at_column();
