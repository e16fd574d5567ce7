create table public.low_credit_thresholds (
  owner_type text not null check (owner_type in ('user', 'org')),
  owner_id uuid not null,
  threshold integer not null check (threshold between 0 and 100000000),
  low_since timestamptz,
  primary key (owner_id, owner_type)
);

comment on table public.low_credit_thresholds is
  'At how many credits left an owner wants to be told. Written by set_low_credit_threshold().';
comment on column public.low_credit_thresholds.low_since is
  'When the owner was told; null while there is more than the threshold.';

alter table public.low_credit_thresholds enable row level security;
revoke all on table public.low_credit_thresholds from public, anon, authenticated, service_role;
grant select on table public.low_credit_thresholds to authenticated, service_role;

create policy "select" on public.low_credit_thresholds for select to authenticated
  using (
    (select private.is_admin())
    or (owner_type = 'user' and owner_id = (select auth.uid()))
    or (owner_type = 'org' and private.is_org_admin_or_manager((select auth.uid()), owner_id))
  );
