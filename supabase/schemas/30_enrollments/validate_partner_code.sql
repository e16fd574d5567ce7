create or replace function private.validate_partner_code(p_code text)
returns jsonb
language plpgsql
security definer -- nobody but an admin and the partner may read partner codes
set search_path = ''
as $$
declare
  v_answer jsonb;
begin
  if not private.begin_code_attempt(p_code, clock_timestamp()) then
    return private.refused_code(true);
  end if;
  select jsonb_build_object(
    'valid', true, 'code_id', c.id, 'partner_id', c.partner_id,
    'partner_name', private.display_name(c.partner_id),
    'program_id', program.id, 'program_name', program.name, 'program_slug', program.slug,
    'program_description', program.description, 'cohort_id', c.cohort_id, 'cohort_name', cohort.name,
    'grants_tier', c.grants_tier, 'is_free', c.is_free, 'discount_percent', c.discount_percent
  ) into v_answer
  from public.partner_codes c
  join public.programs program on program.id = c.program_id and program.is_active
  left join public.program_cohorts cohort on cohort.id = c.cohort_id
  where lower(c.code) = lower(btrim(p_code)) and private.is_partner_code_open(c, now())
  order by c.code = btrim(p_code) desc
  limit 1;
  if v_answer is null then
    return private.refused_code(false);
  end if;
  perform private.give_back_code_attempt(p_code);
  return v_answer;
end
$$;
comment on function private.validate_partner_code(text) is 'See public.validate_partner_code.';
revoke execute on function private.validate_partner_code(text) from public;
grant execute on function private.validate_partner_code(text) to anon, authenticated;

create or replace function public.validate_partner_code(p_code text)
returns jsonb
language sql
set search_path = ''
begin atomic
  select private.validate_partner_code(p_code);
end;
comment on function public.validate_partner_code(text) is
  'RedeemPartnerCode, useProgramEnrollment: what a partner code is for. One answer for an unknown, inactive, '
  'expired and used one. Wrong codes are limited.';
revoke execute on function public.validate_partner_code(text) from public, anon, authenticated, service_role;
grant execute on function public.validate_partner_code(text) to anon, authenticated;
