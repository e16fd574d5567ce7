create or replace function private.stripe_organization(p_subscription_id text)
returns uuid
language sql
stable
set search_path = ''
begin atomic
  select coalesce(
    (
      select o.organization_id
      from public.stripe_subscriptions s
      join public.stripe_owners o on o.stripe_id in (s.id, s.customer_id)
      where s.id = p_subscription_id
      order by o.stripe_id = s.id desc
      limit 1
    ),
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
  'Whose a subscription is: by a person''s word, by metadata.organization_id, by the subscription''s or the customer''s id.';
revoke execute on function private.stripe_organization(text) from public;
