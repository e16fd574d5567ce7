-- Refunds and disputes: credits go back in proportion to the money, and what is spent becomes a debt.
--
-- Why: production handled neither; whoever was paid back kept the credits.
-- Rules: what is to be reversed is computed from all refunds and disputes of the payments behind a batch,
-- and only the difference to what was reversed before is moved, so that nothing is reversed twice and a
-- dispute that is won gives back what it took. Never more than the grant, never below zero.
-- Locks: ACCESS EXCLUSIVE on credit_ledger while its check is replaced. Can be run again.

set lock_timeout = '10s';

create table if not exists public.credit_debts (
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
  'Credits that were paid back but had been spent. Open until an operator sets settled_at; gone when the reason goes.';
create unique index if not exists credit_debts_open_key on public.credit_debts (batch_id) where settled_at is null;
create index if not exists credit_debts_batch_idx on public.credit_debts (batch_id);
create index if not exists credit_debts_owner_idx on public.credit_debts (owner_type, owner_id);
alter table public.credit_debts enable row level security;
revoke all on table public.credit_debts from public, anon, authenticated, service_role;
grant select on table public.credit_debts to authenticated, service_role;
grant update (settled_at, note) on table public.credit_debts to authenticated, service_role;
drop policy if exists "credit_debts: select" on public.credit_debts;
create policy "credit_debts: select" on public.credit_debts for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));
drop policy if exists "credit_debts: update" on public.credit_debts;
create policy "credit_debts: update" on public.credit_debts for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

-- A restoration gives back what a reversal took.
do $$
begin
  if not exists (
    select from pg_constraint
    where conname = 'credit_ledger_sign_check' and pg_get_constraintdef(oid) like '%restoration%'
  ) then
    alter table public.credit_ledger drop constraint if exists credit_ledger_sign_check;
    alter table public.credit_ledger add constraint credit_ledger_sign_check check (
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
        else false
      end
    );
  end if;
end
$$;

-- Facts ---------------------------------------------------------------------------------------------

create or replace function private.record_stripe_charge(p_event jsonb)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_object constant jsonb := p_event #> '{data,object}';
  v_refunded constant bigint := coalesce((v_object ->> 'amount_refunded')::bigint, 0);
  v_known bigint;
begin
  select c.amount_refunded into v_known from public.stripe_charges c where c.id = v_object ->> 'id';
  insert into public.stripe_charges as c (id, payment_id, amount, amount_refunded)
  values (
    v_object ->> 'id', private.stripe_subject(p_event), (v_object ->> 'amount')::bigint, v_refunded
  )
  on conflict (id) do update set amount_refunded = greatest(c.amount_refunded, excluded.amount_refunded);
  if private.stripe_id(v_object -> 'invoice') is not null then -- before basil
    insert into public.stripe_payments (id, invoice_id)
    values (private.stripe_subject(p_event), private.stripe_id(v_object -> 'invoice'))
    on conflict (id) do update set invoice_id = excluded.invoice_id;
  end if;
  return case
    when v_known = v_refunded then 'duplicate'
    when v_known > v_refunded then 'stale'
    else 'applied'
  end;
end
$$;
comment on function private.record_stripe_charge(jsonb) is
  'Keeps how much of a charge was refunded: the figure is cumulative, so the largest is the newest.';

create or replace function private.record_stripe_dispute(p_event jsonb)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_object constant jsonb := p_event #> '{data,object}';
  v_state constant text := case
    when p_event ->> 'type' <> 'charge.dispute.closed' then 'open'
    when v_object ->> 'status' = 'lost' then 'lost'
    else 'won' -- warning_closed, too: the inquiry led to nothing
  end;
  v_known text;
begin
  select d.state into v_known from public.stripe_disputes d where d.id = v_object ->> 'id';
  insert into public.stripe_disputes as d (id, payment_id, amount, state)
  values (
    v_object ->> 'id', private.stripe_subject(p_event), (v_object ->> 'amount')::bigint, v_state
  )
  on conflict (id) do update
  set state = case when d.state = 'open' then excluded.state else d.state end,
    amount = greatest(d.amount, excluded.amount);
  return case
    when v_known is null or (v_known = 'open' and v_state <> 'open') then 'applied'
    when v_known = v_state then 'duplicate'
    else 'stale'
  end;
end
$$;
comment on function private.record_stripe_dispute(jsonb) is
  'Keeps the state of a dispute: open, then won or lost, which is final.';

