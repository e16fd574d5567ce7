create table public.capability_domains (
  id uuid primary key default gen_random_uuid()
);

comment on table public.capability_domains is
  'Domains of a capability assessment. Only the key is here: production has more columns.';

alter table public.capability_domains enable row level security;
revoke all on table public.capability_domains from public, anon, authenticated, service_role;
grant select, insert, update, delete on table public.capability_domains to authenticated;
grant all on table public.capability_domains to service_role;

create policy "all" on public.capability_domains for all to authenticated using ((select private.is_admin()));
