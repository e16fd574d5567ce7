create table public.user_program_entitlement_usage (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null,
  enrollment_id uuid not null references public.client_enrollments (id) on delete cascade,
  feature_key text not null,
  used_count integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint user_program_entitlement_usage_enrollment_id_feature_key_key
    unique (enrollment_id, feature_key)
);

comment on table public.user_program_entitlement_usage is
  'How much of a program''s entitlement an enrollment has used. Written by functions alone.';

create index user_program_entitlement_usage_user_id_idx
  on public.user_program_entitlement_usage (user_id);

alter table public.user_program_entitlement_usage enable row level security;
revoke all on table public.user_program_entitlement_usage from public, anon, authenticated, service_role;
grant select on table public.user_program_entitlement_usage to authenticated;
grant all on table public.user_program_entitlement_usage to service_role;

create policy "select" on public.user_program_entitlement_usage for select to authenticated
  using ((select private.is_admin()) or user_id = (select auth.uid()));

create or replace trigger update_user_program_entitlement_usage_updated_at
  before update on public.user_program_entitlement_usage
  for each row execute function public.update_updated_at_column();
