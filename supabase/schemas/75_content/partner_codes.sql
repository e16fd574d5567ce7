create table public.partner_codes (
  id uuid primary key default gen_random_uuid(),
  partner_id uuid not null references auth.users (id),
  program_id uuid not null references public.programs (id),
  cohort_id uuid references public.program_cohorts (id),
  code text not null,
  label text,
  discount_percent integer default 0 check (discount_percent between 0 and 100),
  is_free boolean not null default false,
  max_uses integer,
  current_uses integer not null default 0,
  expires_at timestamptz,
  is_active boolean not null default true,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  grants_tier text,
  constraint partner_codes_code_key unique (code)
);

comment on table public.partner_codes is
  'Codes partners hand out. Admins'' and their partner''s to read: others validate one by function.';

create index partner_codes_partner_id_idx on public.partner_codes (partner_id);

create index partner_codes_lower_code_idx on public.partner_codes (lower(code));

alter table public.partner_codes enable row level security;
revoke all on table public.partner_codes from public, anon, authenticated, service_role;
grant select, delete on table public.partner_codes to authenticated;
grant insert (
  partner_id, program_id, cohort_id, code, label, discount_percent, is_free, max_uses, expires_at, is_active,
  grants_tier
) on table public.partner_codes to authenticated;
grant update (
  partner_id, program_id, cohort_id, code, label, discount_percent, is_free, max_uses, expires_at, is_active,
  grants_tier
) on table public.partner_codes to authenticated;
grant all on table public.partner_codes to service_role;

create policy "select" on public.partner_codes for select to authenticated
  using ((select private.is_admin()) or partner_id = (select auth.uid()));
create policy "insert" on public.partner_codes for insert to authenticated with check ((select private.is_admin()));
create policy "update" on public.partner_codes for update to authenticated using ((select private.is_admin()));
create policy "delete" on public.partner_codes for delete to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.partner_codes
  for each row execute function private.audit_writes();
create or replace trigger update_partner_codes_updated_at
  before update on public.partner_codes
  for each row execute function public.update_updated_at_column();
