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
  'Sets a user''s plan from their subscriptions: the newest that holds, else what follows the plan that '
  'ended. Keeps what somebody else gave since.';
revoke execute on function private.settle_plan(uuid) from public;
