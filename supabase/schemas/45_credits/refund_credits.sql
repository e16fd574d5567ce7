create type public.credit_refund_result as (
  success boolean,
  code text, -- null | unknown_spend | invalid_amount | exceeds_spend
  error text,
  refunded integer, -- by this refund
  refundable integer -- still
);
comment on type public.credit_refund_result is 'What refund_credits answers.';

create or replace function public.refund_credits(
  p_spend_id uuid,
  p_amount integer default null,
  p_reason text default null,
  p_idempotency_key text default null,
  p_now timestamptz default now()
)
returns public.credit_refund_result
language plpgsql
security definer -- writes the ledger
set search_path = ''
as $$
declare
  v_result public.credit_refund_result;
  v_spend public.credit_spends;
  v_key text := coalesce(p_idempotency_key, gen_random_uuid()::text);
  v_refundable bigint;
  v_amount integer;
  v_is_backed boolean; -- or owes: what comes back may not stay
begin
  v_result.success := false;
  v_result.refunded := 0;
  select * into v_spend from public.credit_spends where id = p_spend_id;
  if not found then
    v_result.code := 'unknown_spend';
    v_result.error := 'There is no such spend';
    return v_result;
  end if;
  if p_amount <= 0 then
    v_result.code := 'invalid_amount';
    v_result.error := 'The amount must be positive';
    return v_result;
  end if;

  perform private.lock_credit_owner(v_spend.owner_type, v_spend.owner_id);
  v_is_backed := private.has_credit_debt(v_spend.owner_type, v_spend.owner_id) or exists (
    select from public.credit_batches b
    where b.owner_type = v_spend.owner_type and b.owner_id = v_spend.owner_id
      and (b.withheld > 0 or b.reversed > 0 or b.collected > 0)
  );
  perform from public.credit_batches b
  where b.id in (
    select l.batch_id from public.credit_ledger l where l.spend_id = p_spend_id
    union
    select o.id from public.credit_batches o
    where v_is_backed and o.owner_type = v_spend.owner_type and o.owner_id = v_spend.owner_id
      and (o.remaining_amount > 0 or o.withheld > 0 or o.reversed > 0 or o.collected > 0)
  )
  order by b.id
  for update;

  -- A correction may have given back some of it.
  select sum(d.kept) into v_refundable
  from (
    select least(sum(c.quantity), max(b.original_amount - b.remaining_amount)) as kept
    from public.credit_consumption_log c
    left join public.credit_batches b on b.id = c.batch_id
    where c.spend_id = p_spend_id
    group by c.batch_id, c.source_type
  ) d;
  v_result.refundable := v_refundable;

  if p_idempotency_key is not null and exists (
    select from public.credit_consumption_log c
    where c.spend_id = p_spend_id and c.action_type = 'refund' and c.action_reference_id = p_idempotency_key
      and c.quantity < 0 -- the spender chooses the words of the spend itself
  ) then
    v_result.success := true;
    return v_result;
  end if;

  v_amount := coalesce(p_amount, v_refundable);
  if v_amount > v_refundable then
    v_result.code := 'exceeds_spend';
    v_result.error := 'More than is left of this spend';
    return v_result;
  end if;
  if v_amount = 0 then
    v_result.success := true;
    return v_result;
  end if;

  with drawn as (
    select c.batch_id, c.source_type,
      least(sum(c.quantity), max(b.original_amount - b.remaining_amount)) as kept, max(b.expires_at) as expires_at,
      max(b.remaining_amount) as balance
    from public.credit_consumption_log c
    left join public.credit_batches b on b.id = c.batch_id
    where c.spend_id = p_spend_id
    group by c.batch_id, c.source_type
    having least(sum(c.quantity), max(b.original_amount - b.remaining_amount)) > 0
  ),
  ordered as (
    -- the longest-lived first: what comes back should last
    select d.*, coalesce(sum(d.kept) over (
        order by d.expires_at desc nulls last, d.batch_id
        rows between unbounded preceding and 1 preceding
      ), 0) as before
    from drawn d
  ),
  returns as materialized (
    select o.batch_id, o.source_type, o.balance, least(o.kept, v_amount - o.before)::integer as amount
    from ordered o
    where o.before < v_amount
  ),
  entries as (
    insert into public.credit_ledger (
      batch_id, owner_type, owner_id, entry_type, amount, balance_after, spend_id, cause,
      idempotency_key, created_at
    )
    select r.batch_id, v_spend.owner_type, v_spend.owner_id, 'refund', r.amount, r.balance + r.amount,
      p_spend_id, coalesce(p_reason, 'refund'), 'refund:' || p_spend_id || ':' || v_key || ':' || r.batch_id,
      p_now
    from returns r
    where r.batch_id is not null
  )
  insert into public.credit_consumption_log (
    user_id, organization_id, batch_id, quantity, source_type, feature_key, description, action_type,
    action_reference_id, consumed_at, spend_id
  )
  select
    case v_spend.owner_type when 'user' then v_spend.owner_id end,
    case v_spend.owner_type when 'org' then v_spend.owner_id end,
    r.batch_id, -r.amount, r.source_type, v_spend.feature_key, p_reason, 'refund', v_key,
    v_spend.spent_at, -- allowance goes back to the month it came from
    p_spend_id
  from returns r;

  if v_is_backed then
    perform private.settle_backing(v_spend.owner_type, v_spend.owner_id, p_now);
    perform private.relock_enrollments(b.backed_by)
    from public.credit_batches b
    where b.backed_by is not null
      and b.id in (select l.batch_id from public.credit_ledger l where l.spend_id = p_spend_id);
  end if;
  v_result.success := true;
  v_result.refunded := v_amount;
  v_result.refundable := v_refundable - v_amount;
  return v_result;
end
$$;
comment on function public.refund_credits(uuid, integer, text, text, timestamptz) is
  'Gives a spend, or a part of it, back to the very batches it drew from, and allowance to its month. A '
  'repeated p_idempotency_key gives back nothing more.';
revoke execute on function public.refund_credits(uuid, integer, text, text, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.refund_credits(uuid, integer, text, text, timestamptz) to service_role;
