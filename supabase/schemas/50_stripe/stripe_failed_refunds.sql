create table public.stripe_failed_refunds (
  id text primary key,
  payment_id text not null,
  amount bigint not null,
  failed_at timestamptz not null
);

comment on table public.stripe_failed_refunds is
  'Refunds that failed or were cancelled: the money stayed, or came back. What a charge tells later has them '
  'taken off already.';

create index stripe_failed_refunds_payment_idx on public.stripe_failed_refunds (payment_id);

alter table public.stripe_failed_refunds enable row level security;
revoke all on table public.stripe_failed_refunds from public, anon, authenticated, service_role;
grant select on table public.stripe_failed_refunds to authenticated, service_role;

create policy "select" on public.stripe_failed_refunds for select to authenticated
  using ((select private.is_admin()));
