create table public.enrollment_module_staff (
  id uuid primary key default gen_random_uuid(),
  enrollment_id uuid not null references public.client_enrollments (id) on delete cascade,
  module_id uuid not null references public.program_modules (id) on delete cascade,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  staff_user_id uuid not null references public.profiles (id) on delete cascade,
  role text not null,
  constraint enrollment_module_staff_valid_role check (role in ('instructor', 'coach')),
  constraint enrollment_module_staff_unique_assignment unique (enrollment_id, module_id, staff_user_id)
);

comment on table public.enrollment_module_staff is
  'Staff assigned to one module of one enrolment. staff_user_id refers to profiles.';

create index enrollment_module_staff_staff_user_id_idx
  on public.enrollment_module_staff (staff_user_id);

alter table public.enrollment_module_staff enable row level security;
revoke all on table public.enrollment_module_staff from public, anon, authenticated, service_role;
grant select, delete on table public.enrollment_module_staff to authenticated;
grant insert (
  enrollment_id, module_id, staff_user_id, role
) on table public.enrollment_module_staff to authenticated;
grant update (staff_user_id) on table public.enrollment_module_staff to authenticated;
grant all on table public.enrollment_module_staff to service_role;

create policy "select" on public.enrollment_module_staff for select to authenticated
  using (
    (select private.is_admin())
    or staff_user_id = (select auth.uid())
    or private.owns_enrollment(enrollment_id)
    or private.is_staff_of_enrollment(enrollment_id)
  );
create policy "insert" on public.enrollment_module_staff for insert to authenticated
  with check (
    (select private.is_admin())
    or (
      private.is_module_of_enrolment(module_id, enrollment_id)
      and private.is_staff_of_enrollment(enrollment_id)
      and private.is_staff_of_program(staff_user_id, enrollment_id)
    )
  );
-- TransferAssignmentDialog: staff of the program give an assignment of their own to a colleague there
create policy "update" on public.enrollment_module_staff for update to authenticated
  using (
    (select private.is_admin())
    or (staff_user_id = (select auth.uid()) and private.is_staff_of_enrollment(enrollment_id))
  )
  with check ((select private.is_admin()) or private.is_staff_of_program(staff_user_id, enrollment_id));
create policy "delete" on public.enrollment_module_staff for delete to authenticated
  using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.enrollment_module_staff
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes();
create or replace trigger update_enrollment_module_staff_updated_at
  before update on public.enrollment_module_staff
  for each row execute function public.update_updated_at_column();
