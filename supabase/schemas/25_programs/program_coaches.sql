create table public.program_coaches (
  id uuid primary key default gen_random_uuid(),
  program_id uuid not null references public.programs (id) on delete cascade,
  coach_id uuid not null references auth.users (id) on delete cascade,
  created_at timestamptz default now(),
  constraint program_coaches_program_id_coach_id_key unique (program_id, coach_id)
);

comment on table public.program_coaches is 'Coaches of a whole programme.';

create index program_coaches_coach_id_idx on public.program_coaches (coach_id);

alter table public.program_coaches enable row level security;
revoke all on table public.program_coaches from public, anon, authenticated, service_role;
grant select, delete on table public.program_coaches to authenticated;
grant insert (program_id, coach_id) on table public.program_coaches to authenticated;
grant all on table public.program_coaches to service_role;

create policy "select" on public.program_coaches for select to authenticated
  using (
    (select private.is_admin())
    or coach_id = (select auth.uid())
    or private.user_is_enrolled_in_program((select auth.uid()), program_id)
  );
create policy "insert" on public.program_coaches for insert to authenticated with check ((select private.is_admin()));
create policy "delete" on public.program_coaches for delete to authenticated using ((select private.is_admin()));

create or replace trigger tell_of_staff_assignment after insert on public.program_coaches
  for each row execute function private.tell_of_staff_assignment('coach_program_assigned');

create or replace trigger audit_writes
  after insert or update or delete on public.program_coaches
  for each row execute function private.audit_writes();
