-- Granting, spending and refunding credits, and what is left: under the names the web app calls.
--
-- Why: production's functions took a balance and then refused, let every visitor grant credits to
-- anybody, failed for every organisation and could be drawn from twice at once.
-- Rules: one transaction-level lock an owner, so that two spends see one another; a refusal is an
-- outcome and takes nothing; soonest expiry first, then granted before purchased, then oldest.
-- Locks: none on tables beyond the functions' own. Replaces production's functions of these names,
-- whose results have another type. Can be run again.

set lock_timeout = '10s';

do $$
declare
  v_function regprocedure;
begin
  perform private.drop_public_functions(
    'grant_credit_batch', 'consume_credits_fifo', 'refund_credits', 'get_user_credit_summary_v2',
    'get_org_credit_summary_v2'
  );

  -- The older balances, beside the batches: nobody but the service role calls these any more.
  for v_function in
    select p.oid::regprocedure from pg_proc p
    where p.pronamespace = 'public'::regnamespace
      and p.proname in (
        'add_user_credits', 'add_org_credits', 'consume_user_credits', 'consume_org_credits',
        'enroll_with_user_credits', 'consume_enrollment_credits', 'consume_credit_service',
        'consume_resource_credit', 'consume_unified_credits', 'update_installment_payment_status',
        'process_monthly_credit_rollovers', 'process_monthly_rollover'
      )
  loop
    execute format('revoke execute on function %s from public, anon, authenticated', v_function);
  end loop;

  if to_regtype('public.credit_spend_result') is null then
    create type public.credit_spend_result as (
      success boolean,
      code text, -- null | invalid_amount | insufficient_credits | not_allowed | idempotency_conflict
      error text,
      spend_id uuid,
      requested integer,
      consumed integer,
      from_plan integer,
      from_program integer,
      from_bonus integer,
      remaining_needed integer,
      details jsonb -- [{ source: plan | program | bonus, batch_id, amount }]
    );
    create type public.credit_refund_result as (
      success boolean,
      code text, -- null | unknown_spend | invalid_amount | exceeds_spend
      error text,
      refunded integer, -- by this refund
      refundable integer -- still
    );
    create type public.credit_summary as (
      plan_allowance integer, -- of the calendar month (UTC); null: no active plan
      plan_used integer,
      plan_remaining integer,
      program_total bigint,
      program_remaining bigint,
      bonus_total bigint,
      bonus_remaining bigint,
      total_available bigint,
      expiring_within_7_days bigint,
      earliest_expiry timestamptz,
      batches jsonb -- [{ id, source_type, feature_key, original_amount, remaining_amount, expires_at, description }]
    );
  end if;
end
$$;
comment on type public.credit_spend_result is 'What consume_credits_fifo answers.';
comment on type public.credit_refund_result is 'What refund_credits answers.';
comment on type public.credit_summary is 'What the credit summaries answer.';

-- Helpers -------------------------------------------------------------------------------------------

create or replace function private.lock_credit_owner(p_owner_type text, p_owner_id uuid)
returns void
language sql
volatile
set search_path = ''
begin atomic
  select pg_advisory_xact_lock(hashtextextended('credits:' || p_owner_type || ':' || p_owner_id, 0));
end;
comment on function private.lock_credit_owner(text, uuid) is
  'Makes spends of one owner follow one another. Plan allowance has no row that could be locked.';

create or replace function private.month_start(p_now timestamptz)
returns timestamptz
language sql
immutable
set search_path = ''
begin atomic
  select date_trunc('month', p_now at time zone 'UTC') at time zone 'UTC';
end;
comment on function private.month_start(timestamptz) is 'The start of the calendar month in UTC.';

create or replace function private.plan_allowance(
  p_user_id uuid, p_now timestamptz, out allowance integer, out used integer
)
language sql
stable
set search_path = ''
set timezone = 'UTC' -- "+ 1 month" is the session's month otherwise, and a client may choose its zone
begin atomic
  select plan.credit_allowance, (
      select coalesce(sum(c.quantity), 0)
      from public.credit_consumption_log c
      where c.user_id = p_user_id and c.source_type = 'plan'
        and c.consumed_at >= private.month_start(p_now)
        and c.consumed_at < private.month_start(p_now) + interval '1 month'
    )::integer
  from public.profiles p
  join public.plans plan on plan.id = p.plan_id
  where p.id = p_user_id
    and plan.credit_allowance > 0
    and (p.plan_expires_at is null or p.plan_expires_at > p_now);
