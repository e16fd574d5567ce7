create or replace function private.user_leftovers(p_user_id uuid, p_now timestamptz)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  v_leftovers jsonb;
  v_storage regclass := to_regclass('storage.objects'); -- not everywhere there
  v_objects bigint := 0;
begin
  if v_storage is not null then
    execute format('select count(*) from %s o where o.owner_id = $1::text', v_storage)
    into v_objects
    using p_user_id;
  end if;

  select jsonb_build_object(
    'stripe_subscriptions', (
      select jsonb_agg(distinct subscription.id)
      from (
        select s.stripe_subscription_id
        from public.payment_schedules s
        where s.user_id = p_user_id and s.status in ('active', 'defaulted')
        union
        select e.stripe_subscription_id
        from public.client_enrollments e
        where e.client_user_id = p_user_id and e.status <> 'completed'
        union
        select s.id
        from public.stripe_subscriptions s
        where s.user_id = p_user_id
          and s.status in ('trialing', 'active', 'past_due', 'unpaid', 'paused', 'incomplete')
      ) subscription (id)
      where subscription.id is not null
    ),
    'organizations_without_admin', (
      select jsonb_agg(m.organization_id)
      from public.organization_members m
      where m.user_id = p_user_id
        and m.role = 'org_admin'
        and m.is_active
        and not exists (
          select from public.organization_members other
          where other.organization_id = m.organization_id
            and other.user_id <> p_user_id
            and other.role = 'org_admin'
            and other.is_active
        )
    ),
    'upcoming_sessions_without_host', (
      select jsonb_agg(s.id)
      from public.module_sessions s
      where s.instructor_id = p_user_id and s.session_date > p_now and s.status = 'scheduled'
    ),
    'partner_codes_switched_off', (
      select jsonb_agg(c.code) from public.partner_codes c where c.partner_id = p_user_id and c.is_active
    ),
    'credits', (
      select sum(b.remaining_amount)
      from public.credit_batches b
      where b.owner_type = 'user' and b.owner_id = p_user_id and b.remaining_amount > 0 and b.expires_at > p_now
    ),
    'storage_objects', nullif(v_objects, 0)
  ) into v_leftovers;
  return jsonb_strip_nulls(v_leftovers);
end
$$;
comment on function private.user_leftovers(uuid, timestamptz) is
  'What the deletion of a user leaves for somebody to look at: running Stripe subscriptions, organisations '
  'without an admin, sessions without a host, credits, files.';
revoke execute on function private.user_leftovers(uuid, timestamptz) from public;
