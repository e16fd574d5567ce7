create or replace function private.validate_enrollment_code(p_code text)
returns jsonb
language plpgsql
security definer -- nobody but an admin may read codes
set search_path = ''
as $$
declare
  v_answer jsonb;
begin
  if not private.begin_code_attempt(p_code, clock_timestamp()) then
    return private.refused_code(true);
  end if;
  select jsonb_build_object(
    'valid', true, 'code', c.code, 'code_id', c.id, 'code_type', c.code_type,
    'program_id', program.id, 'program_name', program.name, 'program_slug', program.slug,
    'program_description', program.description, 'cohort_id', c.cohort_id, 'cohort_name', cohort.name,
    'grants_tier', c.grants_tier, 'is_free', c.is_free, 'discount_percent', c.discount_percent
  ) into v_answer
  from public.enrollment_codes c
  join public.programs program on program.id = c.program_id and program.is_active
  left join public.program_cohorts cohort on cohort.id = c.cohort_id
  where lower(c.code) = lower(btrim(p_code)) and private.is_enrollment_code_open(c, now())
  order by c.code = btrim(p_code) desc
  limit 1;
  if v_answer is null then
    return private.refused_code(false);
  end if;
  perform private.give_back_code_attempt(p_code);
  return v_answer;
end
$$;
comment on function private.validate_enrollment_code(text) is 'See public.validate_enrollment_code.';
revoke execute on function private.validate_enrollment_code(text) from public;
grant execute on function private.validate_enrollment_code(text) to anon, authenticated;

create or replace function public.validate_enrollment_code(p_code text)
returns jsonb
language sql
set search_path = ''
begin atomic
  select private.validate_enrollment_code(p_code);
end;
comment on function public.validate_enrollment_code(text) is
  'EnrollWithCode: what an enrollment code is for. One answer for an unknown, inactive, expired and used one. '
  'Wrong codes are limited.';
revoke execute on function public.validate_enrollment_code(text) from public, anon, authenticated, service_role;
grant execute on function public.validate_enrollment_code(text) to anon, authenticated;
