create or replace function private.enter_spend(
  p_owner_type text, p_owner_id uuid, p_amount integer, p_feature_key text, p_action_type text,
  p_action_reference_id text, p_description text, p_idempotency_key text, p_now timestamptz,
  p_batch_ids uuid[], p_sources text[], p_balances integer[], p_amounts integer[]
)
returns public.credit_spend_result
language plpgsql
set search_path = ''
as $$
declare
  v_result public.credit_spend_result;
begin
  v_result.success := true;
  v_result.spend_id := gen_random_uuid();
  v_result.requested := p_amount;
  v_result.consumed := p_amount;
  v_result.from_plan := 0;
  v_result.from_program := 0;
  v_result.from_bonus := 0;
  v_result.remaining_needed := 0;
  v_result.details := '[]';
  for v_place in 1 .. cardinality(p_amounts) loop
    case p_sources[v_place]
      when 'plan' then v_result.from_plan := v_result.from_plan + p_amounts[v_place];
      when 'program' then v_result.from_program := v_result.from_program + p_amounts[v_place];
      else v_result.from_bonus := v_result.from_bonus + p_amounts[v_place];
    end case;
    v_result.details := v_result.details || jsonb_build_object(
      'source', p_sources[v_place], 'batch_id', p_batch_ids[v_place], 'amount', p_amounts[v_place]
    );
  end loop;

  insert into public.credit_spends (
    id, owner_type, owner_id, amount, from_plan, feature_key, action_type, action_reference_id,
    description, idempotency_key, spent_at
  )
  values (
    v_result.spend_id, p_owner_type, p_owner_id, p_amount, v_result.from_plan, p_feature_key, p_action_type,
    p_action_reference_id, p_description, p_idempotency_key, p_now
  );
  insert into public.credit_ledger (
    batch_id, owner_type, owner_id, entry_type, amount, balance_after, spend_id, cause,
    idempotency_key, created_at
  )
  select d.batch_id, p_owner_type, p_owner_id, 'spend', -d.amount, d.balance, v_result.spend_id,
    coalesce(p_action_type, 'spend') || coalesce(':' || p_action_reference_id, ''),
    'spend:' || v_result.spend_id || ':' || d.batch_id, p_now
  from unnest(p_batch_ids, p_balances, p_amounts) as d (batch_id, balance, amount)
  where d.batch_id is not null;
  insert into public.credit_consumption_log (
    user_id, organization_id, batch_id, quantity, source_type, feature_key, description, action_type,
    action_reference_id, consumed_at, spend_id
  )
  select
    case p_owner_type when 'user' then p_owner_id end,
    case p_owner_type when 'org' then p_owner_id end,
    d.batch_id, d.amount, d.source, p_feature_key, p_description, p_action_type,
    p_action_reference_id, p_now, v_result.spend_id
  from unnest(p_batch_ids, p_sources, p_amounts) as d (batch_id, source, amount);
  return v_result;
end
$$;
comment on function private.enter_spend(text, uuid, integer, text, text, text, text, text, timestamptz, uuid[], text[], integer[], integer[])
is 'Writes down what a spend draws: of each batch so much, which leaves such a balance. Called with the batches locked.';
revoke execute on function private.enter_spend(text, uuid, integer, text, text, text, text, text, timestamptz, uuid[], text[], integer[], integer[])
  from public;
