create or replace function private.enroll_with_credits(
  p_client_user_id uuid,
  p_program_id uuid,
  p_tier text,
  p_program_plan_id uuid,
  p_discount_percent numeric,
  p_original_credit_cost integer,
  p_final_credit_cost integer,
  p_description text,
  p_cohort_id uuid,
  p_force boolean,
  p_enrollment_source text,
  p_referred_by uuid,
  p_referral_note text,
  p_discount_code text,
  p_enrollment_code text,
  p_partner_code text
)
returns public.enrollment_result
language plpgsql
security definer -- clients may not write enrolments, codes or credits
set search_path = ''
as $$
declare
  v_result public.enrollment_result;
  v_program public.programs;
  v_cohort public.program_cohorts;
  v_tier text;
  v_price public.enrollment_price;
  v_spend public.credit_spend_result;
  v_enrollment_id uuid := gen_random_uuid();
  v_force boolean := coalesce(p_force, false);
  -- admins and the server may say who sent a client and where from; of others it is known
  v_is_trusted constant boolean := coalesce(private.may_enroll(p_client_user_id, p_program_id, true), false);
  v_codes constant text := nullif(concat_ws(' ', p_discount_code, p_enrollment_code, p_partner_code), '');
begin
  if p_client_user_id is null or private.may_enroll(p_client_user_id, p_program_id, v_force) is not true then
    return private.refused_enrollment('not_allowed', 'You may not make this enrolment');
  end if;
  if v_codes is not null and not v_is_trusted and not private.begin_code_attempt(v_codes, clock_timestamp()) then
    return private.refused_enrollment('too_many_codes', 'Too many codes were tried. Try again later.');
  end if;

  select * into v_program from public.programs where id = p_program_id for update;
  if v_program.id is null or v_program.is_active is not true then
    return private.refused_enrollment('unknown_program', 'There is no such program');
  end if;
  if p_cohort_id is not null then
    select * into v_cohort from public.program_cohorts where id = p_cohort_id for update;
    if v_cohort.id is null or v_cohort.program_id <> p_program_id
      or v_cohort.status not in ('upcoming', 'active')
    then
      return private.refused_enrollment('unknown_cohort', 'The program has no such open cohort');
    end if;
  end if;

  if not v_program.allow_repeat_enrollment and exists (
    select from public.client_enrollments e
    where e.client_user_id = p_client_user_id and e.program_id = p_program_id
  ) then
    return private.refused_enrollment('already_enrolled', 'Already enrolled in this program');
  end if;

  v_tier := coalesce(
    p_tier,
    (
      select c.grants_tier from public.enrollment_codes c
      where lower(c.code) = lower(p_enrollment_code) and c.program_id = p_program_id
        and private.is_enrollment_code_open(c, now()) -- of another one nothing is told, not even that it is there
      order by c.code = p_enrollment_code desc
      limit 1
    ),
    v_program.tiers ->> 0
  );
  -- as the program spells it
  v_tier := coalesce(
    (select t from jsonb_array_elements_text(v_program.tiers) t where lower(t) = lower(v_tier) limit 1), v_tier
  );
  v_price := private.enrollment_price(
    p_client_user_id, p_program_id, v_tier, p_cohort_id, p_discount_code, p_enrollment_code,
    p_partner_code, now(), v_force
  );
  if v_price.code is not null then
    return private.refused_enrollment(v_price.code, case v_price.code
      when 'unknown_tier' then 'The program has no such tier'
      when 'no_price' then 'This tier has no price yet'
      when 'not_for_credits' then 'This program cannot be paid with credits'
      when 'invalid_code' then 'This code is not valid here'
      else 'There is no such program'
    end);
  end if;
  if v_codes is not null and not v_is_trusted then
    perform private.give_back_code_attempt(v_codes);
  end if;
  if coalesce(p_original_credit_cost, v_price.original_credit_cost) <> v_price.original_credit_cost
    or coalesce(p_final_credit_cost, v_price.final_credit_cost) <> v_price.final_credit_cost
    or coalesce(p_discount_percent, v_price.discount_percent) <> v_price.discount_percent
  then
    return private.refused_enrollment('price_mismatch', 'The price has changed', v_price);
  end if;

  if not v_force then
    if not (private.program_capacity(p_program_id)).has_capacity then
      return private.refused_enrollment('program_full', 'The program is full');
    end if;
    if p_cohort_id is not null then
      perform private.offer_places(p_cohort_id, now());
      if not (private.cohort_capacity(p_cohort_id, p_client_user_id)).has_capacity then
        return private.refused_enrollment('cohort_full', 'The cohort is full');
      end if;
    end if;
  end if;

  if v_price.final_credit_cost > 0 then
    v_spend := private.spend_credits(
      'user', p_client_user_id, v_price.final_credit_cost, null, 'enrollment', v_enrollment_id::text,
      -- the client reads it in a statement: who enrols somebody else does not choose the words
      coalesce(case when p_client_user_id = auth.uid() or v_is_trusted then p_description end, 'Enrolment in ' || v_program.name)
    );
    if not v_spend.success then
      v_result := private.refused_enrollment(v_spend.code, v_spend.error, v_price);
      v_result.credit_details := to_jsonb(v_spend);
      return v_result;
    end if;
    v_result.spend_id := v_spend.spend_id;
    v_result.credit_details := to_jsonb(v_spend);
  end if;

  insert into public.client_enrollments (
    id, client_user_id, program_id, tier, program_plan_id, cohort_id, status, payment_type, payment_status,
    discount_code_id, discount_percent, original_credit_cost, final_credit_cost, enrollment_number,
    enrollment_code_id, enrollment_source, referred_by, referral_note, spend_id
  )
  values (
    v_enrollment_id, p_client_user_id, p_program_id, v_tier,
    coalesce(
      -- anybody else would get the plan of a dearer tier for the price of this one
      case when v_is_trusted then p_program_plan_id end,
      (
        select t.program_plan_id from public.program_tier_plans t
        where t.program_id = p_program_id and lower(t.tier_name) = lower(v_tier)
        order by t.tier_name = v_tier desc
        limit 1
      ),
      v_program.default_program_plan_id
    ),
    p_cohort_id, 'active', case when v_price.final_credit_cost = 0 then 'free' else 'upfront' end, 'paid',
    v_price.discount_code_id, v_price.discount_percent, v_price.original_credit_cost,
    v_price.final_credit_cost,
    (
      select coalesce(max(e.enrollment_number), 0) + 1 from public.client_enrollments e
      where e.client_user_id = p_client_user_id and e.program_id = p_program_id
    ),
    v_price.enrollment_code_id,
    private.enrollment_source(p_enrollment_source, p_client_user_id, p_cohort_id, v_is_trusted),
    coalesce(
      (select c.partner_id from public.partner_codes c where c.id = v_price.partner_code_id),
      private.referrer(p_referred_by, p_client_user_id, p_program_id, v_is_trusted)
    ),
    left(p_referral_note, 5000), v_spend.spend_id
  );
  if v_spend.spend_id is not null then
    perform private.hold_enrollment(v_enrollment_id);
  end if;

  perform private.redeem_codes(v_price, p_client_user_id, v_enrollment_id, p_program_id, v_tier);
  perform private.tell_of_enrollment_by_staff(v_enrollment_id);
  delete from public.cohort_waitlist where cohort_id = p_cohort_id and user_id = p_client_user_id;

  v_result.success := true;
  v_result.enrollment_id := v_enrollment_id;
  v_result.original_credit_cost := v_price.original_credit_cost;
  v_result.final_credit_cost := v_price.final_credit_cost;
  return v_result;
