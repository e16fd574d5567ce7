create or replace function private.redeem_codes(
  p_price public.enrollment_price, p_client_user_id uuid, p_enrollment_id uuid, p_program_id uuid, p_tier text
)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_partner_id uuid;
begin
  update public.enrollment_codes set current_uses = current_uses + 1 where id = p_price.enrollment_code_id;
  if p_price.discount_code_id is not null then
    update public.discount_codes set uses_count = coalesce(uses_count, 0) + 1 where id = p_price.discount_code_id;
    insert into public.discount_code_uses (
      discount_code_id, user_id, enrollment_id, program_id, tier_name, original_price_credits,
      discount_amount_credits, final_price_credits
    )
    values (
      p_price.discount_code_id, p_client_user_id, p_enrollment_id, p_program_id, p_tier,
      p_price.original_credit_cost, p_price.original_credit_cost - p_price.final_credit_cost,
      p_price.final_credit_cost
    );
  end if;
  if p_price.partner_code_id is null then
    return;
  end if;

  update public.partner_codes set current_uses = current_uses + 1 where id = p_price.partner_code_id
  returning partner_id into v_partner_id;
  insert into public.partner_referrals (partner_code_id, partner_id, referred_user_id, enrollment_id)
  values (p_price.partner_code_id, v_partner_id, p_client_user_id, p_enrollment_id);
  begin
    perform private.tell(
      array[v_partner_id], 'partner_code_redeemed', 'Partner Referral',
      'Somebody enrolled with your code in ' || program.name,
      p_dedupe_key => 'partner-code-redeemed:' || p_enrollment_id
    )
    from public.programs program
    -- production has this type; where it is missing nobody can be told
    where program.id = p_program_id
      and exists (select from public.notification_types t where t.key = 'partner_code_redeemed' and t.is_active);
  exception
    when others then -- a notification never undoes an enrollment
      perform private.record_trigger_failure('redeem_codes', p_enrollment_id, sqlstate, sqlerrm);
  end;
end
$$;
comment on function private.redeem_codes(public.enrollment_price, uuid, uuid, uuid, text) is
  'Counts the codes that an enrollment was priced with: uses, the discount that was given, and the partner''s '
  'referral, of which the partner is told.';
revoke execute on function private.redeem_codes(public.enrollment_price, uuid, uuid, uuid, text) from public;