create or replace function private.stripe_reversed(p_payment_id text)
returns bigint
language sql
stable
set search_path = ''
begin atomic
  select (
    coalesce((select sum(c.amount_refunded) from public.stripe_charges c where c.payment_id = p_payment_id), 0)
    + coalesce((
      select sum(d.amount) from public.stripe_disputes d where d.payment_id = p_payment_id and d.state <> 'won'
    ), 0)
  )::bigint;
end;
comment on function private.stripe_reversed(text) is
  'How much of a payment was refunded or is disputed, in the currency''s smallest unit; a disputed refund counts twice, so cap it.';

-- Credits -------------------------------------------------------------------------------------------

create or replace function private.reverse_credits(
  p_batch_id uuid, p_target integer, p_reason text, p_now timestamptz
)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_batch public.credit_batches;
  v_spent integer;
  v_taken integer;
  v_settled integer;
  v_debt integer;
  v_move integer; -- out of the batch; negative: back into it
begin
  select * into v_batch from public.credit_batches where id = p_batch_id;
  perform private.lock_credit_owner(v_batch.owner_type, v_batch.owner_id);
  select * into v_batch from public.credit_batches where id = p_batch_id for update;

  select
    coalesce(-sum(l.amount) filter (where l.entry_type in ('spend', 'refund')), 0),
    coalesce(-sum(l.amount) filter (where l.entry_type in ('reversal', 'restoration')), 0)
  into v_spent, v_taken
  from public.credit_ledger l where l.batch_id = p_batch_id;

  -- Spent credits cannot be taken. What has expired need not be: it is neither left nor was it used.
  v_debt := greatest(least(p_target, v_batch.original_amount) - (v_batch.original_amount - v_spent), 0);
  v_move := least(least(p_target, v_batch.original_amount) - v_debt - v_taken, v_batch.remaining_amount);
  if v_move <> 0 then
    insert into public.credit_ledger (
      batch_id, owner_type, owner_id, entry_type, amount, balance_after, cause, idempotency_key, created_at
    )
    values (
      p_batch_id, v_batch.owner_type, v_batch.owner_id,
      case when v_move > 0 then 'reversal' else 'restoration' end, -v_move, v_batch.remaining_amount - v_move,
      p_reason,
      -- one for each state of the account
      'stripe:' || p_batch_id || ':' || (select max(l.id) from public.credit_ledger l where l.batch_id = p_batch_id),
      p_now
    );
  end if;

  select coalesce(sum(d.credits), 0) into v_settled
  from public.credit_debts d where d.batch_id = p_batch_id and d.settled_at is not null;
  if v_debt > v_settled then
    insert into public.credit_debts as d (owner_type, owner_id, batch_id, credits, reason, created_at)
    values (v_batch.owner_type, v_batch.owner_id, p_batch_id, v_debt - v_settled, p_reason, p_now)
    on conflict (batch_id) where settled_at is null do update
    set credits = excluded.credits where d.credits <> excluded.credits;
  else
    delete from public.credit_debts where batch_id = p_batch_id and settled_at is null;
  end if;
end
$$;
comment on function private.reverse_credits(uuid, integer, text, timestamptz) is
  'Makes p_target credits of a batch reversed in all: takes what is left or gives back, and keeps the spent part as a debt.';

create or replace function private.settle_purchase_reversals(
  p_batch_id uuid, p_payment_id text, p_amount bigint, p_now timestamptz
)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_reversed constant bigint := private.stripe_reversed(p_payment_id);
begin
  if exists (select from public.stripe_charges c where c.payment_id = p_payment_id)
    or exists (select from public.stripe_disputes d where d.payment_id = p_payment_id)
  then
    perform private.reverse_credits(
      b.id,
      round(b.original_amount * least(v_reversed::numeric / nullif(p_amount, 0), 1))::integer,
      'stripe:' || p_payment_id, p_now
    )
    from public.credit_batches b where b.id = p_batch_id;
    perform private.settle_stripe_events(array[p_payment_id]);
  end if;
end
$$;
comment on function private.settle_purchase_reversals(uuid, text, bigint, timestamptz) is
  'Reverses the credits of a purchase in proportion to what of its payment was refunded or is disputed.';

create or replace function private.settle_installment_reversals(
  p_schedule public.payment_schedules, p_batch_id uuid, p_now timestamptz
)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_payments text[];
  v_reversed numeric;
