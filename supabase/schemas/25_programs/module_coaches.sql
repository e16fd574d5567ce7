create table public.module_coaches (
  id uuid primary key default gen_random_uuid(),
  module_id uuid not null references public.program_modules (id) on delete cascade,
  coach_id uuid not null references auth.users (id) on delete cascade,
  created_at timestamptz default now(),
  constraint module_coaches_module_id_coach_id_key unique (module_id, coach_id)
);

comment on table public.module_coaches is 'Coaches of a single module.';

create index module_coaches_coach_id_idx on public.module_coaches (coach_id);

alter table public.module_coaches enable row level security;
revoke all on table public.module_coaches from public, anon, authenticated, service_role;
grant select, delete on table public.module_coaches to authenticated;
grant insert (module_id, coach_id) on table public.module_coaches to authenticated;
grant all on table public.module_coaches to service_role;

create policy "select" on public.module_coaches for select to authenticated
  using ((select private.is_admin()) or coach_id = (select auth.uid()));
create policy "insert" on public.module_coaches for insert to authenticated with check ((select private.is_admin()));
create policy "delete" on public.module_coaches for delete to authenticated using ((select private.is_admin()));

create or replace trigger tell_of_staff_assignment after insert on public.module_coaches
  for each row execute function private.tell_of_staff_assignment('coach_module_assigned');

create or replace trigger audit_writes
  after insert or update or delete on public.module_coaches
  for each row execute function private.audit_writes();
