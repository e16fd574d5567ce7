create table public.credit_spends (
  id uuid primary key default gen_random_uuid(),
  owner_type text not null check (owner_type in ('user', 'org')),
  owner_id uuid not null,
  amount integer not null check (amount > 0),
  from_plan integer not null default 0 check (from_plan between 0 and amount),
  feature_key text,
  action_type text,
  action_reference_id text,
  description text,
  idempotency_key text,
  spent_at timestamptz not null default now(),
  constraint credit_spends_texts_check check (
    char_length(feature_key) <= 200 and char_length(action_type) <= 200 and char_length(action_reference_id) <= 300
    and char_length(description) <= 5000 and char_length(idempotency_key) <= 300
  )
);

comment on table public.credit_spends is
  'One row a spend. What it drew from batches are its entries in credit_ledger; from_plan is the part of '
  'the month''s plan allowance, which is in no batch.';

comment on column public.credit_spends.idempotency_key is
  'Chosen by who spends, and its owner''s alone: another owner may choose the same.';

create unique index credit_spends_idempotency_key
  on public.credit_spends (owner_type, owner_id, idempotency_key) where idempotency_key is not null;
create index credit_spends_owner_idx
  on public.credit_spends (owner_type, owner_id, spent_at);

alter table public.client_enrollments add constraint client_enrollments_spend_id_fkey
  foreign key (spend_id) references public.credit_spends (id) on delete set null;

alter table public.credit_spends enable row level security;
revoke all on table public.credit_spends from public, anon, authenticated, service_role;
grant select on table public.credit_spends to authenticated, service_role;

create policy "select" on public.credit_spends for select to authenticated
  using (
    (select private.is_admin())
    or (owner_type = 'user' and owner_id = (select auth.uid()))
    or (owner_type = 'org' and private.is_org_admin_or_manager((select auth.uid()), owner_id))
  );
