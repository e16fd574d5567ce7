-- The export of features, plans and credits: one query, complete, the same bytes for the same rows.
--
-- Why: fourteen queries over HTTP with their errors unread and 1,000 rows at most made exports that were
-- incomplete and looked complete; a program plan's programs were read through default_program_plan_id,
-- while program_tier_plans holds them.
-- Locks: none. Can be run again.

set lock_timeout = '10s';

do $$
begin
  perform private.drop_public_functions('export_feature_config');
end
$$;

create or replace function private.program_plan_programs(p_program_plan_id uuid)
returns jsonb
language sql
stable
set search_path = ''
begin atomic
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
end;
comment on function private.program_plan_programs(uuid) is
  'The tiers of programs that a program plan stands for, with its caller''s rights.';
revoke execute on function private.program_plan_programs(uuid) from public, anon;
grant execute on function private.program_plan_programs(uuid) to authenticated, service_role;

create or replace function private.feature_assignments()
returns jsonb
language sql
stable
set search_path = ''
begin atomic
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
end;
comment on function private.feature_assignments() is
  'Features, what they hang on, and which hangs on which, by key or name, with its caller''s rights.';
revoke execute on function private.feature_assignments() from public, anon;
grant execute on function private.feature_assignments() to authenticated, service_role;

create or replace function private.credit_config()
returns jsonb
language sql
stable
set search_path = ''
begin atomic
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
end;
comment on function private.credit_config() is
  'What plans, program plans, add-ons and services give and cost in credits, with its caller''s rights.';
revoke execute on function private.credit_config() from public, anon;
grant execute on function private.credit_config() to authenticated, service_role;

create function public.export_feature_config(p_type text, p_now timestamptz default now())
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
    'exportedAt', p_now,
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
comment on function public.export_feature_config(text, timestamptz) is
  'export-feature-config: { code: ok | forbidden, export }, for a platform admin under row level security or the service role. p_type: feature-assignments or credit-config.';
revoke execute on function public.export_feature_config(text, timestamptz) from public, anon;
grant execute on function public.export_feature_config(text, timestamptz) to authenticated, service_role;
