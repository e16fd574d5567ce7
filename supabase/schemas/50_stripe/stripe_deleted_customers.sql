create table public.stripe_deleted_customers (
  id text primary key,
  deleted_at timestamptz not null
);

comment on table public.stripe_deleted_customers is
  'Customers who exist no more: nobody can be billed under these ids.';

alter table public.stripe_deleted_customers enable row level security;
revoke all on table public.stripe_deleted_customers from public, anon, authenticated, service_role;
grant select on table public.stripe_deleted_customers to authenticated, service_role;

create policy "select" on public.stripe_deleted_customers for select to authenticated
  using ((select private.is_admin()));
