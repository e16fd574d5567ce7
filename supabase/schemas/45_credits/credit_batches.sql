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
  backed_by text,
  withheld integer not null default 0,
  owed integer not null default 0,
  reversed integer not null default 0,
  collected integer not null default 0,
  constraint credit_batches_backing_check check (least(withheld, owed, reversed, collected) >= 0),
  constraint credit_batches_remaining_within_original check (remaining_amount <= original_amount)
);

comment on table public.credit_batches is
  'Credits granted and what is left of them. There is no status: see is_expired, remaining_amount.';
comment on column public.credit_batches.idempotency_key is
  'The business object that was paid for or granted, once: purchase:<session>, allowance:<org>:<month> …';

comment on column public.credit_batches.backed_by is
  'What pays for it at Stripe, where that is one payment or instalment plan: stripe:<payment or subscription>.';
comment on column public.credit_batches.withheld is
  'How many of its credits are not paid for: refunded, disputed, or beyond the paid share of an instalment plan that '
  'is not in good standing. owed: those of them that are a debt where they were spent.';
comment on column public.credit_batches.reversed is
  'How many of its credits have been taken for that; collected: how many have gone to pay a debt of its owner''s.';

create index credit_batches_backed_by_idx on public.credit_batches (backed_by) where backed_by is not null;
create index credit_batches_backing_idx
  on public.credit_batches (owner_type, owner_id) where withheld > 0 or reversed > 0 or collected > 0;
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

  -- Whoever owes credits pays with these first. An owner under another's hands pays at the next spend.
  if exists (select from public.credit_debts d where d.settled_at is null) then
    perform private.settle_backing(o.owner_type, o.owner_id, o.granted_at)
    from (
      select n.owner_type, n.owner_id, max(n.granted_at) as granted_at
      from new_batches n
      where exists (
        select from public.credit_debts d
        where d.owner_type = n.owner_type and d.owner_id = n.owner_id and d.settled_at is null
      )
      group by n.owner_type, n.owner_id
      order by n.owner_type, n.owner_id
    ) o
    where private.try_lock_credit_owner(o.owner_type, o.owner_id);
  end if;
  return null;
end
$$;
comment on function private.open_credit_batches() is
  'Trigger: the first entry of each new batch, whoever made it, and what of it pays a debt.';
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
