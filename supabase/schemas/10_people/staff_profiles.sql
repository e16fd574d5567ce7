create table public.staff_profiles (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  relationship_type text not null default 'partner'
    check (relationship_type in ('employee', 'partner', 'contractor')),
  company_name text,
  contract_start_date date,
  contract_end_date date,
  specializations text[],
  notes text,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint staff_profiles_user_id_key unique (user_id),
  constraint staff_profiles_texts_check check (
    char_length(company_name) <= 200
    and cardinality(specializations) <= 100
    and char_length(array_to_string(specializations, '')) <= 5000
  )
);

comment on table public.staff_profiles is 'Contract data of coaches and instructors.';

alter table public.staff_profiles enable row level security;
revoke all on table public.staff_profiles from public, anon, authenticated, service_role;
-- What somebody says of oneself; relationship, contract and notes are for the office to write.
grant select, insert (user_id, specializations, company_name), update (specializations, company_name)
  on table public.staff_profiles to authenticated;
grant all on table public.staff_profiles to service_role;

create policy "select" on public.staff_profiles for select to authenticated
  using ((select private.is_admin()) or user_id = (select auth.uid()));
create policy "insert" on public.staff_profiles for insert to authenticated
  with check (user_id = (select auth.uid()) and (select private.is_staff()));
create policy "update" on public.staff_profiles for update to authenticated
  using (user_id = (select auth.uid()));

create or replace trigger update_staff_profiles_updated_at
  before update on public.staff_profiles
  for each row execute function public.update_updated_at_column();