end;
comment on function private.plan_allowance(uuid, timestamptz) is
  'A user''s plan allowance of the month and how much of it is used; nulls without an active plan.';

create or replace function private.may_manage_credits(p_owner_type text, p_owner_id uuid)
returns boolean
language sql
stable
set search_path = ''
begin atomic
  select case
    -- set by the Data API, and by security definer functions left alone: the service role, cron, the owner
    when current_setting('role') not in ('anon', 'authenticated') then true
    when p_owner_type = 'user' then p_owner_id = (select auth.uid())
    else private.is_org_admin_or_manager((select auth.uid()), p_owner_id)
  end;
end;
comment on function private.may_manage_credits(text, uuid) is
  'Whether the caller may see and spend these credits: their own, or an organisation''s that they manage.';

-- Grant ---------------------------------------------------------------------------------------------

create function public.grant_credit_batch(
  p_owner_type text,
  p_owner_id uuid,
  p_amount integer,
  p_expires_at timestamptz,
  p_source_type text,
  p_feature_key text default null,
  p_source_reference_id text default null,
  p_description text default null,
  p_idempotency_key text default null,
  p_now timestamptz default now()
)
returns uuid
language plpgsql
security definer -- writes credit_batches and, by its trigger, the ledger
set search_path = ''
as $$
declare
  v_batch_id uuid;
begin
  -- far from any sum that could overflow
  if p_amount is null or p_amount not between 1 and 100000000 then
    raise exception 'a grant is of 1 to 100,000,000 credits' using errcode = '22023';
  end if;
  if p_expires_at is null or p_expires_at <= p_now then
    raise exception 'a grant expires in the future' using errcode = '22023';
  end if;
  if (
    case p_owner_type
      when 'user' then exists (select from public.profiles where id = p_owner_id)
      when 'org' then exists (select from public.organizations where id = p_owner_id)
    end
  ) is not true then
    raise exception 'nobody is there to own the credits' using errcode = '22023';
  end if;

  insert into public.credit_batches (
    owner_type, owner_id, feature_key, original_amount, remaining_amount, granted_at, expires_at,
    source_type, source_reference_id, description, idempotency_key
  )
  values (
    p_owner_type, p_owner_id, p_feature_key, p_amount, p_amount, p_now, p_expires_at,
    p_source_type, p_source_reference_id, p_description, p_idempotency_key
  )
  on conflict (idempotency_key) do nothing
  returning id into v_batch_id;

  if v_batch_id is null then
    select id into v_batch_id from public.credit_batches
    where idempotency_key = p_idempotency_key and owner_type = p_owner_type and owner_id = p_owner_id
      and original_amount = p_amount;
    if not found then
      raise exception 'this key stands for another grant' using errcode = '22023';
    end if;
    return v_batch_id;
  end if;

  if p_owner_type = 'user' then
    insert into public.user_credit_transactions (
      user_id, transaction_type, amount, balance_after, description, batch_id
    )
    select p_owner_id, 'grant', p_amount, least(sum(b.remaining_amount), 2147483647), p_description, v_batch_id
    from public.credit_batches b
    where b.owner_type = 'user' and b.owner_id = p_owner_id and b.remaining_amount > 0
      and b.expires_at > p_now and (b.feature_key is null or b.feature_key = p_feature_key);
  end if;
  return v_batch_id;
end
$$;
comment on function public.grant_credit_batch(
  text, uuid, integer, timestamptz, text, text, text, text, text, timestamptz
) is
  'Grants credits and returns the batch. With p_idempotency_key a repetition returns the same batch; with other figures under the same key it raises.';
revoke execute on function public.grant_credit_batch(
  text, uuid, integer, timestamptz, text, text, text, text, text, timestamptz
) from public, anon, authenticated;
grant execute on function public.grant_credit_batch(
  text, uuid, integer, timestamptz, text, text, text, text, text, timestamptz
) to service_role;

-- Spend ---------------------------------------------------------------------------------------------

