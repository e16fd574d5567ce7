create table public.module_instructors (
  id uuid primary key default gen_random_uuid(),
  module_id uuid not null references public.program_modules (id) on delete cascade,
  instructor_id uuid not null references auth.users (id) on delete cascade,
  created_at timestamptz default now(),
  constraint module_instructors_module_id_instructor_id_key unique (module_id, instructor_id)
);

comment on table public.module_instructors is 'Instructors of a single module.';

create index module_instructors_instructor_id_idx on public.module_instructors (instructor_id);

alter table public.module_instructors enable row level security;
revoke all on table public.module_instructors from public, anon, authenticated, service_role;
grant select, delete on table public.module_instructors to authenticated;
grant insert (module_id, instructor_id) on table public.module_instructors to authenticated;
grant all on table public.module_instructors to service_role;

create policy "select" on public.module_instructors for select to authenticated
  using ((select private.is_admin()) or instructor_id = (select auth.uid()));
create policy "insert" on public.module_instructors for insert to authenticated
  with check ((select private.is_admin()));
create policy "delete" on public.module_instructors for delete to authenticated using ((select private.is_admin()));

create or replace trigger tell_of_staff_assignment after insert on public.module_instructors
  for each row execute function private.tell_of_staff_assignment('instructor_module_assigned');

create or replace trigger audit_writes
  after insert or update or delete on public.module_instructors
  for each row execute function private.audit_writes();
