create or replace function private.roll_over_credits(
  p_now timestamptz, p_owner_type text default null, p_from uuid default null, p_to uuid default null,
  out batches_rolled integer, out credits_rolled bigint, out set_aside jsonb
)
language plpgsql
volatile
set search_path = ''
as $$
declare
  v_start constant timestamptz := private.month_start(private.month_start(p_now) - interval '1 day');
  v_end constant timestamptz := private.month_start(p_now);
  v_first_day constant date := (v_start at time zone 'UTC')::date;
  v_day_after constant date := (v_end at time zone 'UTC')::date;
  -- The first run of a month closes the one before, but for those that it had to set aside.
  v_is_closed constant boolean := exists (
    select from public.maintenance_runs m
    where m.error is null and 'rollover' = any (m.actions)
      and m.as_of >= v_end and m.as_of < v_end + interval '1 month'
  );
  v_set_aside constant uuid[] := array(
    select private.uuid_or_null(a ->> 'owner_id')
    from public.maintenance_runs m
    cross join jsonb_array_elements(m.set_aside) a
    where m.as_of >= v_end and m.as_of < v_end + interval '1 month' and a ->> 'action' = 'rollover'
  );
begin
  -- Users: what is unused of the closed month's plan allowance, which is in no batch
  with used as (
    select c.user_id, sum(c.quantity) as quantity
    from public.credit_consumption_log c
    where c.source_type = 'plan' and c.consumed_at >= v_start and c.consumed_at < v_end
      and (p_from is null or c.user_id between p_from and p_to)
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
    left join private.stripe_plans given on given.user_id = p.id and given.plan_id = p.plan_id
    left join public.stripe_subscriptions s on s.id = given.subscription_id
    -- the day of the month on which the plan began to hold; a trial holds nothing
    cross join lateral (
      select least(
        greatest(p.created_at, p.plan_since, s.trial_end, case s.status when 'trialing' then v_end end, v_start), v_end
      ) at time zone 'UTC' as began_at
    ) h
    cross join lateral (
      select plan.credit_allowance::bigint * (v_day_after - h.began_at::date) / (v_day_after - v_first_day) as held
    ) a
    cross join lateral (
      select least(a.held - coalesce(u.quantity, 0), a.held / 2)::integer as amount
    ) r
    where r.amount > 0
      and (p.plan_expires_at is null or p.plan_expires_at >= v_end)
      and (not v_is_closed or p.id = any (v_set_aside))
      and p_owner_type is distinct from 'org'
      and (p_from is null or p.id between p_from and p_to)
    order by p.id
    on conflict (idempotency_key) do nothing
    returning original_amount
  ),
  -- Organisations: the rest of the lapsed allowance batch
  lapsed as materialized (
    select b.id, b.owner_id, b.remaining_amount, b.expires_at, w.credits as amount
    from private.batches_awaiting_rollover(p_now, p_from, p_to) w
    join public.credit_batches b on b.id = w.batch_id
    where b.remaining_amount > 0 and p_owner_type is distinct from 'user'
    order by b.id
    for update of b
  ),
  known as materialized (
    select l.*, (
        select c.balance_after from public.credit_ledger c where c.batch_id = l.id order by c.id desc limit 1
      ) is not distinct from l.remaining_amount as is_sound
    from lapsed l
  ),
  taken_out as (
    insert into public.credit_ledger (
      batch_id, owner_type, owner_id, entry_type, amount, balance_after, cause, idempotency_key, created_at
    )
    select k.id, 'org', k.owner_id, 'rollover_out', -k.amount, k.remaining_amount - k.amount,
      'rollover', 'rollover_out:' || k.id, p_now
    from known k
    where k.is_sound
    order by k.id
  ),
  carried_by_organizations as (
    insert into public.credit_batches (
      id, owner_type, owner_id, original_amount, remaining_amount, granted_at, expires_at, source_type,
      source_reference_id, description, idempotency_key
    )
    select (left(k.owner_id::text, 19) || right(gen_random_uuid()::text, 17))::uuid,
      'org', k.owner_id, k.amount, k.amount, p_now, k.expires_at + interval '1 month', 'rollover',
      k.id::text, 'Unused allowance', 'rollover:org:' || k.id
    from known k
    where k.is_sound
    order by k.owner_id
    returning original_amount
  )
  select count(*), coalesce(sum(c.original_amount), 0), (
      select coalesce(jsonb_agg(private.set_aside(
        'rollover', 'org', k.owner_id, 'entries do not sum to the remaining amount: ' || k.id
      )), '[]')
      from known k where not k.is_sound
    )
  into batches_rolled, credits_rolled, set_aside
  from (
    select original_amount from carried_by_users
    union all
    select original_amount from carried_by_organizations
  ) c;
end
$$;
comment on function private.roll_over_credits(timestamptz, text, uuid, uuid) is
  'Carries over what is unused of the closed month: at most half of the allowance of the days that the plan was '
  'held, for one month more. Trials, rollovers, purchases and grants never roll. Of all owners, or of those from '
  'one id to another.';
revoke execute on function private.roll_over_credits(timestamptz, text, uuid, uuid) from public;
