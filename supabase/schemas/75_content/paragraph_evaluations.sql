create table public.paragraph_evaluations (
  id uuid primary key default gen_random_uuid(),
  assignment_id uuid not null references public.scenario_assignments (id) on delete cascade,
  paragraph_id uuid not null references public.section_paragraphs (id) on delete cascade,
  evaluator_id uuid references auth.users (id) on delete set null,
  feedback text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint paragraph_evaluations_assignment_id_paragraph_id_key unique (assignment_id, paragraph_id),
  constraint paragraph_evaluations_texts_check check (char_length(feedback) <= 5000)
);

comment on table public.paragraph_evaluations is 'Feedback on one paragraph of a scenario assignment.';

create index paragraph_evaluations_evaluator_id_idx
  on public.paragraph_evaluations (evaluator_id)
  where evaluator_id is not null;

alter table public.paragraph_evaluations enable row level security;
revoke all on table public.paragraph_evaluations from public, anon, authenticated, service_role;
-- An upsert on (assignment_id, paragraph_id) needs the right to update both.
grant select,
  insert (assignment_id, paragraph_id, evaluator_id, feedback),
  update (assignment_id, paragraph_id, evaluator_id, feedback)
  on table public.paragraph_evaluations to authenticated;
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
-- Whoever writes signs: a second evaluator's words replace the first's under the second's name.
create policy "insert" on public.paragraph_evaluations for insert to authenticated
  with check (evaluator_id = (select auth.uid()) and private.may_evaluate(assignment_id));
create policy "update" on public.paragraph_evaluations for update to authenticated
  using (private.may_evaluate(assignment_id))
  with check (evaluator_id = (select auth.uid()) and private.may_evaluate(assignment_id));

create or replace trigger guard_columns
  before update on public.paragraph_evaluations
  for each row execute function private.guard_columns('assignment_id', 'paragraph_id');
create or replace trigger update_paragraph_evaluations_updated_at
  before update on public.paragraph_evaluations
  for each row execute function public.update_updated_at_column();
