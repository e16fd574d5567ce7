create or replace function private.health_of_prices()
returns private.operations_check
language sql
stable
set search_path = ''
begin atomic
  with offered as (
    select p.id, p.slug, p.credit_cost, t.tier
    from public.programs p
    cross join lateral (
      select tier.value as tier from jsonb_array_elements_text(p.tiers) as tier (value)
      where jsonb_typeof(p.tiers) = 'array'
      union all
      select null where coalesce(p.tiers, '[]') = '[]'
    ) t
    where p.is_active and not p.requires_separate_purchase
  ),
  unpriced as (
    select o.slug || coalesce(' ' || o.tier, '') as name
    from offered o
    where coalesce(
      (
        select c.credit_cost from public.program_tier_plans c
        where c.program_id = o.id and lower(c.tier_name) = lower(o.tier)
        order by c.tier_name = o.tier desc
        limit 1
      ),
      o.credit_cost, -1
    ) < 0
  )
  select
    null, -- its name, which operations_health gives
    case when count(*) > 0 then 'amber' else 'green' end,
    count(*), min(u.name), null::timestamptz,
    case
      when count(*) > 0 then count(*) || ' tiers of programs have no price: ' || (
        select string_agg(n.name, ', ' order by n.name) from (select u.name from unpriced u order by 1 limit 20) n
      ) || '.'
      else 'Every tier of every program has a price.'
    end
  from unpriced u;
end;
comment on function private.health_of_prices() is
  'Whether every tier of an active program has a price in credits; 0 is one.';
revoke execute on function private.health_of_prices() from public;
