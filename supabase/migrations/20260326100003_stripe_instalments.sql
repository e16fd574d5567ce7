-- Credits that are bought in instalments: the schedule, the grant, and what a missing payment locks.
--
-- Why: instalments granted nothing, a redelivery counted a payment again, and no default ever locked an
-- enrolment.
-- Rules: the payments are the paid invoices, in their order; a checkout stands for the first of them until
-- it comes. All credits are granted with the first payment, once a subscription, by the batch's key. A
-- payment that fails makes the enrolments that drew from the batch outstanding, a default makes them
-- overdue, and paying lifts that from the same ones.
-- Locks: ACCESS EXCLUSIVE on payment_schedules while columns and the unique key are added. Second and later
-- rows of one subscription keep their data, under duplicate_of. Can be run again.

set lock_timeout = '10s';

-- One row a subscription ----------------------------------------------------------------------------

-- squawk-ignore ban-drop-not-null -- no client could make a row without an enrolment, nor with one
alter table public.payment_schedules alter column enrollment_id drop not null;
alter table public.payment_schedules
  -- squawk-ignore adding-foreign-key-constraint -- the column is new: no row has a value to look up
  add column if not exists duplicate_of uuid references public.payment_schedules (id) on delete set null,
  add column if not exists counted_until timestamptz,
  add column if not exists installments_before integer not null default 0,
  add column if not exists amount_before_cents integer not null default 0,
  add column if not exists credits_expire_at timestamptz;
comment on column public.payment_schedules.duplicate_of is
  'The row that stands for the same subscription: a redelivery made this one before there was a key.';
comment on column public.payment_schedules.counted_until is
  'Until when payments were counted without being kept one by one: installments_before, amount_before_cents.';
comment on column public.payment_schedules.credits_expire_at is
  'The expiry that was last given to the batch; a batch with another was changed by somebody else.';

do $$
begin
  if to_regclass('public.payment_schedules_subscription_key') is null then
    update public.payment_schedules s
    set duplicate_of = kept.id, status = 'cancelled'
    from (
      select id, stripe_subscription_id,
        first_value(id) over (
          partition by stripe_subscription_id order by installments_paid desc, created_at, id
        ) as kept_id
      from public.payment_schedules
    ) ranked
    join public.payment_schedules kept on kept.id = ranked.kept_id
    where ranked.id = s.id and s.id <> kept.id;
    update public.payment_schedules
    set counted_until = now(), installments_before = installments_paid, amount_before_cents = amount_paid_cents
    where duplicate_of is null;
    create unique index payment_schedules_subscription_key
      on public.payment_schedules (stripe_subscription_id) where duplicate_of is null;
  end if;
end
$$;
create index if not exists payment_schedules_user_idx on public.payment_schedules (user_id);
create index if not exists payment_schedules_duplicate_idx on public.payment_schedules (duplicate_of)
  where duplicate_of is not null;

create table if not exists public.enrollment_payment_locks (
  schedule_id uuid not null references public.payment_schedules (id) on delete cascade,
  enrollment_id uuid not null references public.client_enrollments (id) on delete cascade,
  payment_status text not null check (payment_status in ('outstanding', 'overdue')),
  previous_status text,
  primary key (schedule_id, enrollment_id)
);
comment on table public.enrollment_payment_locks is
  'Which instalment plan keeps which enrolment from being paid, and what its payment_status was before.';
create index if not exists enrollment_payment_locks_enrollment_idx on public.enrollment_payment_locks (enrollment_id);
alter table public.enrollment_payment_locks enable row level security;
revoke all on table public.enrollment_payment_locks from public, anon, authenticated, service_role;
grant select on table public.enrollment_payment_locks to authenticated, service_role;
drop policy if exists "enrollment_payment_locks: select" on public.enrollment_payment_locks;
create policy "enrollment_payment_locks: select" on public.enrollment_payment_locks for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- Facts ---------------------------------------------------------------------------------------------

create or replace function private.record_stripe_invoice(p_event jsonb)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_object constant jsonb := p_event #> '{data,object}';
  v_subscription_id constant text := private.stripe_invoice_subscription(v_object);
  v_created constant timestamptz := private.stripe_time(p_event -> 'created');
  v_attempts constant integer := coalesce((v_object ->> 'attempt_count')::integer, 0);
  v_next constant timestamptz := private.stripe_time(v_object -> 'next_payment_attempt');
  v_status constant text := coalesce(v_object ->> 'status', 'open');
  v_failed_at constant timestamptz := case p_event ->> 'type' when 'invoice.payment_failed' then v_created end;
  v_known public.stripe_invoices;
  v_new public.stripe_invoices;
