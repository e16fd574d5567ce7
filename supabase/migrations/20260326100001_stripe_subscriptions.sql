-- Subscriptions: which snapshot is the newest, whose it is, and the plan or the organisation it pays for.
--
-- Why: production looked at status active only, never wrote plan_expires_at, dropped everybody to free when
-- an old subscription ended late, and could not find an organisation's subscription again.
-- Rules: active, trialing and past_due hold; the newest subscription that holds gives the plan; where none
-- does, the plan that ended says what follows it. What somebody else gave (an admin, a sponsor) after
-- Stripe had its say stays, until a newer subscription is bought.
-- Locks: none on tables that exist beyond the rows it writes. Can be run again.

set lock_timeout = '10s';

create table if not exists private.stripe_plans (
  user_id uuid primary key references public.profiles (id) on delete cascade,
  plan_id uuid references public.plans (id) on delete set null,
  subscription_id text not null references public.stripe_subscriptions (id),
  subscribed_at timestamptz
);
comment on table private.stripe_plans is
  'The plan that Stripe last gave a user, fallbacks included, and by which subscription: tells it from a plan that somebody else gave.';
create index if not exists stripe_plans_plan_idx on private.stripe_plans (plan_id);
create index if not exists stripe_plans_subscription_idx on private.stripe_plans (subscription_id);
alter table private.stripe_plans enable row level security;
revoke all on table private.stripe_plans from public, anon, authenticated;

create index if not exists plan_prices_stripe_price_idx on public.plan_prices (stripe_price_id)
  where stripe_price_id is not null;
create index if not exists org_platform_subscriptions_stripe_subscription_idx
  on public.org_platform_subscriptions (stripe_subscription_id) where stripe_subscription_id is not null;
create index if not exists org_platform_subscriptions_stripe_customer_idx
  on public.org_platform_subscriptions (stripe_customer_id) where stripe_customer_id is not null;

-- Order ---------------------------------------------------------------------------------------------

create or replace function private.stripe_agrees(p_object jsonb, p_previous jsonb)
returns boolean
language plpgsql
immutable
set search_path = ''
as $$
begin
  return case jsonb_typeof(p_previous)
    when 'object' then jsonb_typeof(p_object) = 'object' and not exists (
      select from jsonb_each(p_previous) p
      where not private.stripe_agrees(coalesce(p_object -> p.key, 'null'), p.value)
    )
    when 'array' then p_object @> p_previous
    else p_object = p_previous
  end;
end
$$;
comment on function private.stripe_agrees(jsonb, jsonb) is
  'Whether an object has the values of previous_attributes, in which null stands for absent as well.';

create or replace function private.stripe_event_rank(p_type text)
returns integer
language sql
immutable
set search_path = ''
begin atomic
  select case p_type
    when 'customer.subscription.created' then 0
    when 'customer.subscription.deleted' then 2
    else 1 -- updated, paused, resumed
  end;
end;
comment on function private.stripe_event_rank(text) is
  'What comes first within a second, in which event.created cannot tell: a subscription is created, changes and ends.';

create or replace function private.stripe_subscription_state(p_subscription jsonb)
returns jsonb
language sql
immutable
set search_path = ''
begin atomic
  select jsonb_build_object(
    'customer_id', private.stripe_id(p_subscription -> 'customer'),
    'metadata', coalesce(nullif(p_subscription -> 'metadata', 'null'), '{}'),
    'status', p_subscription ->> 'status',
    'price_ids', to_jsonb(private.stripe_price_ids(p_subscription)),
    'created_at', private.stripe_time(p_subscription -> 'created'),
    'period_start', private.stripe_period_start(p_subscription),
    'period_end', private.stripe_period_end(p_subscription),
    'canceled_at', private.stripe_time(p_subscription -> 'canceled_at'),
    'ended_at', private.stripe_time(p_subscription -> 'ended_at')
  );
