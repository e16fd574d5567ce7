create or replace function private.credit_config()
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'planCredits', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'key', p.key, 'name', p.name, 'creditAllowance', p.credit_allowance,
        'creditValidityMonths', p.credit_validity_months, 'isActive', p.is_active
      ) order by p.key), '[]')
      from public.plans p
    ),
    'programPlanCredits', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'name', p.name, 'tierLevel', p.tier_level, 'creditAllowance', p.credit_allowance,
        'isActive', p.is_active, 'programName', tiers.programs -> 0 ->> 'programName',
        'programs', tiers.programs
      ) order by p.name, p.tier_level, p.id), '[]')
      from public.program_plans p
      cross join lateral private.program_plan_programs(p.id) as tiers (programs)
    ),
    'addOnCredits', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'key', a.key, 'name', a.name, 'initialQuantity', a.initial_quantity, 'priceCents', a.price_cents,
        'isActive', a.is_active
      ) order by a.key), '[]')
      from public.add_ons a
      where a.is_consumable
    ),
    'creditServices', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'name', s.name, 'description', s.description, 'category', s.category, 'creditCost', s.credit_cost,
        'featureKey', f.key, 'trackKey', t.key, 'trackDiscountedCost', s.track_discounted_cost,
        'isActive', s.is_active
      ) order by s.category, s.name, s.id), '[]')
      from public.credit_services s
      left join public.features f on f.id = s.feature_id
      left join public.tracks t on t.id = s.track_id
    ),
    'consumableFeatureLimits', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'planKey', p.key, 'featureKey', f.key, 'limitValue', x.limit_value
      ) order by p.key, f.key), '[]')
      from public.plan_features x
      join public.plans p on p.id = x.plan_id
      join public.features f on f.id = x.feature_id
      where f.is_consumable and x.enabled and x.limit_value is not null
    )
  );
$$;
comment on function private.credit_config() is
  'What plans, program plans, add-ons and services give and cost in credits, with its caller''s rights.';
revoke execute on function private.credit_config() from public;
grant execute on function private.credit_config() to authenticated, service_role;

create or replace function public.export_feature_config(p_type text)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  v_user_id uuid := (select auth.uid());
  v_head jsonb;
begin
  if (select auth.role()) is distinct from 'service_role'
    and (not private.has_role(v_user_id, 'admin') or private.is_disabled(v_user_id)) then
    return jsonb_build_object('code', 'forbidden');
  end if;
  v_head := jsonb_build_object(
    'type', p_type,
    'exportedAt', now(),
    'exportedBy', (select p.email from public.profiles p where p.id = v_user_id)
  );
  return jsonb_build_object(
    'code', 'ok',
    'export', case p_type
      when 'feature-assignments' then v_head || private.feature_assignments()
      when 'credit-config' then v_head || private.credit_config()
    end
  );
end
$$;
comment on function public.export_feature_config(text) is
  'export-feature-config: { code: ok | forbidden, export }, for a platform admin under row level security '
  'or the service role. p_type: feature-assignments or credit-config.';
revoke execute on function public.export_feature_config(text)
  from public, anon, authenticated, service_role;
grant execute on function public.export_feature_config(text) to authenticated, service_role;
