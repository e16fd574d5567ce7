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
  'What is said of a subscription under a key of the metadata, the best word first: its own, its invoices'' '
  '(a snapshot of it), its checkout''s.';
revoke execute on function private.stripe_metadata(text, text) from public;
