create table public.guided_path_milestone_gates (
  id uuid primary key default gen_random_uuid(),
  template_milestone_id uuid not null
    references public.guided_path_template_milestones (id) on delete cascade,
  capability_assessment_id uuid references public.capability_assessments (id) on delete cascade,
  capability_domain_id uuid references public.capability_domains (id) on delete cascade,
  assessment_definition_id uuid references public.assessment_definitions (id) on delete cascade,
  assessment_dimension_id uuid references public.assessment_dimensions (id) on delete cascade,
  min_score numeric not null,
  gate_label text,
  created_at timestamptz not null default now(),
  constraint guided_path_milestone_gates_texts_check check (char_length(gate_label) <= 300)
);

comment on table public.guided_path_milestone_gates is 'Scores that have to be reached before a milestone.';

alter table public.guided_path_milestone_gates enable row level security;
revoke all on table public.guided_path_milestone_gates from public, anon, authenticated, service_role;
grant select, delete,
  insert (
    template_milestone_id, capability_assessment_id, capability_domain_id, assessment_definition_id,
    assessment_dimension_id, min_score, gate_label
  )
  on table public.guided_path_milestone_gates to authenticated;
grant all on table public.guided_path_milestone_gates to service_role;

create policy "select" on public.guided_path_milestone_gates for select to authenticated using (true);
create policy "insert" on public.guided_path_milestone_gates for insert to authenticated
  with check ((select private.is_admin()));
create policy "delete" on public.guided_path_milestone_gates for delete to authenticated
  using ((select private.is_admin()));
