create or replace function private.known_spend(p_spend public.credit_spends)
returns public.credit_spend_result
language plpgsql
stable
set search_path = ''
as $$
declare
  v_result public.credit_spend_result;
begin
  select true, p_spend.id, p_spend.amount, p_spend.amount,
    coalesce(sum(c.quantity) filter (where c.source_type = 'plan'), 0),
    coalesce(sum(c.quantity) filter (where c.source_type = 'program'), 0),
    coalesce(sum(c.quantity) filter (where c.source_type = 'bonus'), 0),
    0,
    jsonb_agg(jsonb_build_object('source', c.source_type, 'batch_id', c.batch_id, 'amount', c.quantity))
  into v_result.success, v_result.spend_id, v_result.requested, v_result.consumed, v_result.from_plan,
    v_result.from_program, v_result.from_bonus, v_result.remaining_needed, v_result.details
  from public.credit_consumption_log c
  where c.spend_id = p_spend.id and c.quantity > 0;
  return v_result;
end
$$;
comment on function private.known_spend(public.credit_spends) is 'What was answered to a spend.';
revoke execute on function private.known_spend(public.credit_spends) from public;
