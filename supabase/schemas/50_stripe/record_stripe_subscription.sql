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
revoke execute on function private.stripe_agrees(jsonb, jsonb) from public;

create or replace function private.stripe_event_rank(p_type text)
returns integer
language sql
immutable
set search_path = ''
as $$
  select case p_type
    when 'customer.subscription.created' then 0
    when 'customer.subscription.deleted' then 2
    else 1 -- updated, paused, resumed
  end;
$$;
comment on function private.stripe_event_rank(text) is
  'What comes first within a second, in which event.created cannot tell: a subscription is created, changes '
  'and ends.';
revoke execute on function private.stripe_event_rank(text) from public;

create or replace function private.stripe_newest_event(p_event jsonb)
returns jsonb
language sql
stable
set search_path = ''
as $$
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
$$;
comment on function private.stripe_newest_event(jsonb) is
  'The newest of the events about a subscription within one second, of which this is one: each names by '
  'previous_attributes what it changed. Null: they do not say.';
revoke execute on function private.stripe_newest_event(jsonb) from public;

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

  perform private.keep_stripe_prices(
    p_event #> '{data,object}', v_created, private.stripe_event_rank(p_event ->> 'type')
  );
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
  'Keeps the snapshot if it is the newest: an ended subscription stays ended, then the later second, then '
  'the rank, then previous_attributes. needs_fetch: only Stripe knows; nothing was written.';
revoke execute on function private.record_stripe_subscription(jsonb, jsonb) from public;