create or replace function private.spend_credits(
  p_owner_type text,
  p_owner_id uuid,
  p_amount integer,
  p_feature_key text,
  p_action_type text,
  p_action_reference_id text,
  p_description text,
  p_idempotency_key text default null,
  p_now timestamptz default now()
)
returns public.credit_spend_result
language plpgsql
security definer -- writes the ledger; callers check who may spend
set search_path = ''
set timezone = 'UTC' -- as above
as $$
declare
  v_result public.credit_spend_result;
  v_spend public.credit_spends;
  v_plan_remaining integer := 0;
  v_available bigint;
begin
  v_result.success := false;
  v_result.requested := p_amount;
  v_result.consumed := 0;
  if p_amount is null or p_amount <= 0 then
    v_result.code := 'invalid_amount';
    v_result.error := 'The amount must be positive';
    return v_result;
  end if;

  perform private.lock_credit_owner(p_owner_type, p_owner_id);

  select * into v_spend from public.credit_spends where idempotency_key = p_idempotency_key;
  if found and (v_spend.owner_type, v_spend.owner_id, v_spend.amount)
    is distinct from (p_owner_type, p_owner_id, p_amount) then
    v_result.code := 'idempotency_conflict';
    v_result.error := 'This key stands for another spend';
    return v_result;
  end if;

  if v_spend.id is null then
    if p_owner_type = 'user' then
      select greatest(a.allowance - a.used, 0) into v_plan_remaining
      from private.plan_allowance(p_owner_id, p_now) a;
      v_plan_remaining := coalesce(v_plan_remaining, 0);
    end if;

    -- In the order of id, as everything that locks batches does, so that none waits for another.
    perform from public.credit_batches b
    where b.owner_type = p_owner_type and b.owner_id = p_owner_id and b.remaining_amount > 0
      and b.expires_at > p_now and (b.feature_key is null or b.feature_key = p_feature_key)
    order by b.id
    for update;

    select v_plan_remaining + coalesce(sum(b.remaining_amount), 0) into v_available
    from public.credit_batches b
    where b.owner_type = p_owner_type and b.owner_id = p_owner_id and b.remaining_amount > 0
      and b.expires_at > p_now and (b.feature_key is null or b.feature_key = p_feature_key);
    if v_available < p_amount then
      v_result.code := 'insufficient_credits';
      v_result.error := 'Insufficient credits';
      v_result.remaining_needed := p_amount - v_available;
      return v_result;
    end if;

    v_spend.id := gen_random_uuid();
    with sources as (
      select null::uuid as batch_id, 'plan' as source, v_plan_remaining as amount,
        private.month_start(p_now) + interval '1 month' as expires_at, 0 as rank, null::timestamptz as granted_at
      where v_plan_remaining > 0
      union all
      select b.id, case b.source_type when 'program' then 'program' else 'bonus' end, b.remaining_amount,
        b.expires_at, case b.source_type when 'purchase' then 2 else 1 end, b.granted_at
      from public.credit_batches b
      where b.owner_type = p_owner_type and b.owner_id = p_owner_id and b.remaining_amount > 0
        and b.expires_at > p_now and (b.feature_key is null or b.feature_key = p_feature_key)
    ),
    ordered as (
      select s.*, coalesce(sum(s.amount::bigint) over (
          order by s.expires_at, s.rank, s.granted_at, s.batch_id
          rows between unbounded preceding and 1 preceding
        ), 0) as before
      from sources s
    ),
    draws as materialized (
      select o.batch_id, o.source, o.amount as balance, o.before,
        least(o.amount, p_amount - o.before)::integer as drawn
      from ordered o
      where o.before < p_amount
    ),
    spend as (
      insert into public.credit_spends (
        id, owner_type, owner_id, amount, from_plan, feature_key, action_type, action_reference_id,
        description, idempotency_key, spent_at
      )
      select v_spend.id, p_owner_type, p_owner_id, p_amount,
        coalesce(sum(d.drawn) filter (where d.source = 'plan'), 0), p_feature_key, p_action_type,
        p_action_reference_id, p_description, p_idempotency_key, p_now
      from draws d
    ),
    entries as (
      insert into public.credit_ledger (
        batch_id, owner_type, owner_id, entry_type, amount, balance_after, spend_id, cause,
        idempotency_key, created_at
      )
      select d.batch_id, p_owner_type, p_owner_id, 'spend', -d.drawn, d.balance - d.drawn, v_spend.id,
        coalesce(p_action_type, 'spend') || coalesce(':' || p_action_reference_id, ''),
        'spend:' || v_spend.id || ':' || d.batch_id, p_now
      from draws d
      where d.batch_id is not null
      order by d.before
    )
    insert into public.credit_consumption_log (
      user_id, organization_id, batch_id, quantity, source_type, feature_key, description, action_type,
      action_reference_id, consumed_at, spend_id
    )
    select
      case p_owner_type when 'user' then p_owner_id end,
      case p_owner_type when 'org' then p_owner_id end,
      d.batch_id, d.drawn, d.source, p_feature_key, p_description, p_action_type,
      p_action_reference_id, p_now, v_spend.id
    from draws d;
  end if;

  select true, v_spend.id, p_amount,
    coalesce(sum(c.quantity) filter (where c.source_type = 'plan'), 0),
    coalesce(sum(c.quantity) filter (where c.source_type = 'program'), 0),
    coalesce(sum(c.quantity) filter (where c.source_type = 'bonus'), 0),
    0,
    jsonb_agg(jsonb_build_object('source', c.source_type, 'batch_id', c.batch_id, 'amount', c.quantity))
  into v_result.success, v_result.spend_id, v_result.consumed, v_result.from_plan, v_result.from_program,
    v_result.from_bonus, v_result.remaining_needed, v_result.details
  from public.credit_consumption_log c
  where c.spend_id = v_spend.id and c.quantity > 0;
  return v_result;
