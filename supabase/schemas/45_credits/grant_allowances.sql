create or replace function private.grant_allowances(
  p_now timestamptz, p_from uuid default null, p_to uuid default null
)
returns jsonb
language sql
volatile
set search_path = ''
as $$
  with month as materialized (
    select private.month_start(p_now) + interval '1 month' as ends_at
  ),
  granted as (
    insert into public.credit_batches (
      id, owner_type, owner_id, original_amount, remaining_amount, granted_at, expires_at, source_type,
      source_reference_id, description, idempotency_key
    )
    -- The owner's first half and a random second: the order of ids is that of owners.
    select (left(s.organization_id::text, 19) || right(gen_random_uuid()::text, 17))::uuid,
      'org', s.organization_id, t.credit_allowance, t.credit_allowance, p_now,
      month.ends_at, 'subscription', s.id::text,
      'Monthly allowance of ' || t.name,
      'allowance:org:' || s.organization_id || ':' || to_char(p_now at time zone 'UTC', 'YYYY-MM')
    from public.org_platform_subscriptions s
    join public.org_platform_tiers t on t.id = s.tier_id
    cross join month
    where s.status = 'active' and t.credit_allowance > 0
      and (p_from is null or s.organization_id between p_from and p_to)
    order by s.organization_id
    on conflict (idempotency_key) do nothing
    returning original_amount
  )
  select jsonb_build_object(
    'success', true, 'batchesGranted', count(*), 'totalGranted', coalesce(sum(g.original_amount), 0)
  )
  from granted g;
$$;
comment on function private.grant_allowances(timestamptz, uuid, uuid) is
  'The month''s allowance of every organisation with an active platform subscription, or of those from one id to '
  'another, once a month.';
revoke execute on function private.grant_allowances(timestamptz, uuid, uuid) from public;
