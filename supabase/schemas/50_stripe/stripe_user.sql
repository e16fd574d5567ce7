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
  'Whose a subscription is: by metadata.user_id, by another subscription of the customer, by the e-mail '
  'address at the checkout.';
revoke execute on function private.stripe_user(text) from public;