end
$$;
comment on function private.spend_credits(
  text, uuid, integer, text, text, text, text, text, timestamptz
) is
  'Spends credits: soonest expiry, then granted before purchased, then oldest, of batches that are general or of the feature; the plan''s allowance counts as expiring with the month. All or nothing.';
revoke execute on function private.spend_credits(
  text, uuid, integer, text, text, text, text, text, timestamptz
) from public, anon, authenticated, service_role;

create or replace function private.consume_credits_fifo(
  p_owner_type text, p_owner_id uuid, p_amount integer, p_feature_key text, p_action_type text,
  p_action_reference_id text, p_description text, p_idempotency_key text
)
returns public.credit_spend_result
language plpgsql
security definer -- as private.spend_credits, which it guards
set search_path = ''
as $$
declare
  v_owner_id uuid := coalesce(p_owner_id, case p_owner_type when 'user' then auth.uid() end);
  v_result public.credit_spend_result;
begin
  if v_owner_id is null or p_owner_type not in ('user', 'org')
    or private.may_manage_credits(p_owner_type, v_owner_id) is not true
  then
    v_result.success := false;
    v_result.code := 'not_allowed';
    v_result.error := 'These credits are not yours to spend';
    v_result.requested := p_amount;
    v_result.consumed := 0;
    return v_result;
  end if;
  return private.spend_credits(
    p_owner_type, v_owner_id, p_amount, p_feature_key, p_action_type, p_action_reference_id,
    p_description, p_idempotency_key
  );
end
$$;
comment on function private.consume_credits_fifo(text, uuid, integer, text, text, text, text, text) is
  'Spends credits of the caller, of an organisation that the caller manages, or, for the service role, of anybody.';
revoke execute on function private.consume_credits_fifo(text, uuid, integer, text, text, text, text, text)
  from public, anon;
grant execute on function private.consume_credits_fifo(text, uuid, integer, text, text, text, text, text)
  to authenticated, service_role;

create function public.consume_credits_fifo(
  p_owner_type text default 'user',
  p_owner_id uuid default null,
  p_amount integer default 1,
  p_feature_key text default null,
  p_action_type text default null,
  p_action_reference_id text default null,
  p_description text default null,
  p_idempotency_key text default null
)
returns public.credit_spend_result
language sql
set search_path = ''
begin atomic
  select private.consume_credits_fifo(
    p_owner_type, p_owner_id, p_amount, p_feature_key, p_action_type, p_action_reference_id,
    p_description, p_idempotency_key
  );
end;
comment on function public.consume_credits_fifo(text, uuid, integer, text, text, text, text, text) is
  'Spends credits, all or nothing: the caller''s own (p_owner_id null), an organisation''s that the caller manages, or, for the service role, anybody''s.';
