create or replace function private.roll_over_credits(
  p_now timestamptz, p_owner_type text default null, p_owner_id uuid default null
)
returns public.credit_rollover_result
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_result public.credit_rollover_result;
  v_start constant timestamptz := private.month_start(private.month_start(p_now) - interval '1 day');
  v_end constant timestamptz := private.month_start(p_now);
begin
  -- Users: what is unused of the closed month's plan allowance, which is in no batch
  with used as (
    select c.user_id, sum(c.quantity) as quantity
    from public.credit_consumption_log c
    where c.source_type = 'plan' and c.consumed_at >= v_start and c.consumed_at < v_end
      and (p_owner_type is null or c.user_id = p_owner_id)
    group by c.user_id
  ),
  carried_by_users as (
    insert into public.credit_batches (
      id, owner_type, owner_id, original_amount, remaining_amount, granted_at, expires_at, source_type,
      source_reference_id, description, idempotency_key
    )
    -- The owner's first half and a random second: the order of ids is that of owners.
    select (left(p.id::text, 19) || right(gen_random_uuid()::text, 17))::uuid,
      'user', p.id, r.amount, r.amount, p_now, v_end + interval '1 month', 'rollover', plan.id::text,
      'Unused allowance of ' || to_char(v_start at time zone 'UTC', 'YYYY-MM'),
      'rollover:user:' || p.id || ':' || to_char(v_start at time zone 'UTC', 'YYYY-MM')
    from public.profiles p
    join public.plans plan on plan.id = p.plan_id
    left join used u on u.user_id = p.id
    cross join lateral (
      select least(plan.credit_allowance - coalesce(u.quantity, 0), plan.credit_allowance / 2)::integer as amount
    ) r
    where r.amount > 0
      and (p.plan_expires_at is null or p.plan_expires_at >= v_end)
      and coalesce(p.created_at < v_end, true)
      -- The first run of a month closes the one before: whoever gets a plan later had no allowance then.
      and not exists (
        select from public.maintenance_runs m
        where m.error is null and 'rollover' = any (m.actions)
          and m.as_of >= v_end and m.as_of < v_end + interval '1 month'
      )
      and (p_owner_type is null or (p_owner_type = 'user' and p.id = p_owner_id))
    order by p.id
    on conflict (idempotency_key) do nothing
    returning original_amount
  ),
  -- Organisations: the rest of the lapsed allowance batch
  lapsed as materialized (
    select b.id, b.owner_id, b.remaining_amount, b.expires_at,
      least(b.remaining_amount, b.original_amount / 2) as amount
    from public.credit_batches b
    where b.id in (select private.batches_awaiting_rollover(p_now, p_owner_id)) and b.remaining_amount > 0
      and (p_owner_type is null or (p_owner_type = 'org' and b.owner_id = p_owner_id))
    order by b.id
    for update
  ),
  taken_out as (
    insert into public.credit_ledger (
      batch_id, owner_type, owner_id, entry_type, amount, balance_after, cause, idempotency_key, created_at
    )
    select l.id, 'org', l.owner_id, 'rollover_out', -l.amount, l.remaining_amount - l.amount,
      'rollover', 'rollover_out:' || l.id, p_now
    from lapsed l
  ),
  carried_by_organizations as (
    insert into public.credit_batches (
      id, owner_type, owner_id, original_amount, remaining_amount, granted_at, expires_at, source_type,
      source_reference_id, description, idempotency_key
    )
    select (left(l.owner_id::text, 19) || right(gen_random_uuid()::text, 17))::uuid,
      'org', l.owner_id, l.amount, l.amount, p_now, l.expires_at + interval '1 month', 'rollover',
      l.id::text, 'Unused allowance', 'rollover:org:' || l.id
    from lapsed l
    order by l.owner_id
    returning original_amount
  )
  select true, count(*), coalesce(sum(c.original_amount), 0)
  into v_result.success, v_result.batches_rolled, v_result.credits_rolled
  from (
    select original_amount from carried_by_users
    union all
    select original_amount from carried_by_organizations
  ) c;
  return v_result;
end
$$;
comment on function private.roll_over_credits(timestamptz, text, uuid) is
  'Carries over what is unused of the closed month: at most half of the allowance, for one month more. '
  'Rollovers, purchases and grants never roll. Of all owners, or of one.';
revoke execute on function private.roll_over_credits(timestamptz, text, uuid) from public;
