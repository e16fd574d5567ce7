create table public.credit_batches (
  id uuid primary key default gen_random_uuid(),
  owner_type text not null check (owner_type in ('user', 'org')),
  owner_id uuid not null,
  feature_key text,
  original_amount integer not null check (original_amount > 0),
  remaining_amount integer not null check (remaining_amount >= 0),
  granted_at timestamptz not null default now(),
  expires_at timestamptz not null,
  source_type text not null references public.credit_source_types (key)
    check (
      source_type in (
        'subscription', 'purchase', 'grant', 'rollover', 'plan', 'program', 'addon', 'admin_grant'
      )
    ),
  source_reference_id text,
  description text,
  is_expired boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  idempotency_key text,
  constraint credit_batches_remaining_within_original check (remaining_amount <= original_amount)
);

comment on table public.credit_batches is
  'Credits granted and what is left of them. There is no status: see is_expired, remaining_amount.';
comment on column public.credit_batches.idempotency_key is
  'The business object that was paid for or granted, once: purchase:<session>, allowance:<org>:<month> …';

create index credit_batches_expiring_idx
  on public.credit_batches (expires_at) where remaining_amount > 0;
create unique index credit_batches_idempotency_key on public.credit_batches (idempotency_key);
create index credit_batches_source_reference_idx
  on public.credit_batches (source_reference_id) where source_type = 'purchase';
create index credit_batches_spendable_idx
  on public.credit_batches (owner_type, owner_id, expires_at) where remaining_amount > 0;
create index credit_batches_unmarked_idx
  on public.credit_batches (expires_at) where not is_expired;

alter table public.credit_batches enable row level security;
revoke all on table public.credit_batches from public, anon, authenticated, service_role;
grant select, delete on table public.credit_batches to authenticated;
grant update (remaining_amount, expires_at, description) on table public.credit_batches to authenticated;
grant all on table public.credit_batches to service_role;

create policy "select" on public.credit_batches for select to authenticated
  using (
    (select private.is_admin())
    or (owner_type = 'user' and owner_id = (select auth.uid()))
    or (owner_type = 'org' and private.is_org_admin_or_manager((select auth.uid()), owner_id))
  );
create policy "update" on public.credit_batches for update to authenticated using ((select private.is_admin()));
create policy "delete" on public.credit_batches for delete to authenticated using ((select private.is_admin()));

create or replace function private.guard_credit_batches()
returns trigger
language plpgsql
security definer -- as above
set search_path = ''
-- The plan is made at the first call of a session, maybe for a single row, and a nested loop over the
-- changed batches would take hours for all of them.
set enable_nestloop = off
set enable_hashjoin = on
as $$
declare
  v_has_changed boolean;
  v_has_moved boolean;
begin
  select
    bool_or(
      (n.original_amount, n.owner_type, n.owner_id) is distinct from (o.original_amount, o.owner_type, o.owner_id)
    ),
    bool_or(n.remaining_amount <> o.remaining_amount and n.remaining_amount is distinct from (
      select l.balance_after from public.credit_ledger l where l.batch_id = n.id order by l.id desc limit 1
    ))
  into v_has_changed, v_has_moved
  from old_batches o
  join new_batches n on n.id = o.id;
  if v_has_changed then
    raise exception 'the amount and the owner of a credit batch never change' using errcode = '23514';
  end if;
  if v_has_moved then
    raise exception 'credits move by credit_ledger only' using errcode = '23514';
  end if;
  return null;
end
$$;
comment on function private.guard_credit_batches() is
  'Trigger: refuses a change of a batch that its ledger does not know of.';
revoke execute on function private.guard_credit_batches() from public;

create or replace function private.open_credit_batches()
returns trigger
language plpgsql
security definer -- whoever may grant a batch need not be allowed to write the ledger
set search_path = ''
as $$
begin
  -- In the order in which they were made, which the makers of many choose with the ledger in mind.
  insert into public.credit_ledger (
    batch_id, owner_type, owner_id, entry_type, amount, balance_after, cause, idempotency_key, created_at
  )
  select b.id, b.owner_type, b.owner_id,
    case b.source_type when 'rollover' then 'rollover_in' else 'grant' end,
    b.remaining_amount, b.remaining_amount,
    coalesce(b.idempotency_key, b.source_type || coalesce(':' || b.source_reference_id, '')),
    'open:' || b.id, b.granted_at
  from new_batches b;
  return null;
end
$$;
comment on function private.open_credit_batches() is
  'Trigger: the first entry of each new batch, whoever made it.';
revoke execute on function private.open_credit_batches() from public;

create or replace trigger audit_writes
  after insert or update or delete on public.credit_batches
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes('admins');
create or replace trigger guard_credit_batches
  after update on public.credit_batches
  referencing old table as old_batches new table as new_batches
  for each statement
  when (pg_trigger_depth() = 0) -- deeper down is post_credit_entries(), which moves them by the ledger
  execute function private.guard_credit_batches();
create or replace trigger open_credit_batches
  after insert on public.credit_batches
  referencing new table as new_batches
  for each statement execute function private.open_credit_batches();
create or replace trigger update_credit_batches_updated_at
  before update on public.credit_batches
  for each row execute function public.update_updated_at_column();
