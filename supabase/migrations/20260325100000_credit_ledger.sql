-- The credit ledger: one signed entry for each change of a batch, and a database that refuses any other.
--
-- Why: a batch's remaining_amount was whatever the last writer left there; a refused purchase took the
-- balance with it and nobody could tell where it had gone.
-- How: a change is an entry in credit_ledger, and a trigger carries entries over to their batches. Two
-- more triggers see to it that there is no other way: a new batch opens its own account, and a batch
-- that moves without an entry is refused. All are statement triggers, so that a run over every owner
-- costs as many statements as a run over one.
-- Locks: ACCESS EXCLUSIVE on credit_batches and credit_consumption_log while columns, checks and
-- triggers are added; the opening entries read every batch once.
-- Can be run again.

set lock_timeout = '10s';

-- Spends --------------------------------------------------------------------------------------------

create table if not exists public.credit_spends (
  id uuid primary key default gen_random_uuid(),
  owner_type text not null check (owner_type in ('user', 'org')),
  owner_id uuid not null,
  amount integer not null check (amount > 0),
  from_plan integer not null default 0 check (from_plan between 0 and amount),
  feature_key text,
  action_type text,
  action_reference_id text,
  description text,
  idempotency_key text unique,
  spent_at timestamptz not null default now()
);
comment on table public.credit_spends is
  'One row a spend. What it drew from batches are its entries in credit_ledger; from_plan is the part of the month''s plan allowance, which is in no batch.';
create index if not exists credit_spends_owner_idx
  on public.credit_spends (owner_type, owner_id, spent_at);

-- Ledger --------------------------------------------------------------------------------------------

create table if not exists public.credit_ledger (
  id bigint generated always as identity primary key,
  batch_id uuid not null references public.credit_batches (id),
  owner_type text not null check (owner_type in ('user', 'org')),
  owner_id uuid not null,
  entry_type text not null,
  amount integer not null,
  balance_after integer not null check (balance_after >= 0),
  spend_id uuid references public.credit_spends (id),
  cause text not null,
  idempotency_key text not null unique,
  created_at timestamptz not null default now(),
  constraint credit_ledger_sign_check check (
    case entry_type
      when 'opening_balance' then amount >= 0
      when 'grant' then amount > 0
      when 'rollover_in' then amount > 0
      when 'refund' then amount > 0
      when 'spend' then amount < 0
      when 'expiry' then amount < 0
      when 'rollover_out' then amount < 0
      when 'reversal' then amount < 0
      else false
    end
  ),
  constraint credit_ledger_spend_check check ((spend_id is not null) = (entry_type in ('spend', 'refund')))
);
comment on table public.credit_ledger is
  'Append-only: every change of every credit batch. The entries of a batch sum to its remaining_amount.';
comment on column public.credit_ledger.cause is
  'What moved the credits: purchase:<session>, enrollment:<id>, maintenance:<month> …';
create unique index if not exists credit_ledger_first_entry_key on public.credit_ledger (batch_id)
  where entry_type in ('opening_balance', 'grant', 'rollover_in');
create index if not exists credit_ledger_batch_idx on public.credit_ledger (batch_id, id desc);
create index if not exists credit_ledger_spend_idx on public.credit_ledger (spend_id) where spend_id is not null;
create index if not exists credit_ledger_owner_idx on public.credit_ledger (owner_type, owner_id, id desc);

alter table public.credit_ledger enable row level security;
alter table public.credit_spends enable row level security;
revoke all on table public.credit_ledger, public.credit_spends from public, anon, authenticated, service_role;
grant select on table public.credit_ledger, public.credit_spends to authenticated, service_role;

drop policy if exists "credit_ledger: select" on public.credit_ledger;
create policy "credit_ledger: select" on public.credit_ledger for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or (owner_type = 'user' and owner_id = (select auth.uid()))
    or (owner_type = 'org' and public.is_org_admin_or_manager((select auth.uid()), owner_id))
  );
drop policy if exists "credit_spends: select" on public.credit_spends;
create policy "credit_spends: select" on public.credit_spends for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or (owner_type = 'user' and owner_id = (select auth.uid()))
    or (owner_type = 'org' and public.is_org_admin_or_manager((select auth.uid()), owner_id))
  );

-- Batches -------------------------------------------------------------------------------------------

alter table public.credit_batches add column if not exists idempotency_key text;
comment on column public.credit_batches.idempotency_key is
  'The business object that was paid for or granted, once: purchase:<session>, allowance:<org>:<month> …';
