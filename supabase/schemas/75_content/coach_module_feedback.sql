create table public.coach_module_feedback (
  id uuid primary key default gen_random_uuid(),
  module_progress_id uuid not null references public.module_progress (id) on delete cascade,
  coach_id uuid not null,
  feedback text,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  template_type_id uuid references public.feedback_template_types (id),
  structured_responses jsonb default '{}',
  status text not null default 'draft' check (status in ('draft', 'published')),
  constraint coach_module_feedback_texts_check check (
    char_length(feedback) <= 5000 and char_length(structured_responses::text) <= 500000
  )
);

comment on table public.coach_module_feedback is
  'A coach''s feedback on a client''s module. Clients read what is published.';

create unique index coach_module_feedback_unique
  on public.coach_module_feedback (module_progress_id, coach_id);

alter table public.coach_module_feedback enable row level security;
revoke all on table public.coach_module_feedback from public, anon, authenticated, service_role;
grant select,
  insert (module_progress_id, coach_id, feedback, template_type_id, structured_responses, status),
  update (feedback, template_type_id, structured_responses, status)
  on table public.coach_module_feedback to authenticated;
grant all on table public.coach_module_feedback to service_role;

-- A draft is its author's.
create policy "select" on public.coach_module_feedback for select to authenticated
  using (
    (select private.is_admin())
    or coach_id = (select auth.uid())
    or (
      status = 'published'
      and exists (
        select from public.module_progress p
        join public.client_enrollments e on e.id = p.enrollment_id
        where p.id = coach_module_feedback.module_progress_id
          and (
            e.client_user_id = (select auth.uid())
            or (
              (select private.is_staff())
              and exists (
                select from public.program_instructors i
                where i.program_id = e.program_id
                  and i.instructor_id = (select auth.uid())
              )
            )
          )
      )
    )
  );
create policy "insert" on public.coach_module_feedback for insert to authenticated
  with check (coach_id = (select auth.uid()) and private.may_assess(module_progress_id));
create policy "update" on public.coach_module_feedback for update to authenticated
  using (coach_id = (select auth.uid()) and private.may_assess(module_progress_id));

create or replace trigger update_coach_module_feedback_updated_at
  before update on public.coach_module_feedback
  for each row execute function public.update_updated_at_column();
