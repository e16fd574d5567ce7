create or replace function private.base_plan(
  p_profile public.profiles, p_given private.stripe_plans, p_source public.stripe_subscriptions, p_now timestamptz
)
returns private.stripe_plans
language plpgsql
stable
set search_path = ''
as $$
declare
  v_base private.stripe_plans := p_given;
begin
  if p_given.user_id is not null then
    if p_profile.plan_id is distinct from p_given.plan_id then -- somebody else gave it since
      v_base.base_plan_id := p_profile.plan_id;
      v_base.base_expires_at := p_profile.plan_expires_at;
      v_base.base_since := coalesce(p_given.subscribed_at, p_now);
    end if;
    return v_base;
  end if;

  if p_profile.plan_id is not null
    -- bought before the facts begin
    and not exists (
      select from public.stripe_subscriptions s
      where s.user_id = p_profile.id and s.kind = 'user_subscription' and s.plan_id = p_profile.plan_id
    )
    and not exists (
      select from private.plans_before_stripe b
      where b.user_id = p_profile.id and b.plan_id = p_profile.plan_id and p_source.created_at < b.noted_at
    )
  then
    v_base.base_plan_id := p_profile.plan_id;
    v_base.base_expires_at := p_profile.plan_expires_at;
  end if;
  return v_base;
end
$$;
comment on function private.base_plan(public.profiles, private.stripe_plans, public.stripe_subscriptions, timestamptz)
is 'The plan of a user that Stripe did not give, in the columns base_*.';
revoke execute on function private.base_plan(public.profiles, private.stripe_plans, public.stripe_subscriptions, timestamptz)
  from public;

create or replace function private.settle_plan(p_user_id uuid, p_now timestamptz)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_profile public.profiles;
  v_given private.stripe_plans;
  v_source public.stripe_subscriptions;
  v_plan_id uuid;
  v_expires_at timestamptz;
  v_level integer;
  v_base_level integer;
  v_is_kept boolean;
begin
  select * into v_profile from public.profiles where id = p_user_id for update;
  select * into v_given from private.stripe_plans where user_id = p_user_id;

  -- The best that holds. created_at is null while only the checkout of a new subscription is known.
  select s.* into v_source
  from public.stripe_subscriptions s
  join public.plans p on p.id = s.plan_id
  where s.user_id = p_user_id and s.kind = 'user_subscription'
    and (
      s.held
      -- bought before the facts begin: it gave the plan that was there then if it is this plan's
      or (
        s.status in ('canceled', 'unpaid', 'paused', 'incomplete_expired')
        and exists (
          select from private.plans_before_stripe b
          where b.user_id = s.user_id and b.plan_id = s.plan_id and s.created_at < b.noted_at
        )
      )
    )
  order by s.holds desc,
    case when s.holds then p.tier_level else 0 end desc,
    case when s.holds then private.lowest_price(p.id) else 0 end desc,
    s.created_at desc, s.id desc
  limit 1;
  if not found then
    -- What it was taken for the source of is somebody else's: as if it never had been.
    delete from private.stripe_plans where user_id = p_user_id;
    update public.profiles set plan_id = v_given.base_plan_id, plan_expires_at = v_given.base_expires_at
    where id = p_user_id and v_given.user_id is not null and plan_id = v_given.plan_id;
    return 'nothing_held';
  end if;
  v_given := private.base_plan(v_profile, v_given, v_source, p_now);

  if v_source.holds then
    v_plan_id := v_source.plan_id;
    v_expires_at := v_source.period_end;
  else
    select coalesce(p.fallback_plan_id, (select f.id from public.plans f where f.key = 'free'))
    into v_plan_id
    from public.plans p where p.id = v_source.plan_id;
  end if;

  select p.tier_level into v_level from public.plans p where p.id = v_plan_id;
  select p.tier_level into v_base_level from public.plans p
  where p.id = v_given.base_plan_id and coalesce(v_given.base_expires_at > p_now, true);
  v_is_kept := case
    when v_base_level is null then false
    when v_base_level <> coalesce(v_level, 0) then v_base_level > coalesce(v_level, 0)
    -- of two as good, the one that came later
    when v_source.holds then coalesce(v_source.created_at <= v_given.base_since, false)
    else true
  end;
  if v_is_kept then
    v_plan_id := v_given.base_plan_id;
    v_expires_at := v_given.base_expires_at;
  end if;

  insert into private.stripe_plans (
    user_id, plan_id, subscription_id, subscribed_at, base_plan_id, base_expires_at, base_since
  )
  values (
    p_user_id, v_plan_id, v_source.id, v_source.created_at, v_given.base_plan_id, v_given.base_expires_at,
    v_given.base_since
  )
  on conflict (user_id) do update
  set plan_id = excluded.plan_id, subscription_id = excluded.subscription_id,
    subscribed_at = excluded.subscribed_at, base_plan_id = excluded.base_plan_id,
    base_expires_at = excluded.base_expires_at, base_since = excluded.base_since;

  if (v_profile.plan_id, v_profile.plan_expires_at) is not distinct from (v_plan_id, v_expires_at) then
    return case when v_is_kept then 'plan_kept' else 'plan_unchanged' end;
  end if;
  update public.profiles set plan_id = v_plan_id, plan_expires_at = v_expires_at where id = p_user_id;
  return case when v_is_kept then 'plan_restored' when v_source.holds then 'plan_set' else 'fallback_set' end;
end
$$;
comment on function private.settle_plan(uuid, timestamptz) is
  'Sets a user''s plan: that of the best subscription that holds, else what follows the one that ended; or what Stripe '
  'did not give, where that is better.';
revoke execute on function private.settle_plan(uuid, timestamptz) from public;