begin
  insert into public.stripe_subscriptions (id, customer_id)
  values (v_subscription_id, private.stripe_id(v_object -> 'customer'))
  on conflict (id) do nothing;
  insert into public.stripe_payments (id, invoice_id)
  select p.id, v_object ->> 'id'
  from private.stripe_invoice_payments(v_object) p (id)
  where p.id is not null
  on conflict (id) do update set invoice_id = excluded.invoice_id;

  select * into v_known from public.stripe_invoices where id = v_object ->> 'id';
  if not found then
    insert into public.stripe_invoices (
      id, subscription_id, status, billing_reason, currency, amount_paid, attempt_count, next_payment_attempt,
      metadata, created_at, paid_at, failed_at, as_of, as_of_event
    )
    values (
      v_object ->> 'id', v_subscription_id, v_status, v_object ->> 'billing_reason', v_object ->> 'currency',
      coalesce((v_object ->> 'amount_paid')::bigint, 0), v_attempts, v_next,
      private.stripe_invoice_metadata(v_object), private.stripe_time(v_object -> 'created'),
      case v_status when 'paid' then coalesce(
        private.stripe_time(v_object #> '{status_transitions,paid_at}'), v_created
      ) end,
      v_failed_at, v_created, p_event ->> 'id'
    );
    return 'applied';
  end if;

  v_new := v_known;
  -- paid and void are final, and a paid one cannot be made void
  if v_status = 'paid' or (v_status = 'void' and v_known.status <> 'paid') then
    v_new.status := v_status;
    v_new.amount_paid := greatest(v_known.amount_paid, coalesce((v_object ->> 'amount_paid')::bigint, 0));
    v_new.paid_at := case v_status when 'paid' then least(v_known.paid_at, coalesce(
      private.stripe_time(v_object #> '{status_transitions,paid_at}'), v_created
    )) end;
  end if;
  -- the last attempt is the one with the highest number; without a next one it was the last of all
  if v_failed_at is not null and (
    v_known.failed_at is null
    or (v_attempts, v_failed_at, v_next is null)
      > (v_known.attempt_count, v_known.failed_at, v_known.next_payment_attempt is null)
  ) then
    v_new.attempt_count := v_attempts;
    v_new.next_payment_attempt := v_next;
    v_new.failed_at := v_failed_at;
    if v_new.status not in ('paid', 'void') then
      v_new.status := v_status;
    end if;
  end if;
  if (v_created, p_event ->> 'id') > (v_known.as_of, v_known.as_of_event) then
    v_new.metadata := private.stripe_invoice_metadata(v_object);
    v_new.as_of := v_created;
    v_new.as_of_event := p_event ->> 'id';
  end if;
  update public.stripe_invoices
  set status = v_new.status, amount_paid = v_new.amount_paid, paid_at = v_new.paid_at,
    attempt_count = v_new.attempt_count, next_payment_attempt = v_new.next_payment_attempt,
    failed_at = v_new.failed_at, metadata = v_new.metadata, as_of = v_new.as_of, as_of_event = v_new.as_of_event
  where id = v_known.id;
  return case
    when v_known.status in ('paid', 'void') and v_status not in ('paid', 'void') then 'stale'
    when (v_new.status, v_new.amount_paid, v_new.attempt_count, v_new.next_payment_attempt)
      is not distinct from
      (v_known.status, v_known.amount_paid, v_known.attempt_count, v_known.next_payment_attempt) then 'duplicate'
    else 'applied'
  end;
end
$$;
comment on function private.record_stripe_invoice(jsonb) is
  'Keeps what an event says of an invoice of a subscription: paid and void are final, of failed attempts the last counts.';

-- Enrolments ----------------------------------------------------------------------------------------

create or replace function private.lock_enrollments(p_schedule_id uuid, p_batch_id uuid, p_payment_status text)
returns void
language plpgsql
set search_path = ''
as $$
begin
  if p_payment_status is not null then
    insert into public.enrollment_payment_locks as l (schedule_id, enrollment_id, payment_status, previous_status)
    select p_schedule_id, e.id, p_payment_status, coalesce(
        (select o.previous_status from public.enrollment_payment_locks o where o.enrollment_id = e.id limit 1),
        e.payment_status
      )
    from public.client_enrollments e
    where e.id in (
      select private.uuid_or_null(s.action_reference_id)
      from public.credit_spends s
      join public.credit_ledger entry on entry.spend_id = s.id
      where entry.batch_id = p_batch_id and s.action_type = 'enrollment'
      group by s.id
      having sum(entry.amount) < 0 -- not given back
      union
      select s.enrollment_id from public.payment_schedules s where s.id = p_schedule_id
    )
    order by e.id
    for update of e
    on conflict (schedule_id, enrollment_id) do update set payment_status = excluded.payment_status;
  end if;

  with lifted as (
    delete from public.enrollment_payment_locks
    where schedule_id = p_schedule_id and p_payment_status is null
    returning enrollment_id, previous_status
  ),
  held as (
    select l.enrollment_id,
      case when bool_or(l.payment_status = 'overdue') then 'overdue' else 'outstanding' end as payment_status
    from public.enrollment_payment_locks l
    where l.schedule_id <> p_schedule_id or p_payment_status is not null
    group by l.enrollment_id
  )
  update public.client_enrollments e
  set payment_status = coalesce(h.payment_status, t.previous_status)
  from (
    select l.enrollment_id, l.previous_status from lifted l
    union all
    select l.enrollment_id, l.previous_status from public.enrollment_payment_locks l
    where l.schedule_id = p_schedule_id and p_payment_status is not null
  ) t
  left join held h on h.enrollment_id = t.enrollment_id
  where e.id = t.enrollment_id and e.payment_status is distinct from coalesce(h.payment_status, t.previous_status);
end
$$;
comment on function private.lock_enrollments(uuid, uuid, text) is
  'Sets payment_status (outstanding, overdue) of the enrolments that drew from an instalment plan''s batch; null lifts it from those it was set on. With several plans the worst counts.';

-- The schedule --------------------------------------------------------------------------------------

create or replace function private.settle_installments(p_subscription_id text, p_now timestamptz)
returns text
language plpgsql
set search_path = ''
set timezone = 'UTC' -- in which the months between payments are counted
as $$
declare
  v_subscription public.stripe_subscriptions;
  v_known public.payment_schedules;
  v_schedule public.payment_schedules;
  v_session public.stripe_checkouts;
  v_package public.credit_topup_packages;
  v_credits integer;
  v_first public.stripe_invoices;
  v_awaited boolean; -- the checkout's invoice, which is the first payment
  v_amount bigint;
  v_count integer;
  v_batch_id uuid;
  v_lock text;
begin
  select * into v_subscription from public.stripe_subscriptions where id = p_subscription_id;
  select * into v_known from public.payment_schedules
  where stripe_subscription_id = p_subscription_id and duplicate_of is null
  for update;
  select * into v_session from public.stripe_checkouts
  where subscription_id = p_subscription_id
  order by state = 'paid' desc, created_at desc, id desc
  limit 1;
  select p.* into v_package
  from private.stripe_metadata(p_subscription_id, 'package_id') with ordinality m (value, rank)
  join public.credit_topup_packages p on p.id = private.uuid_or_null(m.value)
  order by m.rank
  limit 1;

  v_schedule := v_known;
  v_credits := coalesce(
    (select private.positive_or_null(m) from private.stripe_metadata(p_subscription_id, 'credit_value') m limit 1),
    nullif(v_known.credits_granted, 0), nullif(v_package.credit_value, 0)
  );

  -- The payments
  select * into v_first from public.stripe_invoices i
  where i.subscription_id = p_subscription_id and i.status = 'paid' and i.amount_paid > 0
    and i.billing_reason in ('subscription_create', 'subscription_cycle', 'subscription')
  order by i.created_at, i.id
  limit 1;
  v_awaited := coalesce(v_session.state = 'paid', false) and coalesce(v_session.amount_total, 0) > 0
    and v_known.counted_until is null
    and not exists (
      select from public.stripe_invoices i
      where i.subscription_id = p_subscription_id and i.status = 'paid'
        and (i.id = v_session.invoice_id or i.billing_reason = 'subscription_create')
    );
  if v_first.id is null and v_session.state is distinct from 'paid' and v_known.id is null then
    return 'awaiting_payment';
  end if;

  -- The numbers
  v_schedule.total_amount_cents := coalesce(
    (select private.positive_or_null(m) from private.stripe_metadata(p_subscription_id, 'total_amount_cents') m limit 1),
    nullif(v_known.total_amount_cents, 0), nullif(v_package.price_cents, 0)
  );
  v_schedule.installment_amount_cents := coalesce(
    (select private.positive_or_null(m) from private.stripe_metadata(p_subscription_id, 'installment_amount_cents') m limit 1),
    nullif(v_known.installment_amount_cents, 0), v_first.amount_paid, nullif(v_session.amount_total, 0)
  );
  v_schedule.installment_count := coalesce(
    (select private.positive_or_null(m) from private.stripe_metadata(p_subscription_id, 'installment_count') m limit 1),
    (select private.positive_or_null(m) from private.stripe_metadata(p_subscription_id, 'installments') m limit 1),
    nullif(v_known.installment_count, 0),
    ceil(v_schedule.total_amount_cents::numeric / v_schedule.installment_amount_cents)
  );
  if v_schedule.installment_count is null or v_schedule.installment_count > 120
    or v_schedule.installment_amount_cents is null or v_schedule.installment_amount_cents > 2147483647 / 120
    or v_credits is null or v_credits > 100000000 -- the most that a grant takes
  then
    return 'unknown_numbers';
  end if;
  v_schedule.total_amount_cents := coalesce(
    v_schedule.total_amount_cents, v_schedule.installment_count * v_schedule.installment_amount_cents
  );

  update public.stripe_invoices i
  set installment = n.place, is_surplus = n.place > v_schedule.installment_count
  from (
    select c.id, coalesce(v_known.installments_before, 0) + v_awaited::integer
      + row_number() over (order by c.created_at, c.id) as place
    from public.stripe_invoices c
    where c.subscription_id = p_subscription_id and c.status = 'paid' and c.amount_paid > 0
      and c.billing_reason in ('subscription_create', 'subscription_cycle', 'subscription')
      and (v_known.counted_until is null or c.paid_at > v_known.counted_until)
  ) n
  where i.id = n.id and i.installment is distinct from n.place;
  select coalesce(v_known.installments_before, 0) + v_awaited::integer + count(*),
    coalesce(v_known.amount_before_cents, 0) + coalesce(sum(i.amount_paid), 0)
      + case when v_awaited then v_session.amount_total else 0 end
  into v_count, v_amount
  from public.stripe_invoices i
  where i.subscription_id = p_subscription_id and i.installment is not null and not i.is_surplus;

  -- The row
  v_schedule.installments_paid := least(v_count, v_schedule.installment_count);
  v_schedule.amount_paid_cents := v_amount;
  v_schedule.currency := lower(coalesce(
    v_first.currency, v_session.currency, v_known.currency, v_package.currency, 'eur'
  ));
  if v_known.counted_until is null then
    v_schedule.started_at := coalesce(v_first.created_at, v_subscription.created_at, v_session.created_at);
  end if;
  v_schedule.status := case
    when v_schedule.installments_paid >= v_schedule.installment_count then 'completed'
    when v_subscription.status in ('unpaid', 'canceled', 'incomplete_expired') then 'defaulted'
    when exists (
      select from public.stripe_invoices i
      where i.subscription_id = p_subscription_id and i.status not in ('paid', 'void')
        and i.failed_at is not null and i.next_payment_attempt is null
    ) then 'defaulted'
    else 'active'
  end;
  v_schedule.completed_at := case v_schedule.status when 'completed' then coalesce(
    (
      select i.paid_at from public.stripe_invoices i
      where i.subscription_id = p_subscription_id and i.installment = v_schedule.installment_count
    ),
    v_known.completed_at, v_schedule.started_at
  ) end;
  v_schedule.cancelled_at := case v_schedule.status when 'defaulted' then v_subscription.ended_at end;
  v_schedule.next_payment_date := case
    when v_schedule.status = 'completed' or v_subscription.status in ('canceled', 'incomplete_expired') then null
    -- from the first payment's day, so that 31 January, 28 February, 31 March follow one another
    else v_schedule.started_at + make_interval(months => v_schedule.installments_paid)
  end;

  insert into public.payment_schedules as s (
    user_id, stripe_subscription_id, stripe_customer_id, total_amount_cents, currency, installment_count,
    installment_amount_cents, installments_paid, amount_paid_cents, next_payment_date, started_at,
    completed_at, cancelled_at, status, credit_package_id, credits_granted, metadata
  )
  values (
    v_subscription.user_id, p_subscription_id, v_subscription.customer_id, v_schedule.total_amount_cents,
    v_schedule.currency, v_schedule.installment_count, v_schedule.installment_amount_cents,
    v_schedule.installments_paid, v_schedule.amount_paid_cents, v_schedule.next_payment_date,
    v_schedule.started_at, v_schedule.completed_at, v_schedule.cancelled_at, v_schedule.status, v_package.id,
    v_credits, jsonb_strip_nulls(jsonb_build_object('package_slug', coalesce(
      (select m from private.stripe_metadata(p_subscription_id, 'package_slug') m limit 1), v_package.slug
    )))
  )
  on conflict (stripe_subscription_id) where duplicate_of is null do update
  set stripe_customer_id = coalesce(excluded.stripe_customer_id, s.stripe_customer_id),
    total_amount_cents = excluded.total_amount_cents, currency = excluded.currency,
    installment_count = excluded.installment_count,
    installment_amount_cents = excluded.installment_amount_cents,
    installments_paid = excluded.installments_paid, amount_paid_cents = excluded.amount_paid_cents,
    next_payment_date = excluded.next_payment_date, started_at = excluded.started_at,
    completed_at = excluded.completed_at, cancelled_at = excluded.cancelled_at, status = excluded.status,
    credit_package_id = coalesce(excluded.credit_package_id, s.credit_package_id),
    credits_granted = excluded.credits_granted, metadata = coalesce(s.metadata, '{}') || excluded.metadata
  returning s.* into v_schedule;

  -- The credits. What was counted before the facts begin was granted, or not, by hand.
  if v_schedule.counted_until is null then
    v_batch_id := private.grant_installments(v_schedule, v_session, v_package, p_now);
    if v_batch_id is null then
      return 'credits_lapsed';
    end if;
    perform private.settle_installment_reversals(v_schedule, v_batch_id, p_now);
  end if;

  v_lock := case
    when v_schedule.status = 'defaulted' then 'overdue'
    when v_schedule.status = 'active' and (
      v_subscription.status = 'past_due'
      or exists (
        select from public.stripe_invoices i
        where i.subscription_id = p_subscription_id and i.status not in ('paid', 'void') and i.failed_at is not null
      )
    ) then 'outstanding'
  end;
  perform private.lock_enrollments(v_schedule.id, v_batch_id, v_lock);
  return 'schedule_' || v_schedule.status;
end
$$;
comment on function private.settle_installments(text, timestamptz) is
  'Brings an instalment plan up to date: its schedule, the credits, and the enrolments that a missing payment locks.';

create or replace function private.grant_installments(
  p_schedule public.payment_schedules,
  p_session public.stripe_checkouts,
  p_package public.credit_topup_packages,
  p_now timestamptz
)
returns uuid
language plpgsql
set search_path = ''
set timezone = 'UTC' -- in which the months of validity are counted
as $$
declare
  v_key constant text := 'stripe:subscription:' || p_schedule.stripe_subscription_id;
  v_purchase_id uuid;
  v_batch public.credit_batches;
  v_expires_at timestamptz;
begin
  update public.user_credit_purchases
  set status = 'completed', stripe_payment_intent_id = coalesce(stripe_payment_intent_id, p_session.payment_intent_id)
  where stripe_checkout_session_id = p_session.id and p_session.state = 'paid'
  returning id into v_purchase_id;

  v_expires_at := coalesce(
    (
      select private.time_or_null(m)
      from private.stripe_metadata(p_schedule.stripe_subscription_id, 'expires_at') m limit 1
    ),
    p_schedule.started_at + make_interval(months => coalesce(p_package.validity_months, 24))
  );

  select * into v_batch from public.credit_batches where idempotency_key = v_key;
  if not found then
    select * into v_batch from public.credit_batches
    where id = private.purchase_batch('user', p_schedule.user_id, v_purchase_id, p_session.id);
  end if;
  if v_batch.id is null then
    if v_expires_at <= p_now then
      return null;
    end if;
    v_batch.id := public.grant_credit_batch(
      'user', p_schedule.user_id, p_schedule.credits_granted, v_expires_at, 'purchase',
      p_source_reference_id => p_schedule.stripe_subscription_id,
      p_description => 'Credits paid in ' || p_schedule.installment_count || ' instalments',
      p_idempotency_key => v_key, p_now => p_now
    );
    update public.payment_schedules set credits_expire_at = v_expires_at where id = p_schedule.id;
  elsif v_batch.expires_at = p_schedule.credits_expire_at and v_batch.expires_at <> v_expires_at
    and v_expires_at > p_now
  then
    -- the checkout came first and did not know it
    update public.credit_batches set expires_at = v_expires_at where id = v_batch.id;
    update public.payment_schedules set credits_expire_at = v_expires_at where id = p_schedule.id;
  end if;
  return v_batch.id;
end
$$;
comment on function private.grant_installments(
  public.payment_schedules, public.stripe_checkouts, public.credit_topup_packages, timestamptz
) is
  'Grants all credits of an instalment plan, once, and returns the batch; null when they would have lapsed already.';

revoke execute on function private.record_stripe_invoice(jsonb),
  private.lock_enrollments(uuid, uuid, text), private.settle_installments(text, timestamptz),
  private.grant_installments(
    public.payment_schedules, public.stripe_checkouts, public.credit_topup_packages, timestamptz
  )
  from public, anon, authenticated;
