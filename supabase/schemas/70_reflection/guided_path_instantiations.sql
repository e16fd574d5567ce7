create table public.guided_path_instantiations (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  template_id uuid not null references public.guided_path_templates (id) on delete set null,
  survey_response_id uuid references public.guided_path_survey_responses (id) on delete set null,
  pace_multiplier numeric not null default 1.0,
  started_at timestamptz not null default now(),
  estimated_completion_date date,
  actual_completion_date date,
  status text not null default 'active' check (status in ('active', 'paused', 'completed', 'abandoned')),
  created_at timestamptz not null default now(),
  constraint guided_path_instantiations_pace_check check (pace_multiplier between 0.1 and 10),
  constraint guided_path_instantiations_times_check check (
    started_at between '2000-01-01+00' and '2100-01-01+00'
    and estimated_completion_date between '2000-01-01' and '2100-01-01'
  )
);

comment on table public.guided_path_instantiations is
  'A guided path a client has started. template_id: not null, yet on delete set null.';

create index guided_path_instantiations_user_id_idx
  on public.guided_path_instantiations (user_id);

alter table public.guided_path_instantiations enable row level security;
revoke all on table public.guided_path_instantiations from public, anon, authenticated, service_role;
grant select,
  insert (user_id, template_id, survey_response_id, pace_multiplier, started_at, status),
  update (estimated_completion_date)
  on table public.guided_path_instantiations to authenticated;
grant all on table public.guided_path_instantiations to service_role;

create policy "select" on public.guided_path_instantiations for select to authenticated
  using (
    (select private.is_admin())
    or user_id = (select auth.uid())
    or private.is_assigned_staff(guided_path_instantiations.user_id)
  );
create policy "insert" on public.guided_path_instantiations for insert to authenticated
  with check (
    user_id = (select auth.uid())
    and status = 'active'
    and (
      survey_response_id is null
      or exists (
        select from public.guided_path_survey_responses r
        where r.id = guided_path_instantiations.survey_response_id
      )
    )
  );
create policy "update" on public.guided_path_instantiations for update to authenticated
  using (user_id = (select auth.uid()));