create unique index if not exists credit_batches_idempotency_key on public.credit_batches (idempotency_key);
create index if not exists credit_batches_spendable_idx
  on public.credit_batches (owner_type, owner_id, expires_at) where remaining_amount > 0;
create index if not exists credit_batches_expiring_idx
  on public.credit_batches (expires_at) where remaining_amount > 0;

do $$
begin
  if not exists (select from pg_constraint where conname = 'credit_batches_remaining_within_original') then
    alter table public.credit_batches add constraint credit_batches_remaining_within_original
      check (remaining_amount <= original_amount);
  end if;
end
$$;

-- Rows of consumption are what the web app lists. They say which spend they belong to, an organisation's
-- have no user, and a refund of plan allowance is a row with a negative quantity, which only the
-- functions may write: production let users write their own.
-- squawk-ignore adding-foreign-key-constraint -- the column is new: no row has a value to look up
alter table public.credit_consumption_log add column if not exists spend_id uuid references public.credit_spends (id);
-- squawk-ignore ban-drop-not-null -- whoever reads rows of users finds no other than before
alter table public.credit_consumption_log alter column user_id drop not null;
do $$
begin
  if not exists (select from pg_constraint where conname = 'credit_consumption_log_owner_check') then
    alter table public.credit_consumption_log add constraint credit_consumption_log_owner_check
      check (user_id is not null or organization_id is not null);
  end if;
end
$$;
revoke insert, update, delete on table public.credit_consumption_log from authenticated, anon;
create index if not exists credit_consumption_log_plan_idx
  on public.credit_consumption_log (user_id, consumed_at) where source_type = 'plan';
create index if not exists credit_consumption_log_spend_idx
  on public.credit_consumption_log (spend_id) where spend_id is not null;

-- Triggers ------------------------------------------------------------------------------------------

create or replace function private.open_credit_batches()
returns trigger
language plpgsql
security definer -- whoever may grant a batch need not be allowed to write the ledger
set search_path = ''
as $$
begin
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

create or replace function private.post_credit_entries()
returns trigger
language plpgsql
security definer -- as above
set search_path = ''
as $$
begin
  if exists (select from new_entries e group by e.batch_id having count(*) > 1) then
    raise exception 'one entry a batch and statement' using errcode = '23514';
  end if;

  update public.credit_batches b
  set remaining_amount = b.remaining_amount + e.amount
  from new_entries e
  where e.batch_id = b.id and e.entry_type not in ('opening_balance', 'grant', 'rollover_in');

  if exists (
    select from new_entries e
    join public.credit_batches b on b.id = e.batch_id
    where (b.remaining_amount, b.owner_type, b.owner_id)
      is distinct from (e.balance_after, e.owner_type, e.owner_id)
  ) then
    raise exception 'a ledger entry does not fit its batch' using errcode = '23514';
  end if;
  return null;
end
$$;
comment on function private.post_credit_entries() is
  'Trigger: carries new ledger entries over to their batches and refuses those that do not add up.';

create or replace function private.guard_credit_batches()
returns trigger
language plpgsql
security definer -- as above
set search_path = ''
-- The plan is made at the first call of a session, maybe for a single row, and a nested loop over the
-- changed batches would take hours for all of them.
set enable_nestloop = off
as $$
begin
  if exists (
    select from old_batches o
    join new_batches n on n.id = o.id
    where (n.original_amount, n.owner_type, n.owner_id)
      is distinct from (o.original_amount, o.owner_type, o.owner_id)
  ) then
    raise exception 'the amount and the owner of a credit batch never change' using errcode = '23514';
  end if;
  if exists (
    select from old_batches o
    join new_batches n on n.id = o.id and n.remaining_amount <> o.remaining_amount
    where n.remaining_amount is distinct from (
      select l.balance_after from public.credit_ledger l where l.batch_id = n.id order by l.id desc limit 1
    )
  ) then
    raise exception 'credits move by credit_ledger only' using errcode = '23514';
  end if;
  return null;
end
$$;
comment on function private.guard_credit_batches() is
  'Trigger: refuses a change of a batch that its ledger does not know of.';

create or replace function private.refuse_ledger_change()
returns trigger
language plpgsql
set search_path = ''
as $$
begin
  raise exception 'credit_ledger is append-only: correct an entry by another' using errcode = '23514';
end
$$;
comment on function private.refuse_ledger_change() is 'Trigger: entries are never changed or taken out.';

