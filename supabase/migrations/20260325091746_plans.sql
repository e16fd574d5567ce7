-- Plans, features and what is used of them.
--
-- Why: usage is counted by the server alone, and the exported configuration of features is one statement.
-- Locks: on production, until commit, SHARE ROW EXCLUSIVE on add_on_features, add_ons, feature_categories,
-- features, plan_features, plan_prices, plans, program_plan_features, program_plans, track_features, tracks,
-- usage_tracking, user_add_ons, user_tracks; SHARE on add_on_consumption_log.
-- Can be run again.

set lock_timeout = '10s';
set check_function_bodies = off; -- a body may name what a later file makes

-- Tables that are there ---------------------------------------------------------------------------

select private.ensure_index(statement) from unnest(array[
  'create index add_on_consumption_log_user_add_on_id_idx on public.add_on_consumption_log (user_add_on_id)',
  'create index add_on_consumption_log_user_id_idx on public.add_on_consumption_log (user_id)',
  $$create index plan_prices_stripe_price_idx
    on public.plan_prices (stripe_price_id) where stripe_price_id is not null$$,
  'create index user_add_ons_granted_by_idx on public.user_add_ons (granted_by) where granted_by is not null'
]) as statement;

-- Lengths of names that admins write and others find in their calendar and mail: what is there is put right, then
-- the checks are made.
insert into private.rows_before_repair (table_name, content)
select 'public.add_ons', to_jsonb(r) from public.add_ons r
where not (
  char_length(name) <= 200
  and char_length(display_name) <= 200);
update public.add_ons
set name = left(name, 200),
  display_name = left(display_name, 200)
where not (
  char_length(name) <= 200
  and char_length(display_name) <= 200
);
insert into private.rows_before_repair (table_name, content)
select 'public.plans', to_jsonb(r) from public.plans r
where not (
  char_length(name) <= 200
  and char_length(display_name) <= 200);
update public.plans
set name = left(name, 200),
  display_name = left(display_name, 200)
where not (
  char_length(name) <= 200
  and char_length(display_name) <= 200
);
insert into private.rows_before_repair (table_name, content)
select 'public.program_plans', to_jsonb(r) from public.program_plans r
where not (
  char_length(name) <= 200
  and char_length(display_name) <= 200);
update public.program_plans
set name = left(name, 200),
  display_name = left(display_name, 200)
where not (
  char_length(name) <= 200
  and char_length(display_name) <= 200
);
do $$
declare
  v_check record;
begin
  for v_check in
    select wanted.* from (values
      ('add_ons', 'add_ons_texts_check', $c$char_length(name) <= 200 and char_length(display_name) <= 200$c$),
      ('plans', 'plans_texts_check', $c$char_length(name) <= 200 and char_length(display_name) <= 200$c$),
      ('program_plans', 'program_plans_texts_check', $c$char_length(name) <= 200 and char_length(display_name) <= 200$c$)
    ) as wanted (table_name, name, definition)
    where not exists (
      select from pg_catalog.pg_constraint c
      where c.conrelid = to_regclass('public.' || wanted.table_name) and c.conname = wanted.name
    )
  loop
    execute format(
      'alter table public.%I add constraint %I check (%s)', v_check.table_name, v_check.name, v_check.definition
    );
  end loop;
end
$$;

-- Comments and grants -----------------------------------------------------------------------------

comment on table public.plans is
  'What a user can subscribe to; profiles.plan_id holds the user''s plan. Key free has is_free = false.';
comment on table public.add_ons is 'Extras sold or granted one by one; consumable ones come with a quantity.';
comment on table public.user_add_ons is
  'The add-ons a user holds and what is left of consumable ones. user_id has no foreign key.';
comment on table public.feature_categories is 'Headings under which the admin pages group the features.';
comment on table public.features is
  'Everything a plan, programme plan, track or add-on can switch on; code refers to key.';
comment on table public.program_plans is
  'What an enrolment entitles to. There is no program_id: programmes come by program_tier_plans.';
comment on table public.tracks is 'Learning tracks a user can follow; they switch features on.';
comment on table public.add_on_consumption_log is 'One row for each use of a consumable add-on.';
comment on table public.add_on_features is 'Which features an add-on switches on.';
comment on table public.plan_features is 'Which features a plan switches on, and up to which limit.';
comment on table public.plan_prices is 'The price of a plan per billing interval, with its Stripe price.';
comment on table public.program_plan_features is
  'Which features a programme plan switches on, and up to which limit.';
