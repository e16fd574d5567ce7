create or replace function private.stripe_kind(p_subscription_id text)
returns text
language sql
stable
set search_path = ''
as $$
  select coalesce(
    (
      select m.value
      from private.stripe_metadata(p_subscription_id, 'type') with ordinality m (value, rank)
      where m.value in ('user_subscription', 'org_platform_subscription', 'credit_installment')
      order by m.rank
      limit 1
    ),
    (
      select 'org_platform_subscription' from public.org_platform_subscriptions o
      where o.stripe_subscription_id = p_subscription_id limit 1
    ),
    (
      select 'credit_installment' from public.payment_schedules s
      where s.stripe_subscription_id = p_subscription_id limit 1
    ),
    (
      select 'user_subscription' from public.stripe_subscriptions s
      join public.plan_prices p on p.stripe_price_id = any (s.price_ids)
      where s.id = p_subscription_id limit 1
    ),
    (
      select 'org_platform_subscription' from public.stripe_subscriptions s
      join public.org_platform_tiers t
        on t.stripe_annual_price_id = any (s.price_ids) or t.stripe_monthly_price_id = any (s.price_ids)
      where s.id = p_subscription_id limit 1
    ),
    (select 'credit_installment' from private.stripe_metadata(p_subscription_id, 'credit_value') limit 1),
    case when private.stripe_organization(p_subscription_id) is not null then 'org_platform_subscription' end,
    case when private.stripe_user(p_subscription_id) is not null then 'user_subscription' end
  );
$$;
comment on function private.stripe_kind(text) is
  'What a subscription pays for: by its type in metadata, which organisations'' subscriptions lack, else by '
  'what is known under its id, price or customer.';
revoke execute on function private.stripe_kind(text) from public;

create or replace function private.settle_stripe_subscription(p_id text, p_now timestamptz)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_before public.stripe_subscriptions;
  v_after public.stripe_subscriptions;
  v_is_paid boolean;
  v_outcome text;
begin
  select * into v_before from public.stripe_subscriptions where id = p_id;
  v_is_paid := exists (
    select from public.stripe_checkouts c where c.subscription_id = p_id and c.state = 'paid'
  ) or exists (
    select from public.stripe_invoices i where i.subscription_id = p_id and i.status = 'paid'
  );

  update public.stripe_subscriptions s
  set customer_id = coalesce(
      s.customer_id,
      (
        select c.customer_id from public.stripe_checkouts c
        where c.subscription_id = p_id and c.customer_id is not null limit 1
      )
    ),
    holds = case
      when s.status in ('active', 'trialing', 'past_due') then true
      when coalesce(s.status, 'incomplete') = 'incomplete' then v_is_paid -- its snapshot is yet to come
      else false
    end,
    held = s.was_live or v_is_paid
  where s.id = p_id;
  update public.stripe_subscriptions s
  set kind = k.kind,
    user_id = case when k.kind in ('user_subscription', 'credit_installment') then private.stripe_user(p_id) end,
    organization_id = case k.kind when 'org_platform_subscription' then private.stripe_organization(p_id) end,
    plan_id = case k.kind when 'user_subscription' then private.stripe_plan(p_id) end,
    tier_id = case k.kind when 'org_platform_subscription' then private.stripe_tier(p_id) end,
    knows_price = case k.kind
      when 'user_subscription' then s.price_ids = '{}' or private.plan_of_prices(s.price_ids) is not null
      when 'org_platform_subscription' then s.price_ids = '{}' or private.tier_of_prices(s.price_ids) is not null
      else true
    end
  from (select private.stripe_kind(p_id) as kind) k
  where s.id = p_id
  returning s.* into v_after;

  -- Whoever it was taken for before has to do without it.
  if v_before.kind = 'user_subscription' and v_before.user_id is distinct from v_after.user_id then
    perform private.settle_plan(v_before.user_id, p_now);
  end if;
  if v_before.organization_id is distinct from v_after.organization_id then
    perform private.settle_organization(v_before.organization_id);
  end if;

  v_outcome := case
    when v_after.kind is null then 'other_product'
    when v_after.kind = 'org_platform_subscription' and v_after.organization_id is null then 'unknown_organization'
    when v_after.kind = 'org_platform_subscription' then private.settle_organization(v_after.organization_id)
    when v_after.user_id is null then 'unknown_user'
    when v_after.kind = 'credit_installment' then private.settle_installments(p_id, p_now)
    when v_after.plan_id is null then 'unknown_plan'
    else private.settle_plan(v_after.user_id, p_now)
  end;
  -- What it had before stays, and a person enters the price. When it has ended nobody need.
  return case
    when v_after.holds and not v_after.knows_price and not private.is_unmatched(v_outcome)
    then case v_after.kind when 'user_subscription' then 'unknown_plan' else 'unknown_tier' end
    else v_outcome
  end;
end
$$;
comment on function private.settle_stripe_subscription(text, timestamptz) is
  'Finds out whose a subscription is and brings what it pays for up to date with the facts. An outcome that '
  'begins with unknown_ needs a person or a later event; other_product is nothing of ours.';
revoke execute on function private.settle_stripe_subscription(text, timestamptz) from public;
