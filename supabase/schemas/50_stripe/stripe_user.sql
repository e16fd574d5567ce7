create or replace function private.stripe_user(p_subscription_id text)
returns uuid
language sql
stable
set search_path = ''
begin atomic
  select coalesce(
    (
      select o.user_id
      from public.stripe_subscriptions s
      join public.stripe_owners o on o.stripe_id in (s.id, s.customer_id)
      where s.id = p_subscription_id
      order by o.stripe_id = s.id desc
      limit 1
    ),
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
    )
  );
end;
comment on function private.stripe_user(text) is
  'Whose a subscription is: by a person''s word, by metadata.user_id, by another subscription of the customer. Never '
  'by the address typed at the checkout.';
revoke execute on function private.stripe_user(text) from public;