comment on table public.track_features is 'Which features a track switches on, and up to which limit.';
comment on table public.usage_tracking is
  'How often a user used a feature in a period. Written by functions alone.';
comment on table public.user_tracks is
  'The tracks a user follows. There is no status column, only is_active.';

revoke all on table public.plans from public, anon, authenticated, service_role;
grant select, delete on table public.plans to authenticated;
grant insert (
  key, name, description, is_active, stripe_product_id, is_free, tier_level, fallback_plan_id, is_purchasable,
  credit_allowance, display_name
) on table public.plans to authenticated;
grant update (
  key, name, description, is_active, stripe_product_id, is_free, tier_level, fallback_plan_id, is_purchasable,
  credit_allowance, display_name
) on table public.plans to authenticated;
grant all on table public.plans to service_role;
revoke all on table public.add_ons from public, anon, authenticated, service_role;
grant select, delete on table public.add_ons to authenticated;
grant insert (
  name, description, price_cents, is_active, is_consumable, initial_quantity, key, display_name
) on table public.add_ons to authenticated;
grant update (
  name, description, price_cents, is_active, is_consumable, initial_quantity, key, display_name
) on table public.add_ons to authenticated;
grant all on table public.add_ons to service_role;
revoke all on table public.user_add_ons from public, anon, authenticated, service_role;
grant select, delete on table public.user_add_ons to authenticated;
grant insert (
  user_id, add_on_id, expires_at, granted_by, notes, quantity_granted, quantity_remaining
) on table public.user_add_ons to authenticated;
grant update (quantity_granted, quantity_remaining) on table public.user_add_ons to authenticated;
grant all on table public.user_add_ons to service_role;
revoke all on table public.feature_categories from public, anon, authenticated, service_role;
grant select, delete on table public.feature_categories to authenticated;
grant insert (name, description, display_order) on table public.feature_categories to authenticated;
grant update (name, description, display_order) on table public.feature_categories to authenticated;
grant all on table public.feature_categories to service_role;
revoke all on table public.features from public, anon, authenticated, service_role;
grant select, delete on table public.features to authenticated;
grant insert (key, name, description, is_consumable, category_id) on table public.features to authenticated;
grant update (key, name, description, is_consumable, category_id) on table public.features to authenticated;
grant all on table public.features to service_role;
revoke all on table public.program_plans from public, anon, authenticated, service_role;
grant select, delete on table public.program_plans to authenticated;
grant insert (
  name, description, tier_level, is_active, credit_allowance, display_name
) on table public.program_plans to authenticated;
grant update (
  name, description, tier_level, is_active, credit_allowance, display_name
) on table public.program_plans to authenticated;
grant all on table public.program_plans to service_role;
revoke all on table public.tracks from public, anon, authenticated, service_role;
grant select, delete on table public.tracks to authenticated;
grant insert (
  name, key, description, icon, is_active, display_order, display_name
) on table public.tracks to authenticated;
grant update (
  name, key, description, icon, is_active, display_order, display_name
) on table public.tracks to authenticated;
grant all on table public.tracks to service_role;
revoke all on table public.add_on_consumption_log from public, anon, authenticated, service_role;
grant select on table public.add_on_consumption_log to authenticated;
grant all on table public.add_on_consumption_log to service_role;
revoke all on table public.add_on_features from public, anon, authenticated, service_role;
grant select, delete on table public.add_on_features to authenticated;
grant insert (add_on_id, feature_id) on table public.add_on_features to authenticated;
grant all on table public.add_on_features to service_role;
revoke all on table public.plan_features from public, anon, authenticated, service_role;
grant select on table public.plan_features to authenticated;
grant insert (
  plan_id, feature_id, enabled, limit_value, is_restrictive
) on table public.plan_features to authenticated;
grant update (enabled, limit_value, is_restrictive) on table public.plan_features to authenticated;
grant all on table public.plan_features to service_role;
revoke all on table public.plan_prices from public, anon, authenticated, service_role;
grant select, delete on table public.plan_prices to authenticated;
grant insert (
  plan_id, billing_interval, price_cents, stripe_price_id, is_default
) on table public.plan_prices to authenticated;
grant update (
  billing_interval, price_cents, stripe_price_id, is_default
) on table public.plan_prices to authenticated;
grant all on table public.plan_prices to service_role;
revoke all on table public.program_plan_features from public, anon, authenticated, service_role;
grant select on table public.program_plan_features to authenticated;
grant insert (
  program_plan_id, feature_id, enabled, limit_value
) on table public.program_plan_features to authenticated;
grant update (enabled, limit_value) on table public.program_plan_features to authenticated;
grant all on table public.program_plan_features to service_role;
revoke all on table public.track_features from public, anon, authenticated, service_role;
grant select on table public.track_features to authenticated;
grant insert (track_id, feature_id, is_enabled, limit_value) on table public.track_features to authenticated;
grant update (is_enabled, limit_value) on table public.track_features to authenticated;
grant all on table public.track_features to service_role;
revoke all on table public.usage_tracking from public, anon, authenticated, service_role;
grant select on table public.usage_tracking to authenticated;
grant all on table public.usage_tracking to service_role;
revoke all on table public.user_tracks from public, anon, authenticated, service_role;
grant select on table public.user_tracks to authenticated;
grant insert (user_id, track_id, is_active) on table public.user_tracks to authenticated;
grant update (is_active) on table public.user_tracks to authenticated;
grant all on table public.user_tracks to service_role;

