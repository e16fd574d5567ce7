-- Credit maintenance in the order of the indexes, so that an owner among a million costs about what one among
-- ten thousand does.
--
-- Why: new batches had random ids, so that whatever is found by batch (four indexes, and the batches
-- themselves for the ledger's foreign key) was written and read in one random order, and whatever is found by
-- owner in another. Beyond shared_buffers every row then read and wrote pages of its own. Now a run makes
-- batches in the order of their owners, with ids in the same order, and the batches, the ledger and all their
-- indexes are gone through from one end to the other.
-- Also: entries reach their batches through the index in the order in which they came, not by a hash of all
-- batches, the plan of which a session kept for a single spend as well; a batch that moved is not read again
-- to see whether it fits; what is still to be rolled over is looked up batch by batch, where a plan could
-- compare each with each; one owner's rollover reads that owner's rows only.
-- What the functions do stays the same. Locks: none at migration. Replaces functions of 20260325100003 and
-- 20260331130000. Can be run again.

set lock_timeout = '10s';

-- The ledger ----------------------------------------------------------------------------------------

create or replace function private.open_credit_batches()
returns trigger
language plpgsql
security definer -- whoever may grant a batch need not be allowed to write the ledger
set search_path = ''
as $$
begin
  -- In the order in which they were made, which the makers of many choose with the ledger in mind.
  insert into public.credit_ledger (
    batch_id, owner_type, owner_id, entry_type, amount, balance_after, cause, idempotency_key, created_at
  )
  select b.id, b.owner_type, b.owner_id,
    case b.source_type when 'rollover' then 'rollover_in' else 'grant' end,
    b.remaining_amount, b.remaining_amount,
    coalesce(b.idempotency_key, b.source_type || coalesce(':' || b.source_reference_id, '')),
    'open:' || b.id, b.granted_at
  from new_batches b;
  return null;
end
$$;
comment on function private.open_credit_batches() is
  'Trigger: the first entry of each new batch, whoever made it.';

create or replace function private.post_credit_entries()
returns trigger
language plpgsql
security definer -- whoever may grant a batch need not be allowed to write the ledger
set search_path = ''
-- The plan is made at the first call of a session, for one entry or for a million. What is left for it is
-- the one that fits both: entry after entry, each batch by its key.
set enable_hashjoin = off
set enable_mergejoin = off
set enable_seqscan = off
as $$
declare
  v_moves bigint;
  v_moved bigint := 0;
begin
  select count(*) into v_moves
  from new_entries e
  where e.entry_type not in ('opening_balance', 'grant', 'rollover_in');

  -- Where nothing moves, the index of first entries has refused a second one.
  if v_moves > 0 then
    if exists (select from new_entries e group by e.batch_id having count(*) > 1) then
      raise exception 'one entry a batch and statement' using errcode = '23514';
    end if;
    update public.credit_batches b
    set remaining_amount = e.balance_after,
      is_expired = b.is_expired or e.entry_type = 'expiry'
    from new_entries e
    where e.batch_id = b.id and e.entry_type not in ('opening_balance', 'grant', 'rollover_in')
      and (b.remaining_amount + e.amount, b.owner_type, b.owner_id)
        = (e.balance_after, e.owner_type, e.owner_id);
    get diagnostics v_moved = row_count;
  end if;

  if v_moved <> v_moves or exists (
    select from new_entries e
    join public.credit_batches b on b.id = e.batch_id
    where e.entry_type in ('opening_balance', 'grant', 'rollover_in')
      and (b.remaining_amount, b.owner_type, b.owner_id)
        is distinct from (e.balance_after, e.owner_type, e.owner_id)
  ) then
    raise exception 'a ledger entry does not fit its batch' using errcode = '23514';
  end if;
  return null;
end
$$;
comment on function private.post_credit_entries() is
  'Trigger: carries new ledger entries over to their batches, marks those that expire, and refuses entries that do not add up.';

-- It is called by the update above, and compares old rows with new ones, for which there is no index.
alter function private.guard_credit_batches() set enable_hashjoin = on;

revoke execute on function private.open_credit_batches(), private.post_credit_entries()
  from public, anon, authenticated;

-- Grant ---------------------------------------------------------------------------------------------

create or replace function private.grant_allowances(p_now timestamptz)
returns jsonb
language sql
volatile
set search_path = ''
begin atomic
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
    order by s.organization_id
    on conflict (idempotency_key) do nothing
    returning original_amount
  )
  select jsonb_build_object(
    'success', true, 'batchesGranted', count(*), 'totalGranted', coalesce(sum(g.original_amount), 0)
  )
  from granted g;
end;
comment on function private.grant_allowances(timestamptz) is
  'The month''s allowance of every organisation with an active platform subscription, once a month.';

-- Rollover ------------------------------------------------------------------------------------------

drop function if exists private.batches_awaiting_rollover(timestamptz);

create or replace function private.batches_awaiting_rollover(p_now timestamptz, p_owner_id uuid default null)
returns setof uuid
language plpgsql -- which plans for all owners and for one
stable
set search_path = ''
as $$
begin
  return query
  select b.id
  from public.credit_batches b
  where b.owner_type = 'org' and b.source_type = 'subscription'
    and b.original_amount > 1 and b.remaining_amount > 0
    and b.expires_at <= p_now and b.expires_at + interval '1 month' > p_now
    and (p_owner_id is null or b.owner_id = p_owner_id)
    -- counted, since "not exists" becomes a join, and a join of each with each right after a rollover
    and (
      select count(*) from public.credit_ledger l where l.batch_id = b.id and l.entry_type = 'rollover_out'
    ) = 0;
end
$$;
comment on function private.batches_awaiting_rollover(timestamptz, uuid) is
  'Lapsed allowances of organisations, or of one, that are still to be carried over, so that they must not expire yet.';

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
  'Carries over what is unused of the closed month: at most half of the allowance, for one month more. Rollovers, purchases and grants never roll. Of all owners, or of one.';

revoke execute on function private.grant_allowances(timestamptz),
  private.batches_awaiting_rollover(timestamptz, uuid), private.roll_over_credits(timestamptz, text, uuid)
  from public, anon, authenticated;

-- The run -------------------------------------------------------------------------------------------

-- Sorts of all owners in two or three runs rather than dozens. One of them is at work at a time.
alter function public.run_credit_maintenance(text[], timestamptz, text) set work_mem = '16MB';