end
$$;
comment on function private.enroll_with_credits(uuid, uuid, text, uuid, numeric, integer, integer, text, uuid, boolean, text, uuid, text, text, text, text) is
  'Enrols and pays, or does neither. Locks the program, the cohort, the code and the owner, in this order.';
revoke execute on function private.enroll_with_credits(uuid, uuid, text, uuid, numeric, integer, integer, text, uuid, boolean, text, uuid, text, text, text, text)
  from public;
grant execute on function private.enroll_with_credits(uuid, uuid, text, uuid, numeric, integer, integer, text, uuid, boolean, text, uuid, text, text, text, text)
  to authenticated, service_role;

create or replace function public.enroll_with_credits(
  p_client_user_id uuid,
  p_program_id uuid,
  p_tier text default null,
  p_program_plan_id uuid default null,
  p_discount_percent numeric default null,
  p_original_credit_cost integer default null,
  p_final_credit_cost integer default null,
  p_description text default null,
  p_cohort_id uuid default null,
  p_force boolean default false,
  p_enrollment_source text default null,
  p_referred_by uuid default null,
  p_referral_note text default null,
  p_discount_code text default null,
  p_enrollment_code text default null,
  p_partner_code text default null
)
returns public.enrollment_result
language sql
set search_path = ''
begin atomic
  select private.enroll_with_credits(
    p_client_user_id, p_program_id, p_tier, p_program_plan_id, p_discount_percent,
    p_original_credit_cost, p_final_credit_cost, p_description, p_cohort_id, p_force,
    p_enrollment_source, p_referred_by, p_referral_note, p_discount_code, p_enrollment_code, p_partner_code
  );
end;
comment on function public.enroll_with_credits(uuid, uuid, text, uuid, numeric, integer, integer, text, uuid, boolean, text, uuid, text, text, text, text) is
  'Enrols a client and pays with the client''s credits, at the database''s price: figures that differ are '
  'refused with price_mismatch and told the price.';
revoke execute on function public.enroll_with_credits(uuid, uuid, text, uuid, numeric, integer, integer, text, uuid, boolean, text, uuid, text, text, text, text)
  from public, anon, authenticated, service_role;
grant execute on function public.enroll_with_credits(uuid, uuid, text, uuid, numeric, integer, integer, text, uuid, boolean, text, uuid, text, text, text, text)
  to authenticated, service_role;
