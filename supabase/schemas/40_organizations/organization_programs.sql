create table public.organization_programs (
  id uuid primary key default gen_random_uuid(),
  organization_id uuid not null references public.organizations (id) on delete cascade,
  program_id uuid not null references public.programs (id) on delete cascade,
  is_active boolean default true,
  max_enrollments integer,
  notes text,
  licensed_at timestamptz default now(),
  expires_at timestamptz,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint organization_programs_organization_id_program_id_key unique (organization_id, program_id)
);

comment on table public.organization_programs is 'Programmes an organisation has licensed.';

alter table public.organization_programs enable row level security;
revoke all on table public.organization_programs from public, anon, authenticated, service_role;
grant select, delete on table public.organization_programs to authenticated;
grant insert (
  organization_id, program_id, max_enrollments, expires_at
) on table public.organization_programs to authenticated;
grant update (is_active) on table public.organization_programs to authenticated;
grant all on table public.organization_programs to service_role;

create policy "select" on public.organization_programs for select to authenticated
  using ((select private.is_admin()) or private.is_org_admin_or_manager((select auth.uid()), organization_id));
create policy "insert" on public.organization_programs for insert to authenticated
  with check ((select private.is_admin()));
create policy "update" on public.organization_programs for update to authenticated using ((select private.is_admin()));
create policy "delete" on public.organization_programs for delete to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.organization_programs
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes('admins');
create or replace trigger update_organization_programs_updated_at
  before update on public.organization_programs
  for each row execute function public.update_updated_at_column();
