create table public.program_plans (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  description text,
  tier_level integer not null default 0,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  credit_allowance integer,
  display_name text default 'program',
  constraint program_plans_texts_check check (
    char_length(name) <= 200
    and char_length(display_name) <= 200
  )
);

comment on table public.program_plans is
  'What an enrolment entitles to. There is no program_id: programmes come by program_tier_plans.';

alter table public.program_plans enable row level security;
revoke all on table public.program_plans from public, anon, authenticated, service_role;
grant select, delete on table public.program_plans to authenticated;
grant insert (
  name, description, tier_level, is_active, credit_allowance, display_name
) on table public.program_plans to authenticated;
grant update (
  name, description, tier_level, is_active, credit_allowance, display_name
) on table public.program_plans to authenticated;
grant all on table public.program_plans to service_role;

create policy "select" on public.program_plans for select to authenticated
  using ((select private.is_admin()) or is_active);
create policy "insert" on public.program_plans for insert to authenticated with check ((select private.is_admin()));
create policy "update" on public.program_plans for update to authenticated using ((select private.is_admin()));
create policy "delete" on public.program_plans for delete to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.program_plans
  for each row execute function private.audit_writes();
create or replace trigger update_program_plans_updated_at
  before update on public.program_plans
  for each row execute function public.update_updated_at_column();
