-- Enrolling with credits, the price of it, and the waitlist of a cohort.
--
-- Why: production took the price, the discount and the force from the caller, let anybody enrol anybody
-- for nothing, counted places without a lock, and burnt the balance when the credits fell short.
-- Rules: the price is the database's, and a caller with other figures is told it; the program's row is
-- locked first, then the cohort's, then the owner's credits, so that no place is given twice.
-- Locks: renumbers and makes unique the waitlist's positions (ACCESS EXCLUSIVE on cohort_waitlist).
-- Replaces production's functions of these names, whose results have another type. Can be run again.

set lock_timeout = '10s';

do $$
begin
  perform private.drop_public_functions(
    'enroll_with_credits', 'join_cohort_waitlist', 'check_cohort_capacity', 'check_program_capacity'
  );

  if to_regtype('public.enrollment_result') is null then
    create type public.enrollment_price as (
      code text, -- null | unknown_program | unknown_tier | not_for_credits | invalid_code
      original_credit_cost integer,
      discount_percent numeric,
      final_credit_cost integer,
      discount_code_id uuid,
      enrollment_code_id uuid
    );
    create type public.enrollment_result as (
      success boolean,
      code text, -- null | not_allowed | unknown_program | unknown_tier | unknown_cohort | not_for_credits
                 -- | invalid_code | price_mismatch | already_enrolled | program_full | cohort_full
                 -- | insufficient_credits
      error text,
      enrollment_id uuid,
      original_credit_cost integer,
      final_credit_cost integer,
      spend_id uuid,
      credit_details jsonb -- the credit_spend_result
    );
    create type public.waitlist_result as (
      success boolean,
      code text, -- null | not_signed_in | unknown_cohort | cohort_closed | already_enrolled
                 -- | already_waiting | places_left
      error text,
      "position" integer
    );
    create type public.capacity_result as (
      has_capacity boolean,
      capacity integer, -- null: no limit
      enrolled_count integer,
      available_spots integer,
      waitlist_count integer,
      error text
    );
  end if;
end
$$;
comment on type public.enrollment_price is 'What an enrolment costs; code says why it has no price.';
comment on type public.enrollment_result is 'What enroll_with_credits answers.';
comment on type public.waitlist_result is 'What join_cohort_waitlist answers.';
comment on type public.capacity_result is 'What the capacity checks answer.';

create index if not exists client_enrollments_program_idx on public.client_enrollments (program_id, status);
create index if not exists client_enrollments_cohort_idx on public.client_enrollments (cohort_id, status);

-- Capacity ------------------------------------------------------------------------------------------

create or replace function private.capacity(p_capacity integer, p_enrolled bigint, p_waiting bigint)
returns public.capacity_result
language sql
immutable
set search_path = ''
begin atomic
  select row(
    p_capacity is null or p_enrolled < p_capacity, p_capacity, p_enrolled::integer,
    case when p_capacity is not null then greatest(p_capacity - p_enrolled, 0)::integer end, -- no limit is not none left
    p_waiting::integer, null
  )::public.capacity_result;
end;
comment on function private.capacity(integer, bigint, bigint) is 'Places and how many are taken.';
revoke execute on function private.capacity(integer, bigint, bigint) from public, anon, authenticated;

create or replace function private.cohort_capacity(p_cohort_id uuid)
returns public.capacity_result
language sql
stable
security definer -- shows numbers only, of enrolments that the caller may not see
set search_path = ''
begin atomic
  select coalesce(
    (
      select private.capacity(
        c.capacity,
        (select count(*) from public.client_enrollments e where e.cohort_id = c.id and e.status = 'active'),
        (select count(*) from public.cohort_waitlist w where w.cohort_id = c.id)
      )
      from public.program_cohorts c where c.id = p_cohort_id
    ),
    row(false, null, null, null, null, 'Cohort not found')::public.capacity_result
  );
end;
comment on function private.cohort_capacity(uuid) is 'The places of a cohort.';

create or replace function private.program_capacity(p_program_id uuid)
returns public.capacity_result
language sql
stable
security definer -- as above
set search_path = ''
begin atomic
  select coalesce(
    (
      select private.capacity(
        p.capacity,
        (select count(*) from public.client_enrollments e where e.program_id = p.id and e.status = 'active'),
        0
      )
      from public.programs p where p.id = p_program_id
    ),
    row(false, null, null, null, null, 'Program not found')::public.capacity_result
  );
