create table public.credit_debts (
  id uuid primary key default gen_random_uuid(),
  owner_type text not null check (owner_type in ('user', 'org')),
  owner_id uuid not null,
  batch_id uuid not null references public.credit_batches (id),
  credits integer not null check (credits > 0),
  reason text not null,
  created_at timestamptz not null default now(),
  settled_at timestamptz,
  note text
);

comment on table public.credit_debts is
  'Credits that were paid back but had been spent. Open until an operator sets settled_at; gone when the '
  'reason goes.';

create index credit_debts_batch_idx on public.credit_debts (batch_id);
create unique index credit_debts_open_key on public.credit_debts (batch_id) where settled_at is null;
create index credit_debts_owner_idx on public.credit_debts (owner_type, owner_id);

alter table public.credit_debts enable row level security;
revoke all on table public.credit_debts from public, anon, authenticated, service_role;
grant select on table public.credit_debts to authenticated, service_role;
grant update (settled_at, note) on table public.credit_debts to authenticated;
grant update (settled_at, note) on table public.credit_debts to service_role;

create policy "select" on public.credit_debts for select to authenticated using ((select private.is_admin()));
create policy "update" on public.credit_debts for update to authenticated using ((select private.is_admin()));

create or replace trigger audit_writes
  after insert or update or delete on public.credit_debts
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes('admins');
