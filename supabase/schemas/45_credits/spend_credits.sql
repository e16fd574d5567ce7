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
set timezone = 'UTC' -- as above
as $$
declare
  v_result public.credit_spend_result;
  v_spend public.credit_spends;
  v_plan_remaining integer := 0;
  v_available bigint;
begin
  v_result.success := false;
  v_result.requested := p_amount;
  v_result.consumed := 0;
  if p_amount is null or p_amount <= 0 then
    v_result.code := 'invalid_amount';
    v_result.error := 'The amount must be positive';
    return v_result;
  end if;

  perform private.lock_credit_owner(p_owner_type, p_owner_id);

  select * into v_spend from public.credit_spends
  where owner_type = p_owner_type and owner_id = p_owner_id and idempotency_key = p_idempotency_key;
  if found and (v_spend.amount, v_spend.feature_key, v_spend.action_type, v_spend.action_reference_id)
    is distinct from (p_amount, p_feature_key, p_action_type, p_action_reference_id) then
    v_result.code := 'idempotency_conflict';
    v_result.error := 'This key stands for another spend';
    return v_result;
  end if;

  if v_spend.id is null then
    if p_owner_type = 'user' then
      select greatest(a.allowance - a.used, 0) into v_plan_remaining
      from private.plan_allowance(p_owner_id, p_now) a;
      v_plan_remaining := coalesce(v_plan_remaining, 0);
    end if;

    -- In the order of id, as everything that locks batches does, so that none waits for another.
    perform from public.credit_batches b
    where b.owner_type = p_owner_type and b.owner_id = p_owner_id and b.remaining_amount > 0
      and b.expires_at > p_now and (b.feature_key is null or b.feature_key = p_feature_key)
    order by b.id
    for update;

    select v_plan_remaining + coalesce(sum(b.remaining_amount), 0) into v_available
    from public.credit_batches b
    where b.owner_type = p_owner_type and b.owner_id = p_owner_id and b.remaining_amount > 0
      and b.expires_at > p_now and (b.feature_key is null or b.feature_key = p_feature_key);
    if v_available < p_amount then
      v_result.code := 'insufficient_credits';
      v_result.error := 'Insufficient credits';
      v_result.remaining_needed := p_amount - v_available;
      return v_result;
    end if;

    v_spend.id := gen_random_uuid();
    with sources as (
      select null::uuid as batch_id, 'plan' as source, v_plan_remaining as amount,
        private.month_start(p_now) + interval '1 month' as expires_at, 0 as rank, null::timestamptz as granted_at
      where v_plan_remaining > 0
      union all
      select b.id, case b.source_type when 'program' then 'program' else 'bonus' end, b.remaining_amount,
        b.expires_at, case b.source_type when 'purchase' then 2 else 1 end, b.granted_at
      from public.credit_batches b
      where b.owner_type = p_owner_type and b.owner_id = p_owner_id and b.remaining_amount > 0
        and b.expires_at > p_now and (b.feature_key is null or b.feature_key = p_feature_key)
    ),
    ordered as (
      select s.*, coalesce(sum(s.amount::bigint) over (
          order by s.expires_at, s.rank, s.granted_at, s.batch_id
          rows between unbounded preceding and 1 preceding
        ), 0) as before
      from sources s
    ),
    draws as materialized (
      select o.batch_id, o.source, o.amount as balance, o.before,
        least(o.amount, p_amount - o.before)::integer as drawn
      from ordered o
      where o.before < p_amount
    ),
    spend as (
      insert into public.credit_spends (
        id, owner_type, owner_id, amount, from_plan, feature_key, action_type, action_reference_id,
        description, idempotency_key, spent_at
      )
      select v_spend.id, p_owner_type, p_owner_id, p_amount,
        coalesce(sum(d.drawn) filter (where d.source = 'plan'), 0), p_feature_key, p_action_type,
        p_action_reference_id, p_description, p_idempotency_key, p_now
      from draws d
    ),
    entries as (
      insert into public.credit_ledger (
        batch_id, owner_type, owner_id, entry_type, amount, balance_after, spend_id, cause,
        idempotency_key, created_at
      )
      select d.batch_id, p_owner_type, p_owner_id, 'spend', -d.drawn, d.balance - d.drawn, v_spend.id,
        coalesce(p_action_type, 'spend') || coalesce(':' || p_action_reference_id, ''),
        'spend:' || v_spend.id || ':' || d.batch_id, p_now
      from draws d
      where d.batch_id is not null
      order by d.before
    )
    insert into public.credit_consumption_log (
      user_id, organization_id, batch_id, quantity, source_type, feature_key, description, action_type,
      action_reference_id, consumed_at, spend_id
    )
    select
      case p_owner_type when 'user' then p_owner_id end,
      case p_owner_type when 'org' then p_owner_id end,
      d.batch_id, d.drawn, d.source, p_feature_key, p_description, p_action_type,
      p_action_reference_id, p_now, v_spend.id
    from draws d;
  end if;

  select true, v_spend.id, p_amount,
    coalesce(sum(c.quantity) filter (where c.source_type = 'plan'), 0),
    coalesce(sum(c.quantity) filter (where c.source_type = 'program'), 0),
    coalesce(sum(c.quantity) filter (where c.source_type = 'bonus'), 0),
    0,
    jsonb_agg(jsonb_build_object('source', c.source_type, 'batch_id', c.batch_id, 'amount', c.quantity))
  into v_result.success, v_result.spend_id, v_result.consumed, v_result.from_plan, v_result.from_program,
    v_result.from_bonus, v_result.remaining_needed, v_result.details
  from public.credit_consumption_log c
  where c.spend_id = v_spend.id and c.quantity > 0;
  return v_result;
end
$$;
comment on function private.spend_credits(text, uuid, integer, text, text, text, text, text, timestamptz) is
  'Spends credits: soonest expiry, then granted before purchased, then oldest, of batches that are general '
  'or of the feature; the plan''s allowance counts as expiring with the month. All or nothing. A key that the '
  'owner has used is the same spend again, or, for another amount, feature, action or reference, refused.';
revoke execute on function private.spend_credits(text, uuid, integer, text, text, text, text, text, timestamptz)
  from public;
