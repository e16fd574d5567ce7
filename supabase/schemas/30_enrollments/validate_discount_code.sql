create type public.discount_validation as (
  is_valid boolean,
  discount_code_id uuid,
  discount_type text, -- null | percentage | fixed
  discount_value numeric,
  error_message text
);
comment on type public.discount_validation is 'What validate_discount_code answers.';

create or replace function private.validate_discount_code(
  p_code text, p_program_id uuid, p_tier_name text, p_user_id uuid
)
returns public.discount_validation
language plpgsql
security definer -- nobody but an admin may read codes
set search_path = ''
as $$
declare
  v_answer public.discount_validation;
begin
  if not private.begin_code_attempt(p_code, clock_timestamp()) then
    v_answer.is_valid := false;
    v_answer.error_message := private.refused_code(true) ->> 'error';
    return v_answer;
  end if;
  select true, d.id, case d.discount_type when 'percent' then 'percentage' else 'fixed' end, d.discount_value, null
  into v_answer
  from public.discount_codes d
  where lower(d.code) = lower(btrim(p_code))
    and coalesce(p_user_id, auth.uid()) = auth.uid() -- whose a code is, is nobody else's to ask
    and private.is_discount_valid(d, auth.uid(), p_program_id, p_tier_name, now())
  order by d.code = btrim(p_code) desc
  limit 1;
  if v_answer.is_valid is null then
    v_answer.is_valid := false;
    v_answer.error_message := private.refused_code(false) ->> 'error';
    return v_answer;
  end if;
  perform private.give_back_code_attempt(p_code);
  return v_answer;
end
$$;
comment on function private.validate_discount_code(text, uuid, text, uuid) is 'See public.validate_discount_code.';
revoke execute on function private.validate_discount_code(text, uuid, text, uuid) from public;
grant execute on function private.validate_discount_code(text, uuid, text, uuid) to authenticated;

create or replace function public.validate_discount_code(
  p_code text, p_program_id uuid default null, p_tier_name text default null, p_user_id uuid default null
)
returns setof public.discount_validation
language sql
rows 1
set search_path = ''
begin atomic
  select * from private.validate_discount_code(p_code, p_program_id, p_tier_name, p_user_id);
end;
comment on function public.validate_discount_code(text, uuid, text, uuid) is
  'useDiscountCode: what a discount code takes off for the caller, in the words of that page (percentage, fixed). '
  'One answer for every code that does not count here. Wrong codes are limited.';
revoke execute on function public.validate_discount_code(text, uuid, text, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.validate_discount_code(text, uuid, text, uuid) to authenticated;