-- Functions ---------------------------------------------------------------------------------------

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

-- Triggers ----------------------------------------------------------------------------------------

create or replace trigger audit_writes
  after insert or update or delete on public.plans
  for each row execute function private.audit_writes();
create or replace trigger update_plans_updated_at
  before update on public.plans
  for each row execute function public.update_updated_at_column();
create or replace trigger audit_writes
  after insert or update or delete on public.add_ons
  for each row execute function private.audit_writes();
create or replace trigger update_add_ons_updated_at
  before update on public.add_ons
  for each row execute function public.update_updated_at_column();
create or replace trigger audit_writes
  after insert or update or delete on public.user_add_ons
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes('admins');
create or replace trigger audit_writes
  after insert or update or delete on public.feature_categories
  for each row execute function private.audit_writes();
create or replace trigger update_feature_categories_updated_at
  before update on public.feature_categories
  for each row execute function public.update_updated_at_column();
create or replace trigger audit_writes
  after insert or update or delete on public.features
  for each row execute function private.audit_writes();
create or replace trigger update_features_updated_at
  before update on public.features
  for each row execute function public.update_updated_at_column();
create or replace trigger audit_writes
  after insert or update or delete on public.program_plans
  for each row execute function private.audit_writes();
create or replace trigger update_program_plans_updated_at
  before update on public.program_plans
  for each row execute function public.update_updated_at_column();
create or replace trigger audit_writes
  after insert or update or delete on public.tracks
  for each row execute function private.audit_writes();
create or replace trigger update_tracks_updated_at
  before update on public.tracks
  for each row execute function public.update_updated_at_column();
create or replace trigger audit_writes
  after insert or update or delete on public.add_on_features
  for each row execute function private.audit_writes();
create or replace trigger audit_writes
  after insert or update or delete on public.plan_features
  for each row execute function private.audit_writes();
create or replace trigger audit_writes
  after insert or update or delete on public.plan_prices
  for each row execute function private.audit_writes();
create or replace trigger update_plan_prices_updated_at
  before update on public.plan_prices
  for each row execute function public.update_updated_at_column();
create or replace trigger audit_writes
  after insert or update or delete on public.program_plan_features
  for each row execute function private.audit_writes();
create or replace trigger audit_writes
  after insert or update or delete on public.track_features
  for each row execute function private.audit_writes();
create or replace trigger update_usage_tracking_updated_at
  before update on public.usage_tracking
  for each row execute function public.update_updated_at_column();
create or replace trigger audit_writes
  after insert or update or delete on public.user_tracks
  for each row when (current_setting('role') = 'authenticated')
  execute function private.audit_writes('admins');
create or replace trigger update_user_tracks_updated_at
  before update on public.user_tracks
  for each row execute function public.update_updated_at_column();

-- What needs the functions above ------------------------------------------------------------------

-- AFTER the composed grants: columns of the application's later state, which its admin pages write, where they are.
do $$
declare
  v_column record;
begin
  for v_column in
    select c.relname, a.attname from pg_catalog.pg_attribute a
    join pg_catalog.pg_class c on c.oid = a.attrelid
    where a.attnum > 0 and not a.attisdropped
      and (c.relname, a.attname) in (
        ('features', 'admin_notes'), ('programs', 'default_duration_days'), ('programs', 'is_published')
      ) and c.relnamespace = 'public'::regnamespace
  loop
    execute format('grant update (%I) on table public.%I to authenticated', v_column.attname, v_column.relname);
    if v_column.relname = 'features' then
      execute format('grant insert (%I) on table public.%I to authenticated', v_column.attname, v_column.relname);
    end if;
  end loop;
end
$$;
