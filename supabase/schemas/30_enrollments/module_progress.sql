create table public.module_progress (
  id uuid primary key default gen_random_uuid(),
  enrollment_id uuid not null references public.client_enrollments (id) on delete cascade,
  module_id uuid not null references public.program_modules (id) on delete cascade,
  status public.progress_status not null default 'not_started',
  notes text,
  completed_at timestamptz,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint module_progress_enrollment_id_module_id_key unique (enrollment_id, module_id),
  constraint module_progress_texts_check check (char_length(notes) <= 5000),
  constraint module_progress_times_check check (completed_at between '2000-01-01+00' and '2100-01-01+00')
);

comment on table public.module_progress is
  'How far an enrolment is in a module. The user is reached by enrollment_id.';

alter table public.module_progress enable row level security;
revoke all on table public.module_progress from public, anon, authenticated, service_role;
-- An upsert on (enrollment_id, module_id) needs the right to update both; the guard keeps them.
grant select, delete,
  insert (enrollment_id, module_id, status, completed_at),
  update (enrollment_id, module_id, status, notes, completed_at)
  on table public.module_progress to authenticated;
grant all on table public.module_progress to service_role;

create policy "select" on public.module_progress for select to authenticated
  using (
    (select private.is_admin())
    or exists (
      select from public.client_enrollments e
      where e.id = module_progress.enrollment_id
        and (
          e.client_user_id = (select auth.uid())
          or (
            (select private.is_staff())
            and (
              exists (
                select from public.program_instructors i
                where i.program_id = e.program_id
                  and i.instructor_id = (select auth.uid())
                  and i.is_primary
              )
              or exists (
                select from public.program_coaches c
                where c.program_id = e.program_id
                  and c.coach_id = (select auth.uid())
              )
            )
          )
        )
    )
    or private.is_module_staff(module_id)
  );
create policy "insert" on public.module_progress for insert to authenticated
  with check (
    ((select private.is_admin()) or private.owns_enrollment(enrollment_id))
    and private.is_module_of_enrolment(module_id, enrollment_id)
  );
create policy "update" on public.module_progress for update to authenticated
  using ((select private.is_admin()) or private.owns_enrollment(enrollment_id));
create policy "delete" on public.module_progress for delete to authenticated using ((select private.is_admin()));

create or replace trigger guard_columns
  before update on public.module_progress
  for each row execute function private.guard_columns('enrollment_id', 'module_id');
create or replace trigger update_module_progress_updated_at
  before update on public.module_progress
  for each row execute function public.update_updated_at_column();
