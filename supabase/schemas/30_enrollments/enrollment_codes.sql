create table public.enrollment_codes (
  id uuid primary key default gen_random_uuid(),
  program_id uuid not null references public.programs (id) on delete cascade,
  cohort_id uuid references public.program_cohorts (id) on delete set null,
  code text not null,
  code_type text not null default 'single_use' check (code_type in ('single_use', 'multi_use')),
  max_uses integer,
  current_uses integer not null default 0,
  grants_plan_id uuid references public.plans (id),
  grants_tier text,
  discount_percent integer check (discount_percent is null or discount_percent between 0 and 100),
  is_free boolean not null default false,
  expires_at timestamptz,
  created_by uuid not null references auth.users (id),
  created_at timestamptz not null default now(),
  is_active boolean not null default true,
  constraint enrollment_codes_code_key unique (code)
);

comment on table public.enrollment_codes is
  'Codes that let the holder enroll in a program. Admins'' to read: others validate one by function.';

create index enrollment_codes_created_by_idx on public.enrollment_codes (created_by);

create index enrollment_codes_lower_code_idx on public.enrollment_codes (lower(code));

alter table public.enrollment_codes enable row level security;
revoke all on table public.enrollment_codes from public, anon, authenticated, service_role;
grant select, delete on table public.enrollment_codes to authenticated;
grant insert (
  program_id, cohort_id, code, code_type, max_uses, grants_plan_id, grants_tier, discount_percent, is_free,
  expires_at, created_by, is_active
) on table public.enrollment_codes to authenticated;
grant update (
  program_id, cohort_id, code, code_type, max_uses, grants_tier, discount_percent, is_free, expires_at, is_active
) on table public.enrollment_codes to authenticated;
grant all on table public.enrollment_codes to service_role;

create policy "select" on public.enrollment_codes for select to authenticated using ((select private.is_admin()));
create policy "insert" on public.enrollment_codes for insert to authenticated
  with check ((select private.is_admin()) and created_by = (select auth.uid()));
create policy "update" on public.enrollment_codes for update to authenticated using ((select private.is_admin()));
create policy "delete" on public.enrollment_codes for delete to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.enrollment_codes
  for each row execute function private.audit_writes();
