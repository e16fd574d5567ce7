create or replace function private.spend_credits(
  p_owner_type text,
  p_owner_id uuid,
  p_amount integer,
  p_feature_key text,
  p_action_type text,
  p_action_reference_id text,
  p_description text,
  p_idempotency_key text default null,
  p_now timestamptz default now()
)
returns public.credit_spend_result
language plpgsql
security definer -- writes the ledger; callers check who may spend
set search_path = ''
as $$
declare
  v_result public.credit_spend_result;
  v_spend public.credit_spends;
  v_plan_remaining integer := 0;
  v_plan_expires_at timestamptz;
  v_batches public.credit_batches[];
  v_batch public.credit_batches;
  v_due integer := p_amount;
  v_drawn integer;
  -- what is drawn: from the batch, or of the plan's allowance, which is in none
  v_ids uuid[] := array[]::uuid[];
  v_sources text[] := array[]::text[];
  v_balances integer[] := array[]::integer[];
  v_amounts integer[] := array[]::integer[];
begin
  v_result.success := false;
  v_result.requested := p_amount;
  v_result.consumed := 0;
  if p_amount is null or p_amount <= 0 then
    v_result.code := 'invalid_amount';
    v_result.error := 'The amount must be positive';
    return v_result;
  end if;

  -- private.lock_credit_owner(), written out: each call here is a twentieth of a spend
  perform pg_advisory_xact_lock(hashtextextended('credits:' || p_owner_type || ':' || p_owner_id, 0));

  if p_idempotency_key is not null then
    select * into v_spend from public.credit_spends
    where owner_type = p_owner_type and owner_id = p_owner_id and idempotency_key = p_idempotency_key;
    if found and (v_spend.amount, v_spend.feature_key, v_spend.action_type, v_spend.action_reference_id)
      is distinct from (p_amount, p_feature_key, p_action_type, p_action_reference_id) then
      v_result.code := 'idempotency_conflict';
      v_result.error := 'This key stands for another spend';
      return v_result;
    end if;
    if v_spend.id is not null then
      return private.known_spend(v_spend);
    end if;
  end if;

  if private.has_credit_debt(p_owner_type, p_owner_id) then -- which is paid first
    perform private.settle_backing(p_owner_type, p_owner_id, p_now);
  end if;

  -- In the order of id, as everything that locks batches does, so that none waits for another.
  select coalesce(array_agg(l.batch), '{}') into v_batches
  from (
    select b as batch
    from public.credit_batches b
    where b.owner_type = p_owner_type and b.owner_id = p_owner_id and b.remaining_amount > 0
      and b.expires_at > p_now and (b.feature_key is null or b.feature_key = p_feature_key)
    order by b.id
    for update
  ) l;
  if cardinality(v_batches) > 1 then
    v_batches := array(
      select b from unnest(v_batches) b
      order by b.expires_at, case b.source_type when 'purchase' then 2 else 1 end, b.granted_at, b.id
    );
  end if;
  if p_owner_type = 'user' and exists (
    select from public.profiles p where p.id = p_owner_id and p.plan_id is not null
  ) then
    v_plan_remaining := private.plan_remaining(p_owner_id, p_now);
    v_plan_expires_at := private.next_month_start(p_now);
  end if;

  -- One place more, for an allowance that lasts longer than all of them.
  for v_place in 1 .. cardinality(v_batches) + 1 loop
    exit when v_due = 0;
    v_batch := v_batches[v_place];
    if v_plan_remaining > 0 and coalesce(v_plan_expires_at <= v_batch.expires_at, true) then
      v_drawn := least(v_plan_remaining, v_due);
      v_plan_remaining := 0;
      v_due := v_due - v_drawn;
      v_ids := v_ids || null::uuid;
      v_sources := v_sources || 'plan'::text;
      v_balances := v_balances || 0;
      v_amounts := v_amounts || v_drawn;
    end if;
    exit when v_due = 0 or v_batch.id is null;
    v_drawn := least(v_batch.remaining_amount, v_due);
    v_due := v_due - v_drawn;
    v_ids := v_ids || v_batch.id;
    v_sources := v_sources || case v_batch.source_type when 'program' then 'program' else 'bonus' end;
    v_balances := v_balances || (v_batch.remaining_amount - v_drawn);
    v_amounts := v_amounts || v_drawn;
  end loop;
  if v_due > 0 then
    v_result.code := 'insufficient_credits';
    v_result.error := 'Insufficient credits';
    v_result.remaining_needed := v_due;
    return v_result;
  end if;
  return private.enter_spend(
    p_owner_type, p_owner_id, p_amount, p_feature_key, p_action_type, p_action_reference_id, p_description,
    p_idempotency_key, p_now, v_ids, v_sources, v_balances, v_amounts
  );
end
$$;
comment on function private.spend_credits(text, uuid, integer, text, text, text, text, text, timestamptz) is
  'Spends credits: soonest expiry, then granted before purchased, then oldest, of batches that are general '
  'or of the feature; the plan''s allowance counts as expiring with the month. All or nothing. A key that the '
  'owner has used is the same spend again, or, for another amount, feature, action or reference, refused.';
revoke execute on function private.spend_credits(text, uuid, integer, text, text, text, text, text, timestamptz)
  from public;