revoke execute on function public.consume_credits_fifo(text, uuid, integer, text, text, text, text, text)
  from public, anon;
grant execute on function public.consume_credits_fifo(text, uuid, integer, text, text, text, text, text)
  to authenticated, service_role;

-- Refund --------------------------------------------------------------------------------------------

create function public.refund_credits(
  p_spend_id uuid,
  p_amount integer default null,
  p_reason text default null,
  p_idempotency_key text default null,
  p_now timestamptz default now()
)
returns public.credit_refund_result
language plpgsql
security definer -- writes the ledger
set search_path = ''
as $$
declare
  v_result public.credit_refund_result;
  v_spend public.credit_spends;
  v_key text := coalesce(p_idempotency_key, gen_random_uuid()::text);
  v_refundable bigint;
  v_amount integer;
begin
  v_result.success := false;
  v_result.refunded := 0;
  select * into v_spend from public.credit_spends where id = p_spend_id;
  if not found then
    v_result.code := 'unknown_spend';
    v_result.error := 'There is no such spend';
    return v_result;
  end if;
  if p_amount <= 0 then
    v_result.code := 'invalid_amount';
    v_result.error := 'The amount must be positive';
    return v_result;
  end if;

  perform private.lock_credit_owner(v_spend.owner_type, v_spend.owner_id);
  perform from public.credit_batches b
  where b.id in (select l.batch_id from public.credit_ledger l where l.spend_id = p_spend_id)
  order by b.id
  for update;

  select sum(c.quantity) into v_refundable
  from public.credit_consumption_log c where c.spend_id = p_spend_id;
  v_result.refundable := v_refundable;

  if p_idempotency_key is not null and exists (
    select from public.credit_consumption_log c
    where c.spend_id = p_spend_id and c.action_type = 'refund' and c.action_reference_id = p_idempotency_key
      and c.quantity < 0 -- the spender chooses the words of the spend itself
  ) then
    v_result.success := true;
    return v_result;
  end if;

  v_amount := coalesce(p_amount, v_refundable);
  if v_amount > v_refundable then
    v_result.code := 'exceeds_spend';
    v_result.error := 'More than is left of this spend';
    return v_result;
  end if;
  if v_amount = 0 then
    v_result.success := true;
    return v_result;
  end if;

  with drawn as (
    select c.batch_id, c.source_type, sum(c.quantity) as kept, max(b.expires_at) as expires_at,
      max(b.remaining_amount) as balance
    from public.credit_consumption_log c
    left join public.credit_batches b on b.id = c.batch_id
    where c.spend_id = p_spend_id
    group by c.batch_id, c.source_type
    having sum(c.quantity) > 0
  ),
  ordered as (
    -- the longest-lived first: what comes back should last
    select d.*, coalesce(sum(d.kept) over (
        order by d.expires_at desc nulls last, d.batch_id
        rows between unbounded preceding and 1 preceding
      ), 0) as before
    from drawn d
  ),
  returns as materialized (
    select o.batch_id, o.source_type, o.balance, least(o.kept, v_amount - o.before)::integer as amount
    from ordered o
    where o.before < v_amount
  ),
  entries as (
    insert into public.credit_ledger (
      batch_id, owner_type, owner_id, entry_type, amount, balance_after, spend_id, cause,
      idempotency_key, created_at
    )
    select r.batch_id, v_spend.owner_type, v_spend.owner_id, 'refund', r.amount, r.balance + r.amount,
      p_spend_id, coalesce(p_reason, 'refund'), 'refund:' || p_spend_id || ':' || v_key || ':' || r.batch_id,
      p_now
    from returns r
    where r.batch_id is not null
  )
  insert into public.credit_consumption_log (
    user_id, organization_id, batch_id, quantity, source_type, feature_key, description, action_type,
    action_reference_id, consumed_at, spend_id
  )
  select
    case v_spend.owner_type when 'user' then v_spend.owner_id end,
    case v_spend.owner_type when 'org' then v_spend.owner_id end,
    r.batch_id, -r.amount, r.source_type, v_spend.feature_key, p_reason, 'refund', v_key,
    v_spend.spent_at, -- allowance goes back to the month it came from
    p_spend_id
  from returns r;

  v_result.success := true;
  v_result.refunded := v_amount;
  v_result.refundable := v_refundable - v_amount;
  return v_result;
