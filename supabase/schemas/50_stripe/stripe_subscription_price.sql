create or replace function private.keep_stripe_prices(
  p_subscription jsonb, p_as_of timestamptz, p_rank integer
)
returns void
language sql
volatile
set search_path = ''
as $$
  insert into public.stripe_subscriptions (id) values (p_subscription ->> 'id') on conflict (id) do nothing;
  insert into public.stripe_subscription_prices as p (subscription_id, prices, as_of, as_of_rank)
  select p_subscription ->> 'id', array_to_string(private.stripe_price_ids(p_subscription), ' '), p_as_of, p_rank
  where private.stripe_price_ids(p_subscription) <> '{}'
  on conflict (subscription_id, prices) do update
  set as_of = excluded.as_of, as_of_rank = excluded.as_of_rank
  where (excluded.as_of, excluded.as_of_rank) > (p.as_of, p.as_of_rank);
$$;
comment on function private.keep_stripe_prices(jsonb, timestamptz, integer) is
  'Keeps which prices a snapshot names, a stale one too.';
revoke execute on function private.keep_stripe_prices(jsonb, timestamptz, integer) from public;

create or replace function private.plan_of_prices(p_price_ids text[])
returns uuid
language sql
stable
set search_path = ''
begin atomic
  select p.plan_id
  from unnest(p_price_ids) with ordinality i (price_id, place)
  join public.plan_prices p on p.stripe_price_id = i.price_id
  order by i.place, p.created_at, p.id
  limit 1;
end;
comment on function private.plan_of_prices(text[]) is 'The plan that the first known of these prices is of.';
revoke execute on function private.plan_of_prices(text[]) from public;

create or replace function private.lowest_price(p_plan_id uuid)
returns integer
language sql
stable
set search_path = ''
begin atomic
  select coalesce(min(p.price_cents), 0) from public.plan_prices p where p.plan_id = p_plan_id;
end;
comment on function private.lowest_price(uuid) is
  'What a plan costs at the least, a month: tells which of two plans of one level is the better.';
revoke execute on function private.lowest_price(uuid) from public;

create or replace function private.tier_of_prices(p_price_ids text[])
returns uuid
language sql
stable
set search_path = ''
begin atomic
  select t.id from public.org_platform_tiers t
  where t.stripe_annual_price_id = any (p_price_ids) or t.stripe_monthly_price_id = any (p_price_ids)
  order by t.display_order, t.id
  limit 1;
end;
comment on function private.tier_of_prices(text[]) is 'The tier that these prices are of.';
revoke execute on function private.tier_of_prices(text[]) from public;

create or replace function private.stripe_plan(p_subscription_id text)
returns uuid
language sql
stable
set search_path = ''
begin atomic
  select coalesce(
    (select private.plan_of_prices(s.price_ids) from public.stripe_subscriptions s where s.id = p_subscription_id),
    (
      select private.plan_of_prices(string_to_array(p.prices, ' '))
      from public.stripe_subscription_prices p
      where p.subscription_id = p_subscription_id
        and private.plan_of_prices(string_to_array(p.prices, ' ')) is not null
      order by p.as_of desc, p.as_of_rank desc, p.prices desc
      limit 1
    ),
    (
      select p.id
      from private.stripe_metadata(p_subscription_id, 'plan_id') with ordinality m (value, rank)
      join public.plans p on p.id = private.uuid_or_null(m.value)
      order by m.rank
      limit 1
    )
  );
end;
comment on function private.stripe_plan(text) is
  'The plan that a subscription pays for: by its price, else by the price it had before, else by the metadata of '
  'its checkout, which a move in Stripe''s portal leaves as they were.';
revoke execute on function private.stripe_plan(text) from public;

create or replace function private.stripe_tier(p_subscription_id text)
returns uuid
language sql
stable
set search_path = ''
begin atomic
  select coalesce(
    (select private.tier_of_prices(s.price_ids) from public.stripe_subscriptions s where s.id = p_subscription_id),
    (
      select private.tier_of_prices(string_to_array(p.prices, ' '))
      from public.stripe_subscription_prices p
      where p.subscription_id = p_subscription_id
        and private.tier_of_prices(string_to_array(p.prices, ' ')) is not null
      order by p.as_of desc, p.as_of_rank desc, p.prices desc
      limit 1
    ),
    (
      select t.id
      from private.stripe_metadata(p_subscription_id, 'tier_id') with ordinality m (value, rank)
      join public.org_platform_tiers t on t.id = private.uuid_or_null(m.value)
      order by m.rank
      limit 1
    )
  );
end;
comment on function private.stripe_tier(text) is
  'The tier that an organisation''s subscription pays for, found as stripe_plan finds a plan.';
revoke execute on function private.stripe_tier(text) from public;