begin
  select array_agg(p.id), sum(r.amount)
  into v_payments, v_reversed
  from public.stripe_invoices i
  join public.stripe_payments p on p.invoice_id = i.id
  cross join lateral (
    select case when i.installment is not null and not i.is_surplus
      then least(private.stripe_reversed(p.id), i.amount_paid) else 0 end as amount
  ) r
  where i.subscription_id = p_schedule.stripe_subscription_id
    and (
      exists (select from public.stripe_charges c where c.payment_id = p.id)
      or exists (select from public.stripe_disputes d where d.payment_id = p.id)
    );
  if v_payments is not null then
    perform private.reverse_credits(
      p_batch_id,
      round(p_schedule.credits_granted * least(v_reversed / least(
        p_schedule.total_amount_cents, p_schedule.installment_count::bigint * p_schedule.installment_amount_cents
      ), 1))::integer,
      'stripe:' || p_schedule.stripe_subscription_id, p_now
    );
    perform private.settle_stripe_events(v_payments);
  end if;
end
$$;
comment on function private.settle_installment_reversals(public.payment_schedules, uuid, timestamptz) is
  'Reverses the credits of an instalment plan by the share that the payments given back have in its price.';

create or replace function private.settle_stripe_events(p_subjects text[])
returns void
language sql
volatile
set search_path = ''
begin atomic
  update public.stripe_events set status = 'applied', outcome = 'settled_later'
  where subject = any (p_subjects) and status = 'unmatched';
end;
comment on function private.settle_stripe_events(text[]) is
  'What waited for a missing piece waits no more.';

-- Payments ------------------------------------------------------------------------------------------

create or replace function private.is_payment_known(p_payment_id text)
returns boolean
language sql
stable
set search_path = ''
begin atomic
  select exists (select from public.stripe_payments p where p.id = p_payment_id)
    or exists (select from public.stripe_checkouts c where c.payment_intent_id = p_payment_id)
    or exists (select from public.user_credit_purchases p where p.stripe_payment_intent_id = p_payment_id)
    or exists (select from public.org_credit_purchases p where p.stripe_payment_intent_id = p_payment_id);
end;
comment on function private.is_payment_known(text) is
  'Whether it is known what a payment paid for: since basil a charge does not name its invoice, and Stripe has to be asked.';

create or replace function private.settle_payment(p_payment_id text, p_now timestamptz)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_session_id text;
  v_subscription_id text;
  v_kind text;
  v_outcome text;
  v_batch_id uuid;
  v_amount bigint;
begin
  select i.subscription_id into v_subscription_id
  from public.stripe_payments p join public.stripe_invoices i on i.id = p.invoice_id
  where p.id = p_payment_id;
  if found then
    v_outcome := private.settle_stripe_subscription(v_subscription_id, p_now);
    select s.kind into v_kind from public.stripe_subscriptions s where s.id = v_subscription_id;
    return case when v_kind is distinct from 'credit_installment' then 'no_credits' else v_outcome end;
  end if;

  select c.id into v_session_id from public.stripe_checkouts c
  where c.payment_intent_id = p_payment_id order by c.created_at, c.id limit 1;
  if found then
    v_outcome := private.settle_purchase(v_session_id, p_now);
    -- granted_before: by somebody who left no trace of the batch
    return case when v_outcome in ('awaiting_payment', 'granted_before') then 'unknown_payment' else v_outcome end;
  end if;

  -- Granted by the browser, before the facts begin
  select private.purchase_batch(p.owner_type, p.owner_id, p.id, p.session_id), p.amount_cents
  into v_batch_id, v_amount
  from (
    select 'user' as owner_type, u.user_id as owner_id, u.id, u.stripe_checkout_session_id as session_id, u.amount_cents
    from public.user_credit_purchases u
    where u.stripe_payment_intent_id = p_payment_id and u.duplicate_of is null
    union all
    select 'org', o.organization_id, o.id, o.stripe_checkout_session_id, o.amount_cents
    from public.org_credit_purchases o
    where o.stripe_payment_intent_id = p_payment_id and o.duplicate_of is null
  ) p
  limit 1;
  if v_batch_id is null then
    return 'unknown_payment';
  end if;
  perform private.settle_purchase_reversals(v_batch_id, p_payment_id, v_amount, p_now);
  return 'purchase_completed';
end
$$;
comment on function private.settle_payment(text, timestamptz) is
  'Brings what a payment paid for up to date, after a refund or a dispute.';

revoke execute on function private.record_stripe_charge(jsonb), private.record_stripe_dispute(jsonb),
  private.stripe_reversed(text), private.reverse_credits(uuid, integer, text, timestamptz),
  private.settle_purchase_reversals(uuid, text, bigint, timestamptz),
  private.settle_installment_reversals(public.payment_schedules, uuid, timestamptz),
  private.settle_stripe_events(text[]), private.is_payment_known(text),
  private.settle_payment(text, timestamptz)
  from public, anon, authenticated;
