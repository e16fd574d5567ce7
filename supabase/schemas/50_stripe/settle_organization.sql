create or replace function private.settle_organization(p_organization_id uuid)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_known public.org_platform_subscriptions;
  v_source public.stripe_subscriptions;
  v_tier public.org_platform_tiers;
  v_tier_id uuid;
begin
  perform from public.organizations where id = p_organization_id for update;
  select * into v_known from public.org_platform_subscriptions where organization_id = p_organization_id for update;

  -- the best that holds
  select s.* into v_source
  from public.stripe_subscriptions s
  left join public.org_platform_tiers t on t.id = s.tier_id
  where s.organization_id = p_organization_id and s.kind = 'org_platform_subscription'
    and (s.held or s.id = v_known.stripe_subscription_id)
  order by s.holds desc, case when s.holds then coalesce(t.annual_fee_cents, 0) else 0 end desc,
    s.held desc, s.created_at desc, s.id desc
  limit 1;
  if not found then
    -- What it was taken for is another organization's.
    update public.org_platform_subscriptions o
    set tier_id = null, stripe_subscription_id = null, status = 'canceled'
    where o.organization_id = p_organization_id and exists (
      select from public.stripe_subscriptions s
      where s.id = o.stripe_subscription_id and s.organization_id <> p_organization_id
    );
    return 'nothing_held';
  end if;

  insert into private.org_arrangements (
    organization_id, tier_id, billing_period, starts_at, current_period_start, current_period_end
  )
  select p_organization_id, v_known.tier_id, v_known.billing_period, v_known.starts_at, v_known.current_period_start,
    v_known.current_period_end
  where v_known.tier_id is not null and v_known.status = 'active'
    and v_known.stripe_subscription_id is null and v_known.stripe_customer_id is null
  on conflict (organization_id) do nothing;

  -- A tier of no price that is known stays what it was, by the subscription before, or from before the facts.
  select * into v_tier from public.org_platform_tiers t where t.id = v_source.tier_id;
  if v_source.holds then
    v_tier_id := coalesce(
      v_tier.id,
      (
        select s.tier_id from public.stripe_subscriptions s
        where s.organization_id = p_organization_id and s.held and s.tier_id is not null
        order by s.created_at desc, s.id desc
        limit 1
      ),
      v_known.tier_id
    );
  end if;

  if exists (
    select from private.org_arrangements a
    join public.org_platform_tiers t on t.id = a.tier_id
    where a.organization_id = p_organization_id and coalesce(a.current_period_end > now(), true)
      and (
        not v_source.holds
        or t.annual_fee_cents
          > coalesce((select n.annual_fee_cents from public.org_platform_tiers n where n.id = v_tier_id), 0)
      )
  ) then
    return private.restore_org_arrangement(p_organization_id);
  end if;

  insert into public.org_platform_subscriptions as o (
    organization_id, tier_id, stripe_subscription_id, stripe_customer_id, billing_period, starts_at,
    current_period_start, current_period_end, status, canceled_at
  )
  values (
    p_organization_id, v_tier_id, v_source.id,
    case when not exists (
      select from public.stripe_deleted_customers d where d.id = v_source.customer_id
    ) then v_source.customer_id end,
    case
      when v_tier.stripe_monthly_price_id = any (v_source.price_ids) then 'monthly'
      when v_tier.stripe_annual_price_id = any (v_source.price_ids) then 'annual'
      else coalesce(v_known.billing_period, 'annual')
    end,
    coalesce(v_source.created_at, v_known.starts_at, now()), v_source.period_start, v_source.period_end,
    coalesce(v_source.status, 'active'), coalesce(v_source.canceled_at, v_source.ended_at)
  )
  on conflict (organization_id) do update
  set tier_id = excluded.tier_id, stripe_subscription_id = excluded.stripe_subscription_id,
    stripe_customer_id = excluded.stripe_customer_id, billing_period = excluded.billing_period,
    starts_at = excluded.starts_at, current_period_start = excluded.current_period_start,
    current_period_end = excluded.current_period_end, status = excluded.status,
    canceled_at = excluded.canceled_at
  where (
    o.tier_id, o.stripe_subscription_id, o.stripe_customer_id, o.billing_period, o.starts_at,
    o.current_period_start, o.current_period_end, o.status, o.canceled_at
  ) is distinct from (
    excluded.tier_id, excluded.stripe_subscription_id, excluded.stripe_customer_id, excluded.billing_period,
    excluded.starts_at, excluded.current_period_start, excluded.current_period_end, excluded.status,
    excluded.canceled_at
  );
  return case
    when v_source.holds and v_tier_id is null then 'unknown_tier'
    else 'organization_set'
  end;
end
$$;
comment on function private.settle_organization(uuid) is
  'Sets an organisation''s platform subscription, made when missing: the best that holds, else the newest. A tier '
  'only while it holds.';
revoke execute on function private.settle_organization(uuid) from public;
