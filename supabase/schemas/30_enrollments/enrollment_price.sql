create or replace function private.enrollment_price(
  p_client_user_id uuid,
  p_program_id uuid,
  p_tier text,
  p_cohort_id uuid,
  p_discount_code text,
  p_enrollment_code text,
  p_partner_code text,
  p_now timestamptz,
  p_may_be_unpriced boolean default false
)
returns public.enrollment_price
language plpgsql
security definer -- clients may not read every code; locks the code it takes
set search_path = ''
as $$
declare
  v_price public.enrollment_price;
  v_program public.programs;
  v_discount public.discount_codes;
  v_code public.enrollment_codes;
  v_partner public.partner_codes;
begin
  select * into v_program from public.programs where id = p_program_id;
  if not found then
    v_price.code := 'unknown_program';
    return v_price;
  end if;
  if p_tier is not null and jsonb_array_length(coalesce(v_program.tiers, '[]')) > 0 and not exists (
    select from jsonb_array_elements_text(v_program.tiers) t where lower(t) = lower(p_tier)
  ) then
    v_price.code := 'unknown_tier';
    return v_price;
  end if;

  v_price.original_credit_cost := coalesce(
    (
      select t.credit_cost from public.program_tier_plans t
      where t.program_id = p_program_id and lower(t.tier_name) = lower(p_tier)
      order by t.tier_name = p_tier desc
      limit 1
    ),
    v_program.credit_cost
  );
  if v_price.original_credit_cost is null and v_program.requires_separate_purchase then
    v_price.code := 'not_for_credits';
    return v_price;
  end if;
  -- A program of which nothing has a price is shown as free, and is; a tier beside one that has a price is not
  -- priced yet, and free for whom an admin enrolls nevertheless.
  if v_price.original_credit_cost is null and (p_may_be_unpriced or not exists (
    select from public.program_tier_plans t where t.program_id = p_program_id and t.credit_cost is not null
  )) then
    v_price.original_credit_cost := 0;
  end if;
  if coalesce(v_price.original_credit_cost, -1) < 0 then
    v_price.code := 'no_price';
    return v_price;
  end if;
  v_price.discount_percent := 0;
  v_price.final_credit_cost := v_price.original_credit_cost;

  if p_enrollment_code is not null then
    select * into v_code from public.enrollment_codes c
    where lower(c.code) = lower(p_enrollment_code)
    order by c.code = p_enrollment_code desc
    limit 1
    for update;
    if v_code.program_id is distinct from p_program_id
      or not private.is_enrollment_code_open(v_code, p_now)
      or (v_code.cohort_id is not null and v_code.cohort_id is distinct from p_cohort_id)
      or (v_code.grants_tier is not null and lower(v_code.grants_tier) is distinct from lower(p_tier))
    then
      v_price.code := 'invalid_code';
      return v_price;
    end if;
    v_price.enrollment_code_id := v_code.id;
    v_price.discount_percent := case when v_code.is_free then 100 else coalesce(v_code.discount_percent, 0) end;
    v_price.final_credit_cost := round(v_price.original_credit_cost * (100 - v_price.discount_percent) / 100);
  end if;

  if p_discount_code is not null then
    select * into v_discount from public.discount_codes d
    where lower(d.code) = lower(p_discount_code)
    order by d.code = p_discount_code desc
    limit 1
    for update;
    if v_price.enrollment_code_id is not null
      or not private.is_discount_valid(v_discount, p_client_user_id, p_program_id, p_tier, p_now)
    then
      v_price.code := 'invalid_code';
      return v_price;
    end if;
    v_price.discount_code_id := v_discount.id;
    if v_discount.discount_type = 'percent' then
      v_price.discount_percent := least(v_discount.discount_value, 100);
      v_price.final_credit_cost := round(v_price.original_credit_cost * (100 - v_price.discount_percent) / 100);
    else
      v_price.final_credit_cost := greatest(v_price.original_credit_cost - round(v_discount.discount_value), 0);
      v_price.discount_percent := case when v_price.original_credit_cost > 0
        then round(100.0 * (v_price.original_credit_cost - v_price.final_credit_cost) / v_price.original_credit_cost, 2)
        else 0 end;
    end if;
  end if;

  if p_partner_code is not null then
    select * into v_partner from public.partner_codes c
    where lower(c.code) = lower(p_partner_code)
    order by c.code = p_partner_code desc
    limit 1
    for update;
    if v_partner.program_id is distinct from p_program_id
      or not private.is_partner_code_open(v_partner, p_now)
      -- nobody refers oneself, nor a client whom one enrols oneself
      or v_partner.partner_id in (p_client_user_id, coalesce(auth.uid(), p_client_user_id))
    then
      v_price.code := 'invalid_code';
      return v_price;
    end if;
    v_price.partner_code_id := v_partner.id;
    -- beside another code a partner's says who sent the client, and takes nothing more off
    if v_price.enrollment_code_id is null and v_price.discount_code_id is null
      and (v_partner.cohort_id is null or v_partner.cohort_id = p_cohort_id)
      and (v_partner.grants_tier is null or lower(v_partner.grants_tier) = lower(p_tier))
    then
      v_price.discount_percent := case when v_partner.is_free then 100 else coalesce(v_partner.discount_percent, 0) end;
      v_price.final_credit_cost := round(v_price.original_credit_cost * (100 - v_price.discount_percent) / 100);
    end if;
  end if;
  return v_price;
end
$$;
comment on function private.enrollment_price(uuid, uuid, text, uuid, text, text, text, timestamptz, boolean) is
  'What an enrolment costs: the tier''s credit_cost, else the program''s, less one code. Locks the code '
  'until the transaction ends.';
revoke execute on function private.enrollment_price(uuid, uuid, text, uuid, text, text, text, timestamptz, boolean)
  from public;
