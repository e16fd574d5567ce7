create table public.program_instructors (
  id uuid primary key default gen_random_uuid(),
  program_id uuid not null references public.programs (id) on delete cascade,
  instructor_id uuid not null references auth.users (id) on delete cascade,
  created_at timestamptz default now(),
  is_primary boolean not null default false,
  constraint program_instructors_program_id_instructor_id_key unique (program_id, instructor_id)
);

comment on table public.program_instructors is 'Instructors of a whole programme.';

create index program_instructors_instructor_id_idx
  on public.program_instructors (instructor_id);

alter table public.program_instructors enable row level security;
revoke all on table public.program_instructors from public, anon, authenticated, service_role;
grant select, delete on table public.program_instructors to authenticated;
grant insert (program_id, instructor_id) on table public.program_instructors to authenticated;
grant all on table public.program_instructors to service_role;

create policy "select" on public.program_instructors for select to authenticated
  using (
    (select private.is_admin())
    or instructor_id = (select auth.uid())
    or private.user_is_enrolled_in_program((select auth.uid()), program_id)
  );
create policy "insert" on public.program_instructors for insert to authenticated
  with check ((select private.is_admin()));
create policy "delete" on public.program_instructors for delete to authenticated using ((select private.is_admin()));

create or replace trigger tell_of_staff_assignment after insert on public.program_instructors
  for each row execute function private.tell_of_staff_assignment('instructor_program_assigned');

create or replace trigger audit_writes
  after insert or update or delete on public.program_instructors
  for each row execute function private.audit_writes();