revoke execute on function private.open_credit_batches(), private.post_credit_entries(),
  private.guard_credit_batches(), private.refuse_ledger_change() from public, anon, authenticated;

create or replace trigger refuse_ledger_change
  before update or delete or truncate on public.credit_ledger
  for each statement execute function private.refuse_ledger_change();
create or replace trigger post_credit_entries
  after insert on public.credit_ledger
  referencing new table as new_entries
  for each statement execute function private.post_credit_entries();

-- Batches from before the ledger
insert into public.credit_ledger (
  batch_id, owner_type, owner_id, entry_type, amount, balance_after, cause, idempotency_key
)
select b.id, b.owner_type, b.owner_id, 'opening_balance', b.remaining_amount, b.remaining_amount,
  'opening of the ledger', 'open:' || b.id
from public.credit_batches b
where not exists (select from public.credit_ledger l where l.batch_id = b.id);

create or replace trigger open_credit_batches
  after insert on public.credit_batches
  referencing new table as new_batches
  for each statement execute function private.open_credit_batches();
create or replace trigger guard_credit_batches
  after update on public.credit_batches
  referencing old table as old_batches new table as new_batches
  for each statement execute function private.guard_credit_batches();

-- Audit ---------------------------------------------------------------------------------------------

create or replace function public.check_credit_ledger()
returns table (subject_id uuid, violation text)
language sql
stable
set search_path = ''
begin atomic
  with entries as (
    select l.*, lag(l.balance_after, 1, 0) over (partition by l.batch_id order by l.id) as balance_before
    from public.credit_ledger l
  ),
  accounts as (
    select e.batch_id, sum(e.amount) as balance,
      bool_and(e.balance_after = e.balance_before + e.amount) as is_chain
    from entries e
    group by e.batch_id
  ),
  drawn as (
    select l.spend_id, l.batch_id,
      sum(-l.amount) filter (where l.entry_type = 'spend') as spent,
      coalesce(sum(l.amount) filter (where l.entry_type = 'refund'), 0) as refunded
    from public.credit_ledger l
    where l.spend_id is not null
    group by l.spend_id, l.batch_id
  ),
  from_batches as (
    select d.spend_id, sum(d.spent) as spent from drawn d group by d.spend_id
  ),
  logged as (
    select c.spend_id, c.batch_id, sum(c.quantity) as kept
    from public.credit_consumption_log c
    where c.spend_id is not null and c.batch_id is not null
    group by c.spend_id, c.batch_id
  ),
  from_allowance as (
    select c.spend_id,
      sum(c.quantity) filter (where c.quantity > 0) as spent,
      sum(c.quantity) as kept
    from public.credit_consumption_log c
    where c.spend_id is not null and c.source_type = 'plan'
    group by c.spend_id
  )
  select b.id, 'batch without an entry'
  from public.credit_batches b left join accounts a on a.batch_id = b.id where a.batch_id is null
  union all
  select b.id, 'entries do not sum to the remaining amount'
  from public.credit_batches b join accounts a on a.batch_id = b.id where a.balance <> b.remaining_amount
  union all
  select b.id, 'remaining amount below zero or above the original'
  from public.credit_batches b where b.remaining_amount not between 0 and b.original_amount
  union all
  select a.batch_id, 'balances after do not follow from one another' from accounts a where not a.is_chain
  union all
  select s.id, 'spend does not equal what it drew'
  from public.credit_spends s
  left join from_batches f on f.spend_id = s.id
  where s.amount <> s.from_plan + coalesce(f.spent, 0)
  union all
  select s.id, 'plan allowance of the spend is not what the log says'
  from public.credit_spends s
  left join from_allowance f on f.spend_id = s.id
  where s.from_plan <> coalesce(f.spent, 0) or coalesce(f.kept, 0) < 0
  union all
  select coalesce(d.spend_id, l.spend_id), 'consumption log does not say what the ledger says'
  from drawn d
  full join logged l on l.spend_id = d.spend_id and l.batch_id = d.batch_id
  where d.spent - d.refunded is distinct from l.kept
  union all
  select d.spend_id, 'more refunded to a batch than was drawn from it'
  from drawn d where d.refunded > coalesce(d.spent, 0);
end;
comment on function public.check_credit_ledger() is
  'Each violation of the ledger''s rules; nothing on a sound ledger. Reads all of it: for the operator.';
revoke execute on function public.check_credit_ledger() from public, anon, authenticated;
grant execute on function public.check_credit_ledger() to service_role;