end;
comment on function private.program_capacity(uuid) is 'The places of a program.';
revoke execute on function private.cohort_capacity(uuid), private.program_capacity(uuid) from public, anon;
grant execute on function private.cohort_capacity(uuid), private.program_capacity(uuid)
  to authenticated, service_role;

create function public.check_cohort_capacity(p_cohort_id uuid)
returns public.capacity_result
language sql
stable
set search_path = ''
begin atomic
  select private.cohort_capacity(p_cohort_id);
end;
comment on function public.check_cohort_capacity(uuid) is 'The places of a cohort: active enrolments count.';

create function public.check_program_capacity(p_program_id uuid)
returns public.capacity_result
language sql
stable
set search_path = ''
begin atomic
  select private.program_capacity(p_program_id);
end;
comment on function public.check_program_capacity(uuid) is 'The places of a program: active enrolments count.';
revoke execute on function public.check_cohort_capacity(uuid), public.check_program_capacity(uuid)
  from public, anon;
grant execute on function public.check_cohort_capacity(uuid), public.check_program_capacity(uuid)
  to authenticated, service_role;

-- Price ---------------------------------------------------------------------------------------------

create or replace function private.enrollment_price(
  p_client_user_id uuid,
  p_program_id uuid,
  p_tier text,
  p_cohort_id uuid,
  p_discount_code text,
  p_enrollment_code text,
  p_now timestamptz
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
  v_price.original_credit_cost := greatest(v_price.original_credit_cost, 0);
  v_price.discount_percent := 0;
  v_price.final_credit_cost := v_price.original_credit_cost;

  if p_enrollment_code is not null then
    select * into v_code from public.enrollment_codes c
    where lower(c.code) = lower(p_enrollment_code)
    for update;
    if v_code.id is null or not v_code.is_active or v_code.program_id <> p_program_id
      or v_code.expires_at <= p_now
      or (v_code.cohort_id is not null and v_code.cohort_id is distinct from p_cohort_id)
      or (v_code.grants_tier is not null and lower(v_code.grants_tier) is distinct from lower(p_tier))
      or v_code.current_uses >= coalesce(v_code.max_uses, case v_code.code_type when 'single_use' then 1 end)
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
    for update;
    if v_discount.id is null or v_discount.is_active is not true or v_price.enrollment_code_id is not null
      or v_discount.starts_at > p_now or v_discount.expires_at <= p_now
      or v_discount.uses_count >= v_discount.max_uses
      or (cardinality(v_discount.valid_for_program_ids) > 0
        and not p_program_id = any (v_discount.valid_for_program_ids))
      or (cardinality(v_discount.valid_for_tier_names) > 0
        and not exists (
          select from unnest(v_discount.valid_for_tier_names) t where lower(t) = lower(p_tier)
        ))
      or (v_discount.assigned_user_id is not null and v_discount.assigned_user_id <> p_client_user_id)
      or (v_discount.assigned_user_email is not null and not exists (
        select from public.profiles p
        where p.id = p_client_user_id and lower(p.email) = lower(v_discount.assigned_user_email)
      ))
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
  return v_price;
end
$$;
comment on function private.enrollment_price(uuid, uuid, text, uuid, text, text, timestamptz) is
  'What an enrolment costs: the tier''s credit_cost, else the program''s, less one code. Locks the code until the transaction ends.';
revoke execute on function private.enrollment_price(uuid, uuid, text, uuid, text, text, timestamptz)
  from public, anon, authenticated;

-- Enrolment -----------------------------------------------------------------------------------------

create or replace function private.may_enroll(p_client_user_id uuid, p_program_id uuid, p_force boolean)
returns boolean
language sql
stable
set search_path = ''
begin atomic
  select case
    when current_setting('role') not in ('anon', 'authenticated') then true
    when private.has_role((select auth.uid()), 'admin') then true
    when p_force then false
    when p_client_user_id = (select auth.uid()) then true
    else private.is_program_instructor_or_coach((select auth.uid()), p_program_id)
      and private.staff_has_client_relationship((select auth.uid()), p_client_user_id)
  end;
end;
comment on function private.may_enroll(uuid, uuid, boolean) is
  'Oneself; a client of one''s own, for staff of the program; anybody, and past the capacity, for admins and the service role.';
revoke execute on function private.may_enroll(uuid, uuid, boolean) from public, anon, authenticated;

create or replace function private.refused_enrollment(
  p_code text, p_error text, p_price public.enrollment_price default null
)
returns public.enrollment_result
language sql
immutable
set search_path = ''
begin atomic
  select row(
    false, p_code, p_error, null, (p_price).original_credit_cost, (p_price).final_credit_cost, null, null
  )::public.enrollment_result;
end;
comment on function private.refused_enrollment(text, text, public.enrollment_price) is
  'The answer to an enrolment that is refused.';
revoke execute on function private.refused_enrollment(text, text, public.enrollment_price)
  from public, anon, authenticated;

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
  p_enrollment_code text
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
begin
  if p_client_user_id is null or private.may_enroll(p_client_user_id, p_program_id, v_force) is not true then
    return private.refused_enrollment('not_allowed', 'You may not make this enrolment');
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
    p_client_user_id, p_program_id, v_tier, p_cohort_id, p_discount_code, p_enrollment_code, now()
  );
  if v_price.code is not null then
    return private.refused_enrollment(v_price.code, case v_price.code
      when 'unknown_tier' then 'The program has no such tier'
      when 'not_for_credits' then 'This program cannot be paid with credits'
      when 'invalid_code' then 'This code is not valid here'
      else 'There is no such program'
    end);
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
    if p_cohort_id is not null and not (private.cohort_capacity(p_cohort_id)).has_capacity then
      return private.refused_enrollment('cohort_full', 'The cohort is full');
    end if;
  end if;

  if v_price.final_credit_cost > 0 then
    v_spend := private.spend_credits(
      'user', p_client_user_id, v_price.final_credit_cost, null, 'enrollment', v_enrollment_id::text,
      coalesce(p_description, 'Enrolment in ' || v_program.name)
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
    enrollment_code_id, enrollment_source, referred_by, referral_note
  )
  values (
    v_enrollment_id, p_client_user_id, p_program_id, v_tier,
    coalesce(
      -- anybody else would get the plan of a dearer tier for the price of this one
      case when private.may_enroll(p_client_user_id, p_program_id, true) then p_program_plan_id end,
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
    v_price.enrollment_code_id, p_enrollment_source, p_referred_by, p_referral_note
  );

  update public.enrollment_codes set current_uses = current_uses + 1 where id = v_price.enrollment_code_id;
  if v_price.discount_code_id is not null then
    update public.discount_codes set uses_count = coalesce(uses_count, 0) + 1
    where id = v_price.discount_code_id;
    insert into public.discount_code_uses (
      discount_code_id, user_id, enrollment_id, program_id, tier_name, original_price_credits,
      discount_amount_credits, final_price_credits
    )
    values (
      v_price.discount_code_id, p_client_user_id, v_enrollment_id, p_program_id, v_tier,
      v_price.original_credit_cost, v_price.original_credit_cost - v_price.final_credit_cost,
      v_price.final_credit_cost
    );
  end if;
  delete from public.cohort_waitlist where cohort_id = p_cohort_id and user_id = p_client_user_id;

  v_result.success := true;
  v_result.enrollment_id := v_enrollment_id;
  v_result.original_credit_cost := v_price.original_credit_cost;
  v_result.final_credit_cost := v_price.final_credit_cost;
  return v_result;
end
$$;
comment on function private.enroll_with_credits(
  uuid, uuid, text, uuid, numeric, integer, integer, text, uuid, boolean, text, uuid, text, text, text
) is 'Enrols and pays, or does neither. Locks the program, the cohort, the code and the owner, in this order.';
revoke execute on function private.enroll_with_credits(
  uuid, uuid, text, uuid, numeric, integer, integer, text, uuid, boolean, text, uuid, text, text, text
) from public, anon;
grant execute on function private.enroll_with_credits(
  uuid, uuid, text, uuid, numeric, integer, integer, text, uuid, boolean, text, uuid, text, text, text
) to authenticated, service_role;

create function public.enroll_with_credits(
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
  p_enrollment_code text default null
)
returns public.enrollment_result
language sql
set search_path = ''
begin atomic
  select private.enroll_with_credits(
    p_client_user_id, p_program_id, p_tier, p_program_plan_id, p_discount_percent,
    p_original_credit_cost, p_final_credit_cost, p_description, p_cohort_id, p_force,
    p_enrollment_source, p_referred_by, p_referral_note, p_discount_code, p_enrollment_code
  );
end;
comment on function public.enroll_with_credits(
  uuid, uuid, text, uuid, numeric, integer, integer, text, uuid, boolean, text, uuid, text, text, text
) is
  'Enrols a client and pays with the client''s credits, at the database''s price: figures that differ are refused with price_mismatch and told the price.';
revoke execute on function public.enroll_with_credits(
  uuid, uuid, text, uuid, numeric, integer, integer, text, uuid, boolean, text, uuid, text, text, text
) from public, anon;
grant execute on function public.enroll_with_credits(
  uuid, uuid, text, uuid, numeric, integer, integer, text, uuid, boolean, text, uuid, text, text, text
) to authenticated, service_role;

-- Waitlist ------------------------------------------------------------------------------------------

do $$
begin
  if not exists (select from pg_constraint where conname = 'cohort_waitlist_position_key') then
    update public.cohort_waitlist w
    set "position" = n.place
    from (
      select id, row_number() over (partition by cohort_id order by "position", created_at, id) as place
      from public.cohort_waitlist
    ) n
    where n.id = w.id and n.place <> w."position";
    alter table public.cohort_waitlist add constraint cohort_waitlist_position_key
      unique (cohort_id, "position") deferrable initially deferred;
  end if;
end
$$;

-- A direct insert could choose its position and pass the capacity check.
revoke insert on table public.cohort_waitlist from authenticated, anon;

create or replace function private.join_cohort_waitlist(p_cohort_id uuid)
returns public.waitlist_result
language plpgsql
security definer -- users may not write positions
set search_path = ''
as $$
declare
  v_result public.waitlist_result;
  v_user_id uuid := auth.uid();
  v_cohort public.program_cohorts;
begin
  v_result.success := false;
  select * into v_cohort from public.program_cohorts where id = p_cohort_id for update;
  if v_user_id is null then
    v_result.code := 'not_signed_in';
    v_result.error := 'Sign in to join the waitlist';
  elsif v_cohort.id is null then
    v_result.code := 'unknown_cohort';
    v_result.error := 'Cohort not found';
  elsif v_cohort.status not in ('upcoming', 'active') then
    v_result.code := 'cohort_closed';
    v_result.error := 'This cohort is closed';
  elsif exists (
    select from public.client_enrollments e
    where e.cohort_id = p_cohort_id and e.client_user_id = v_user_id and e.status = 'active'
  ) then
    v_result.code := 'already_enrolled';
    v_result.error := 'Already enrolled in this cohort';
  elsif exists (
    select from public.cohort_waitlist w where w.cohort_id = p_cohort_id and w.user_id = v_user_id
  ) then
    v_result.code := 'already_waiting';
    v_result.error := 'Already on the waitlist';
  elsif (private.cohort_capacity(p_cohort_id)).has_capacity then
    v_result.code := 'places_left';
    v_result.error := 'The cohort still has places';
  else
    insert into public.cohort_waitlist (user_id, cohort_id, "position")
    select v_user_id, p_cohort_id, coalesce(max(w."position"), 0) + 1
    from public.cohort_waitlist w where w.cohort_id = p_cohort_id
    returning "position" into v_result."position";
    v_result.success := true;
  end if;
  return v_result;
end
$$;
comment on function private.join_cohort_waitlist(uuid) is
  'Puts the caller at the end of a full cohort''s waitlist. Locks the cohort, so that no position is given twice.';
revoke execute on function private.join_cohort_waitlist(uuid) from public, anon;
grant execute on function private.join_cohort_waitlist(uuid) to authenticated;

create function public.join_cohort_waitlist(p_cohort_id uuid)
returns public.waitlist_result
language sql
set search_path = ''
begin atomic
  select private.join_cohort_waitlist(p_cohort_id);
end;
comment on function public.join_cohort_waitlist(uuid) is 'Puts the caller at the end of a full cohort''s waitlist.';
revoke execute on function public.join_cohort_waitlist(uuid) from public, anon, service_role;
grant execute on function public.join_cohort_waitlist(uuid) to authenticated;
