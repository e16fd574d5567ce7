-- Owners with something for each part of credit maintenance to do this month: 4 of 5 are users who carry
-- a plan's allowance over, the others organisations that carry a batch over and are granted the next; a
-- batch of each expires. In the transaction that sets bench.owners.

-- Users as they are, without all that a sign-up sets off one by one.
set local session_replication_role = replica;

insert into auth.users (id, email)
select gen_random_uuid(), 'user' || i || '@example.com'
from generate_series(1, current_setting('bench.owners')::integer * 4 / 5) i;

insert into public.profiles (id, name, email, username, created_at, plan_id)
select u.id, split_part(u.email, '@', 1), u.email, u.email, '2020-01-01', plan.id
from auth.users u
cross join (select id from public.plans where key = 'free') plan;

insert into public.credit_consumption_log (user_id, quantity, source_type, consumed_at)
select id, 15, 'plan', date_trunc('month', now()) - interval '10 days' from public.profiles;

set local session_replication_role = origin;

insert into public.credit_batches
  (owner_type, owner_id, original_amount, remaining_amount, granted_at, expires_at, source_type)
select 'user', id, 10, 4, now() - interval '3 months', date_trunc('month', now()) - interval '1 hour',
  'purchase'
from public.profiles;

insert into public.organizations (name, slug)
select 'Org', 'org-' || i from generate_series(1, current_setting('bench.owners')::integer / 5) i;

with tier as (
  insert into public.org_platform_tiers (name, slug, credit_allowance)
  values ('Team', 'team', 100) returning id
)
insert into public.org_platform_subscriptions (organization_id, tier_id)
select o.id, tier.id from public.organizations o cross join tier;

insert into public.credit_batches
  (owner_type, owner_id, original_amount, remaining_amount, granted_at, expires_at, source_type)
select 'org', id, 100, 60, date_trunc('month', now()) - interval '1 month', date_trunc('month', now()),
  'subscription'
from public.organizations;

analyze;
