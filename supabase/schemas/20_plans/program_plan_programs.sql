create or replace function private.program_plan_programs(p_program_plan_id uuid)
returns jsonb
language sql
stable
set search_path = ''
as $$
  select coalesce(
    jsonb_agg(
      jsonb_build_object(
        'program', program.slug, 'programName', program.name, 'tier', t.tier_name, 'creditCost', t.credit_cost
      ) order by program.slug, t.tier_name
    ), '[]'
  )
  from public.program_tier_plans t
  join public.programs program on program.id = t.program_id
  where t.program_plan_id = p_program_plan_id;
$$;
comment on function private.program_plan_programs(uuid) is
  'The tiers of programs that a program plan stands for, with its caller''s rights.';
revoke execute on function private.program_plan_programs(uuid) from public;
grant execute on function private.program_plan_programs(uuid) to authenticated, service_role;