end
$$;
comment on function public.refund_credits(uuid, integer, text, text, timestamptz) is
  'Gives a spend, or a part of it, back to the very batches it drew from, and allowance to its month. A repeated p_idempotency_key gives back nothing more.';
revoke execute on function public.refund_credits(uuid, integer, text, text, timestamptz)
  from public, anon, authenticated;
grant execute on function public.refund_credits(uuid, integer, text, text, timestamptz) to service_role;

-- Summaries -----------------------------------------------------------------------------------------

create or replace function private.credit_summary(
  p_owner_type text, p_owner_id uuid, p_now timestamptz default now()
)
returns public.credit_summary
language plpgsql
stable
security definer -- asks may_manage_credits before it shows anything
set search_path = ''
as $$
declare
  v_summary public.credit_summary;
begin
  if private.may_manage_credits(p_owner_type, p_owner_id) is not true
    and private.has_role(auth.uid(), 'admin') is not true
  then
    raise exception 'these credits are not yours to see' using errcode = '42501';
  end if;

  with live as (
    select b.* from public.credit_batches b
    where b.owner_type = p_owner_type and b.owner_id = p_owner_id and b.remaining_amount > 0
      and b.expires_at > p_now
  )
  select
    coalesce(sum(l.original_amount) filter (where l.source_type = 'program'), 0),
    coalesce(sum(l.remaining_amount) filter (where l.source_type = 'program'), 0),
    coalesce(sum(l.original_amount) filter (where l.source_type <> 'program'), 0),
    coalesce(sum(l.remaining_amount) filter (where l.source_type <> 'program'), 0),
    coalesce(sum(l.remaining_amount), 0),
    coalesce(sum(l.remaining_amount) filter (where l.expires_at <= p_now + interval '7 days'), 0),
    min(l.expires_at),
    coalesce(jsonb_agg(jsonb_build_object(
      'id', l.id, 'source_type', l.source_type, 'feature_key', l.feature_key,
      'original_amount', l.original_amount, 'remaining_amount', l.remaining_amount,
      'expires_at', l.expires_at, 'description', l.description
    ) order by l.expires_at, l.id), '[]')
  into v_summary.program_total, v_summary.program_remaining, v_summary.bonus_total,
    v_summary.bonus_remaining, v_summary.total_available, v_summary.expiring_within_7_days,
    v_summary.earliest_expiry, v_summary.batches
  from live l;

  if p_owner_type = 'user' then
    select a.allowance, a.used, case when a.allowance is not null then greatest(a.allowance - a.used, 0) end
    into v_summary.plan_allowance, v_summary.plan_used, v_summary.plan_remaining
    from private.plan_allowance(p_owner_id, p_now) a;
    v_summary.total_available := v_summary.total_available + coalesce(v_summary.plan_remaining, 0);
  end if;
  return v_summary;
end
$$;
comment on function private.credit_summary(text, uuid, timestamptz) is
  'What an owner has to spend. Raises 42501 for anybody but the owner, its managers, admins and the service role.';
revoke execute on function private.credit_summary(text, uuid, timestamptz) from public, anon;
grant execute on function private.credit_summary(text, uuid, timestamptz) to authenticated, service_role;

create function public.get_user_credit_summary_v2(p_user_id uuid)
returns public.credit_summary
language sql
stable
set search_path = ''
begin atomic
  select private.credit_summary('user', p_user_id);
end;
comment on function public.get_user_credit_summary_v2(uuid) is 'What a user has to spend.';

create function public.get_org_credit_summary_v2(p_org_id uuid)
returns public.credit_summary
language sql
stable
set search_path = ''
begin atomic
  select private.credit_summary('org', p_org_id);
end;
comment on function public.get_org_credit_summary_v2(uuid) is 'What an organisation has to spend.';

revoke execute on function public.get_user_credit_summary_v2(uuid), public.get_org_credit_summary_v2(uuid)
  from public, anon;
grant execute on function public.get_user_credit_summary_v2(uuid), public.get_org_credit_summary_v2(uuid)
  to authenticated, service_role;
