create or replace function private.feature_assignments()
returns jsonb
language sql
stable
set search_path = ''
as $$
  select jsonb_build_object(
    'features', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'key', f.key, 'name', f.name, 'description', f.description, 'category', c.name,
        'isConsumable', f.is_consumable, 'isSystem', f.is_system, 'isActive', f.is_active
      ) order by f.key), '[]')
      from public.features f left join public.feature_categories c on c.id = f.category_id
    ),
    'featureCategories', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'name', c.name, 'description', c.description, 'displayOrder', c.display_order
      ) order by c.display_order, c.name, c.id), '[]')
      from public.feature_categories c
    ),
    'plans', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'key', p.key, 'name', p.name, 'description', p.description, 'tierLevel', p.tier_level,
        'fallbackPlan', fallback.key, 'isFree', p.is_free, 'isPurchasable', p.is_purchasable,
        'isActive', p.is_active
      ) order by p.key), '[]')
      from public.plans p left join public.plans fallback on fallback.id = p.fallback_plan_id
    ),
    'programPlans', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'name', p.name, 'description', p.description, 'tierLevel', p.tier_level, 'isActive', p.is_active,
        'programName', tiers.programs -> 0 ->> 'programName', 'programs', tiers.programs
      ) order by p.name, p.tier_level, p.id), '[]')
      from public.program_plans p
      cross join lateral private.program_plan_programs(p.id) as tiers (programs)
    ),
    'tracks', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'key', t.key, 'name', t.name, 'description', t.description, 'displayOrder', t.display_order,
        'isActive', t.is_active
      ) order by t.key), '[]')
      from public.tracks t
    ),
    'addOns', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'key', a.key, 'name', a.name, 'description', a.description, 'priceCents', a.price_cents,
        'isConsumable', a.is_consumable, 'initialQuantity', a.initial_quantity, 'isActive', a.is_active
      ) order by a.key), '[]')
      from public.add_ons a
    ),
    'assignments', jsonb_build_object(
      'planFeatures', (
        select coalesce(jsonb_agg(jsonb_build_object(
          'planKey', p.key, 'featureKey', f.key, 'enabled', x.enabled, 'limitValue', x.limit_value,
          'isRestrictive', x.is_restrictive
        ) order by p.key, f.key), '[]')
        from public.plan_features x
        join public.plans p on p.id = x.plan_id
        join public.features f on f.id = x.feature_id
      ),
      'programPlanFeatures', (
        select coalesce(jsonb_agg(jsonb_build_object(
          'programPlanName', p.name, 'featureKey', f.key, 'enabled', x.enabled, 'limitValue', x.limit_value
        ) order by p.name, p.tier_level, p.id, f.key), '[]')
        from public.program_plan_features x
        join public.program_plans p on p.id = x.program_plan_id
        join public.features f on f.id = x.feature_id
      ),
      'trackFeatures', (
        select coalesce(jsonb_agg(jsonb_build_object(
          'trackKey', t.key, 'featureKey', f.key, 'enabled', x.is_enabled, 'limitValue', x.limit_value
        ) order by t.key, f.key), '[]')
        from public.track_features x
        join public.tracks t on t.id = x.track_id
        join public.features f on f.id = x.feature_id
      ),
      'addOnFeatures', (
        select coalesce(jsonb_agg(jsonb_build_object('addOnKey', a.key, 'featureKey', f.key)
          order by a.key, f.key), '[]')
        from public.add_on_features x
        join public.add_ons a on a.id = x.add_on_id
        join public.features f on f.id = x.feature_id
      )
    )
  );
$$;
comment on function private.feature_assignments() is
  'Features, what they hang on, and which hangs on which, by key or name, with its caller''s rights.';
revoke execute on function private.feature_assignments() from public;
grant execute on function private.feature_assignments() to authenticated, service_role;
