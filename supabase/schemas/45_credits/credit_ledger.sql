create table public.credit_ledger (
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
      when 'restoration' then amount > 0
      when 'spend' then amount < 0
      when 'expiry' then amount < 0
      when 'rollover_out' then amount < 0
      when 'reversal' then amount < 0
      when 'debt_payment' then amount < 0
      when 'debt_return' then amount > 0
      when 'correction' then amount <> 0
      else false
    end
  ),
  constraint credit_ledger_spend_check check ((spend_id is not null) = (entry_type in ('spend', 'refund')))
);

comment on table public.credit_ledger is
  'Append-only: every change of every credit batch. The entries of a batch sum to its remaining_amount.';
comment on column public.credit_ledger.cause is
  'What moved the credits: purchase:<session>, enrollment:<id>, maintenance:<month> …';

create index credit_ledger_batch_idx on public.credit_ledger (batch_id, id desc);
create unique index credit_ledger_first_entry_key on public.credit_ledger (batch_id)
  where entry_type in ('opening_balance', 'grant', 'rollover_in');
create index credit_ledger_owner_idx on public.credit_ledger (owner_type, owner_id, id desc);
create index credit_ledger_spend_idx on public.credit_ledger (spend_id) where spend_id is not null;

alter table public.credit_ledger enable row level security;
revoke all on table public.credit_ledger from public, anon, authenticated, service_role;
revoke all on sequence public.credit_ledger_id_seq from public, anon, authenticated, service_role;
grant select on table public.credit_ledger to authenticated, service_role;

create policy "select" on public.credit_ledger for select to authenticated
  using (
    (select private.is_admin())
    or (owner_type = 'user' and owner_id = (select auth.uid()))
    or (owner_type = 'org' and private.is_org_admin_or_manager((select auth.uid()), owner_id))
  );

create or replace function private.post_credit_entries()
returns trigger
language plpgsql
security definer -- whoever may grant a batch need not be allowed to write the ledger
set search_path = ''
-- The plan is made at the first call of a session, for one entry or for a million. What is left for it is
-- the one that fits both: entry after entry, each batch by its key.
set enable_hashjoin = off
set enable_mergejoin = off
set enable_seqscan = off
as $$
declare
  v_entries bigint;
  v_moves bigint;
  v_moved bigint := 0;
begin
  select count(*), count(*) filter (where e.entry_type not in ('opening_balance', 'grant', 'rollover_in'))
  into v_entries, v_moves
  from new_entries e;

  -- Where nothing moves, the index of first entries has refused a second one.
  if v_moves > 0 then
    if v_entries > 1 and exists (select from new_entries e group by e.batch_id having count(*) > 1) then
      raise exception 'one entry a batch and statement' using errcode = '23514';
    end if;
    update public.credit_batches b
    set remaining_amount = e.balance_after,
      is_expired = b.is_expired or e.entry_type = 'expiry',
      reversed = b.reversed - case when e.entry_type in ('reversal', 'restoration') then e.amount else 0 end,
      collected = b.collected - case when e.entry_type in ('debt_payment', 'debt_return') then e.amount else 0 end
    from new_entries e
    where e.batch_id = b.id and e.entry_type not in ('opening_balance', 'grant', 'rollover_in')
      and (b.remaining_amount + e.amount, b.owner_type, b.owner_id)
        = (e.balance_after, e.owner_type, e.owner_id);
    get diagnostics v_moved = row_count;
  end if;

  if v_moved <> v_moves or v_entries > v_moves and exists (
    select from new_entries e
    join public.credit_batches b on b.id = e.batch_id
    where e.entry_type in ('opening_balance', 'grant', 'rollover_in')
      and (b.remaining_amount, b.owner_type, b.owner_id)
        is distinct from (e.balance_after, e.owner_type, e.owner_id)
  ) then
    raise exception 'a ledger entry does not fit its batch' using errcode = '23514';
  end if;
  return null;
end
$$;
comment on function private.post_credit_entries() is
  'Trigger: carries new ledger entries over to their batches, marks those that expire, and refuses entries '
  'that do not add up.';
revoke execute on function private.post_credit_entries() from public;

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
revoke execute on function private.refuse_ledger_change() from public;

create or replace trigger post_credit_entries
  after insert on public.credit_ledger
  referencing new table as new_entries
  for each statement execute function private.post_credit_entries();
create or replace trigger refuse_ledger_change
  before update or delete or truncate on public.credit_ledger
  for each statement execute function private.refuse_ledger_change();
