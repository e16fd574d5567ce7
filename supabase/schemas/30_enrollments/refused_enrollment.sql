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
revoke execute on function private.refused_enrollment(text, text, public.enrollment_price) from public;