end;
comment on function private.stripe_subscription_state(jsonb) is
  'What is kept of a subscription: the columns of stripe_subscriptions.';

create or replace function private.stripe_newest_event(p_event jsonb)
returns jsonb
language sql
stable
set search_path = ''
begin atomic
  with recursive same_second as (
    select e.payload
    from public.stripe_events e
    where e.object_id = p_event #>> '{data,object,id}'
      and e.created = private.stripe_time(p_event -> 'created')
      and e.id <> p_event ->> 'id'
      and e.type like 'customer.subscription.%'
      and private.stripe_event_rank(e.type) = private.stripe_event_rank(p_event ->> 'type')
      and e.payload is not null
    union all
    select p_event
  ),
  states as (
    select s.payload, private.stripe_subscription_state(s.payload #> '{data,object}') as state
    from same_second s
  ),
  follows as (
    select distinct a.state as earlier, b.state as later
    from states a
    join states b on b.state <> a.state
      and coalesce(nullif(b.payload #> '{data,previous_attributes}', 'null'), '{}') <> '{}'
      and private.stripe_agrees(a.payload #> '{data,object}', b.payload #> '{data,previous_attributes}')
  ),
  last_ones as (
    select distinct s.state from states s where not exists (select from follows f where f.earlier = s.state)
  ),
  leads_there as (
    select l.state from last_ones l
    union
    select f.earlier from follows f join leads_there t on t.state = f.later
  )
  select s.payload
  from states s
  join last_ones l on l.state = s.state
  where (select count(*) from last_ones) = 1
    and (select count(*) from leads_there) = (select count(distinct o.state) from states o)
    and not exists (select from follows f join follows g on g.earlier = f.later and g.later = f.earlier)
  order by s.payload ->> 'id'
  limit 1;
end;
comment on function private.stripe_newest_event(jsonb) is
  'The newest of the events about a subscription within one second, of which this is one: each names by previous_attributes what it changed. Null: they do not say.';

create or replace function private.write_stripe_subscription(
  p_subscription jsonb, p_as_of timestamptz, p_rank integer, p_event_id text
)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_id constant text := p_subscription ->> 'id';
  v_new public.stripe_subscriptions;
begin
  v_new := jsonb_populate_record(
    null::public.stripe_subscriptions, private.stripe_subscription_state(p_subscription)
  );
  insert into public.stripe_subscriptions (id) values (v_id) on conflict (id) do nothing;
  update public.stripe_subscriptions
  set customer_id = v_new.customer_id, metadata = v_new.metadata, status = v_new.status,
    price_ids = v_new.price_ids, created_at = v_new.created_at, period_start = v_new.period_start,
    period_end = v_new.period_end, canceled_at = v_new.canceled_at, ended_at = v_new.ended_at,
    was_live = was_live or coalesce(v_new.status in ('active', 'trialing', 'past_due'), false),
    as_of = p_as_of, as_of_rank = p_rank, as_of_event = p_event_id
  where id = v_id;
end
$$;
comment on function private.write_stripe_subscription(jsonb, timestamptz, integer, text) is
  'Makes this the newest state known of a subscription.';

create or replace function private.record_stripe_subscription(p_event jsonb, p_fetched jsonb)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_id constant text := p_event #>> '{data,object,id}';
  v_created constant timestamptz := private.stripe_time(p_event -> 'created');
  v_known public.stripe_subscriptions;
  v_source jsonb := p_event;
  v_object jsonb := coalesce(p_fetched, p_event #> '{data,object}');
  v_rank integer := case when p_fetched is null then private.stripe_event_rank(p_event ->> 'type') else 3 end;
  v_change text := 'applied';
begin
  select * into v_known from public.stripe_subscriptions where id = v_id;

  if v_known.as_of is not null then
    if (v_object ->> 'status' in ('canceled', 'incomplete_expired'))
      is distinct from (v_known.status in ('canceled', 'incomplete_expired'))
    then
      v_change := case when v_known.status in ('canceled', 'incomplete_expired') then 'stale' else 'applied' end;
    elsif v_known.as_of_event = p_event ->> 'id' then
      v_change := 'duplicate';
    elsif (v_created, v_rank) < (v_known.as_of, v_known.as_of_rank) then
      v_change := 'stale';
    elsif (v_created, v_rank) = (v_known.as_of, v_known.as_of_rank) then
      v_source := private.stripe_newest_event(p_event);
      if v_source is null then
        return 'needs_fetch';
      end if;
      v_object := v_source #> '{data,object}';
      v_change := case
        when jsonb_populate_record(
          v_known, private.stripe_subscription_state(p_event #> '{data,object}')
        ) is not distinct from v_known then 'duplicate'
        when v_source ->> 'id' = p_event ->> 'id' then 'applied'
        when private.stripe_subscription_state(v_object)
          = private.stripe_subscription_state(p_event #> '{data,object}') then 'duplicate'
        else 'stale'
      end;
    end if;
  end if;

  if v_change = 'applied' or v_source ->> 'id' <> p_event ->> 'id' then
    perform private.write_stripe_subscription(v_object, v_created, v_rank, v_source ->> 'id');
  end if;
  update public.stripe_subscriptions set was_live = true
  where id = v_id and not was_live
    and p_event #>> '{data,object,status}' in ('active', 'trialing', 'past_due');
  return v_change;
end
$$;
comment on function private.record_stripe_subscription(jsonb, jsonb) is
  'Keeps the snapshot if it is the newest: an ended subscription stays ended, then the later second, then the rank, then previous_attributes. needs_fetch: only Stripe knows; nothing was written.';

revoke execute on function private.stripe_agrees(jsonb, jsonb), private.stripe_event_rank(text),
  private.stripe_subscription_state(jsonb), private.stripe_newest_event(jsonb),
  private.write_stripe_subscription(jsonb, timestamptz, integer, text),
  private.record_stripe_subscription(jsonb, jsonb)
  from public, anon, authenticated;

-- Whose ---------------------------------------------------------------------------------------------

create or replace function private.stripe_metadata(p_subscription_id text, p_key text)
returns setof text
language sql
stable
set search_path = ''
begin atomic
  select said.value
  from (
    select 0 as rank, s.metadata ->> p_key as value, null::timestamptz as created_at, s.id
    from public.stripe_subscriptions s where s.id = p_subscription_id
    union all
    select 1, i.metadata ->> p_key, i.created_at, i.id
    from public.stripe_invoices i where i.subscription_id = p_subscription_id
    union all
    select 2, c.metadata ->> p_key, c.created_at, c.id
    from public.stripe_checkouts c where c.subscription_id = p_subscription_id
  ) said
  where nullif(said.value, '') is not null
  order by said.rank, said.created_at desc, said.id desc;
end;
comment on function private.stripe_metadata(text, text) is
  'What is said of a subscription under a key of the metadata, the best word first: its own, its invoices'' (a snapshot of it), its checkout''s.';

create or replace function private.stripe_user(p_subscription_id text)
returns uuid
language sql
stable
set search_path = ''
begin atomic
  select coalesce(
    (
      select p.id
      from private.stripe_metadata(p_subscription_id, 'user_id') with ordinality m (value, rank)
      join public.profiles p on p.id = private.uuid_or_null(m.value)
      order by m.rank
      limit 1
    ),
    (
      select other.user_id
      from public.stripe_subscriptions s
      join public.stripe_subscriptions other on other.customer_id = s.customer_id and other.id <> s.id
      where s.id = p_subscription_id and other.user_id is not null
      order by other.created_at, other.id
      limit 1
    ),
    (
      select c.email_user_id
      from public.stripe_checkouts c
      where c.subscription_id = p_subscription_id and c.email_user_id is not null
      order by c.created_at desc, c.id desc
      limit 1
    )
  );
end;
comment on function private.stripe_user(text) is
  'Whose a subscription is: by metadata.user_id, by another subscription of the customer, by the e-mail address at the checkout.';

create or replace function private.stripe_organization(p_subscription_id text)
returns uuid
language sql
stable
set search_path = ''
begin atomic
  select coalesce(
    (
      select o.id
      from private.stripe_metadata(p_subscription_id, 'organization_id') with ordinality m (value, rank)
      join public.organizations o on o.id = private.uuid_or_null(m.value)
      order by m.rank
      limit 1
    ),
    (
      select o.organization_id from public.org_platform_subscriptions o
      where o.stripe_subscription_id = p_subscription_id
      order by o.id
      limit 1
    ),
    (
      select other.organization_id
      from public.stripe_subscriptions s
      join public.stripe_subscriptions other on other.customer_id = s.customer_id and other.id <> s.id
      where s.id = p_subscription_id and other.organization_id is not null
      order by other.created_at, other.id
      limit 1
    ),
    (
      select o.organization_id
      from public.stripe_subscriptions s
      join public.org_platform_subscriptions o on o.stripe_customer_id = s.customer_id
      where s.id = p_subscription_id
      order by o.id
      limit 1
    )
  );
end;
comment on function private.stripe_organization(text) is
  'Whose a subscription is: by metadata.organization_id, by the subscription''s or the customer''s id.';

create or replace function private.stripe_kind(p_subscription_id text)
returns text
language sql
stable
set search_path = ''
begin atomic
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
end;
comment on function private.stripe_kind(text) is
  'What a subscription pays for: by its type in metadata, which organisations'' subscriptions lack, else by what is known under its id, price or customer.';

revoke execute on function private.stripe_metadata(text, text), private.stripe_user(text),
  private.stripe_organization(text), private.stripe_kind(text)
  from public, anon, authenticated;

-- Plans ---------------------------------------------------------------------------------------------

create or replace function private.settle_plan(p_user_id uuid)
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
begin
  select * into v_profile from public.profiles where id = p_user_id for update;
  select * into v_given from private.stripe_plans where user_id = p_user_id;

  -- created_at is null while only the checkout of a new subscription is known
  select * into v_source from public.stripe_subscriptions s
  where s.user_id = p_user_id and s.kind = 'user_subscription' and s.plan_id is not null
    and (
      s.held
      -- bought before the facts begin: it gave this plan if it is this plan's
      or (
        v_given.user_id is null and s.plan_id = v_profile.plan_id
        and s.status in ('canceled', 'unpaid', 'paused', 'incomplete_expired')
      )
    )
  order by s.holds desc, s.created_at desc, s.id desc
  limit 1;
  if not found then
    return 'nothing_held';
  end if;

  if v_source.holds then
    v_plan_id := v_source.plan_id;
    v_expires_at := v_source.period_end;
  else
    select coalesce(p.fallback_plan_id, (select f.id from public.plans f where f.key = 'free'))
    into v_plan_id
    from public.plans p where p.id = v_source.plan_id;
  end if;

  if v_given.user_id is not null and v_profile.plan_id is distinct from v_given.plan_id
    and not (
      v_source.holds
      and coalesce(v_source.created_at > v_given.subscribed_at, v_source.id <> v_given.subscription_id)
    )
  then
    return 'plan_kept'; -- somebody else gave it since
  end if;

  insert into private.stripe_plans (user_id, plan_id, subscription_id, subscribed_at)
  values (p_user_id, v_plan_id, v_source.id, v_source.created_at)
  on conflict (user_id) do update
  set plan_id = excluded.plan_id, subscription_id = excluded.subscription_id,
    subscribed_at = excluded.subscribed_at;

  if (v_profile.plan_id, v_profile.plan_expires_at) is not distinct from (v_plan_id, v_expires_at) then
    return 'plan_unchanged';
  end if;
  update public.profiles set plan_id = v_plan_id, plan_expires_at = v_expires_at where id = p_user_id;
  return case when v_source.holds then 'plan_set' else 'fallback_set' end;
end
$$;
comment on function private.settle_plan(uuid) is
  'Sets a user''s plan from their subscriptions: the newest that holds, else what follows the plan that ended. Keeps what somebody else gave since.';

-- Organisations -------------------------------------------------------------------------------------

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

  select * into v_source from public.stripe_subscriptions s
  where s.organization_id = p_organization_id and s.kind = 'org_platform_subscription'
    and (s.held or s.id = v_known.stripe_subscription_id)
  order by s.holds desc, s.held desc, s.created_at desc, s.id desc
  limit 1;
  if not found then
    return 'nothing_held';
  end if;

  select * into v_tier from public.org_platform_tiers t
  where t.stripe_annual_price_id = any (v_source.price_ids) or t.stripe_monthly_price_id = any (v_source.price_ids)
  order by t.display_order, t.id
  limit 1;
  if v_source.holds then
    v_tier_id := coalesce(
      v_tier.id,
      (
        select t.id
        from private.stripe_metadata(v_source.id, 'tier_id') with ordinality m (value, rank)
        join public.org_platform_tiers t on t.id = private.uuid_or_null(m.value)
        order by m.rank
        limit 1
      ),
      v_known.tier_id
    );
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
      when v_tier.id is not null then 'annual'
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
  'Sets an organisation''s platform subscription, made when missing: the newest that holds, else the newest. A tier only while it holds.';

revoke execute on function private.settle_plan(uuid), private.settle_organization(uuid)
  from public, anon, authenticated;

-- Settling ------------------------------------------------------------------------------------------

create or replace function private.settle_stripe_subscription(p_id text, p_now timestamptz)
returns text
language plpgsql
set search_path = ''
as $$
declare
  v_before public.stripe_subscriptions;
  v_after public.stripe_subscriptions;
  v_is_paid boolean;
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
    plan_id = case k.kind when 'user_subscription' then coalesce(
      (
        select p.plan_id
        from unnest(s.price_ids) with ordinality i (price_id, place)
        join public.plan_prices p on p.stripe_price_id = i.price_id
        order by i.place, p.created_at, p.id
        limit 1
      ),
      (
        select p.id
        from private.stripe_metadata(p_id, 'plan_id') with ordinality m (value, rank)
        join public.plans p on p.id = private.uuid_or_null(m.value)
        order by m.rank
        limit 1
      )
    ) end
  from (select private.stripe_kind(p_id) as kind) k
  where s.id = p_id
  returning s.* into v_after;

  -- Whoever it was taken for before has to do without it.
  if v_before.kind = 'user_subscription' and v_before.user_id is distinct from v_after.user_id then
    perform private.settle_plan(v_before.user_id);
  end if;
  if v_before.organization_id is distinct from v_after.organization_id then
    perform private.settle_organization(v_before.organization_id);
  end if;

  return case
    when v_after.kind is null then 'unknown_subscription'
    when v_after.kind = 'org_platform_subscription' and v_after.organization_id is null then 'unknown_organization'
    when v_after.kind = 'org_platform_subscription' then private.settle_organization(v_after.organization_id)
    when v_after.user_id is null then 'unknown_user'
    when v_after.kind = 'credit_installment' then private.settle_installments(p_id, p_now)
    when v_after.plan_id is null then 'unknown_plan'
    else private.settle_plan(v_after.user_id)
  end;
end
$$;
comment on function private.settle_stripe_subscription(text, timestamptz) is
  'Finds out whose a subscription is and brings what it pays for up to date with the facts. An outcome that begins with unknown_ needs a person or a later event.';
revoke execute on function private.settle_stripe_subscription(text, timestamptz)
  from public, anon, authenticated;
