create table public.discount_codes (
  id uuid primary key default gen_random_uuid(),
  code text not null,
  description text,
  discount_type text not null check (discount_type in ('percent', 'fixed_amount')),
  discount_value numeric not null check (discount_value > 0),
  valid_for_program_ids uuid[],
  valid_for_tier_names text[],
  max_uses integer,
  uses_count integer default 0,
  assigned_user_id uuid references auth.users (id) on delete set null,
  assigned_user_email text,
  starts_at timestamptz default now(),
  expires_at timestamptz,
  is_active boolean default true,
  created_by uuid references auth.users (id) on delete set null,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  constraint discount_codes_code_key unique (code)
);

comment on table public.discount_codes is
  'Codes that lower the credit cost of an enrollment. Admins'' to read: others validate one by function.';

create index discount_codes_assigned_user_id_idx on public.discount_codes (assigned_user_id)
  where assigned_user_id is not null;
create index discount_codes_created_by_idx on public.discount_codes (created_by)
  where created_by is not null;

create index discount_codes_lower_code_idx on public.discount_codes (lower(code));

alter table public.discount_codes enable row level security;
revoke all on table public.discount_codes from public, anon, authenticated, service_role;
grant select, delete on table public.discount_codes to authenticated;
grant insert (
  code, description, discount_type, discount_value, valid_for_program_ids, valid_for_tier_names, max_uses,
  assigned_user_email, starts_at, expires_at, is_active, created_by
) on table public.discount_codes to authenticated;
grant update (
  code, description, discount_type, discount_value, valid_for_program_ids, valid_for_tier_names, max_uses,
  assigned_user_email, starts_at, expires_at, is_active
) on table public.discount_codes to authenticated;
grant all on table public.discount_codes to service_role;

create policy "select" on public.discount_codes for select to authenticated using ((select private.is_admin()));
create policy "insert" on public.discount_codes for insert to authenticated
  with check ((select private.is_admin()) and (created_by is null or created_by = (select auth.uid())));
create policy "update" on public.discount_codes for update to authenticated using ((select private.is_admin()));
create policy "delete" on public.discount_codes for delete to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.discount_codes
  for each row execute function private.audit_writes();
create or replace trigger update_discount_codes_updated_at
  before update on public.discount_codes
  for each row execute function public.update_updated_at_column();
