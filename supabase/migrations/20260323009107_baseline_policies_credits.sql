-- Baseline: who may do what with credits, credit purchases and instalments.
-- One policy an operation and role says what production's several policies add up to; the grants name
-- just what a policy allows.
-- The caller and the role admin are looked up once a statement, hence the sub-selects.
--
-- Production has its own policies already: there the file is marked as applied and never runs.
-- Locks: access exclusive, briefly, on each table. Can be run again: each policy is dropped and made anew.

-- public.credit_source_types
revoke all on table public.credit_source_types from public, anon, authenticated;
grant all on table public.credit_source_types to service_role;
grant select, insert, update, delete on table public.credit_source_types to authenticated;

drop policy if exists "credit_source_types: select" on public.credit_source_types;
create policy "credit_source_types: select" on public.credit_source_types
  for select to authenticated
  using (true);

drop policy if exists "credit_source_types: insert" on public.credit_source_types;
create policy "credit_source_types: insert" on public.credit_source_types
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "credit_source_types: update" on public.credit_source_types;
create policy "credit_source_types: update" on public.credit_source_types
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "credit_source_types: delete" on public.credit_source_types;
create policy "credit_source_types: delete" on public.credit_source_types
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.credit_batches
revoke all on table public.credit_batches from public, anon, authenticated;
grant all on table public.credit_batches to service_role;
grant select, insert, update, delete on table public.credit_batches to authenticated;

drop policy if exists "credit_batches: select" on public.credit_batches;
create policy "credit_batches: select" on public.credit_batches
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or (owner_type = 'user' and owner_id = (select auth.uid()))
    or (owner_type = 'org' and public.is_org_admin_or_manager((select auth.uid()), owner_id))
  );

drop policy if exists "credit_batches: insert" on public.credit_batches;
create policy "credit_batches: insert" on public.credit_batches
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "credit_batches: update" on public.credit_batches;
create policy "credit_batches: update" on public.credit_batches
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "credit_batches: delete" on public.credit_batches;
create policy "credit_batches: delete" on public.credit_batches
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.credit_consumption_log: owners may log their own consumption, negative amounts included.
revoke all on table public.credit_consumption_log from public, anon, authenticated;
grant all on table public.credit_consumption_log to service_role;
grant select, insert on table public.credit_consumption_log to authenticated;

drop policy if exists "credit_consumption_log: select" on public.credit_consumption_log;
create policy "credit_consumption_log: select" on public.credit_consumption_log
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "credit_consumption_log: insert" on public.credit_consumption_log;
create policy "credit_consumption_log: insert" on public.credit_consumption_log
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

-- public.credit_services
revoke all on table public.credit_services from public, anon, authenticated;
grant all on table public.credit_services to service_role;
grant select, insert, update, delete on table public.credit_services to authenticated;

drop policy if exists "credit_services: select" on public.credit_services;
create policy "credit_services: select" on public.credit_services
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or is_active);

drop policy if exists "credit_services: insert" on public.credit_services;
create policy "credit_services: insert" on public.credit_services
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "credit_services: update" on public.credit_services;
create policy "credit_services: update" on public.credit_services
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "credit_services: delete" on public.credit_services;
create policy "credit_services: delete" on public.credit_services
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.credit_usage_periods
revoke all on table public.credit_usage_periods from public, anon, authenticated;
grant all on table public.credit_usage_periods to service_role;
grant select on table public.credit_usage_periods to authenticated;

drop policy if exists "credit_usage_periods: select" on public.credit_usage_periods;
create policy "credit_usage_periods: select" on public.credit_usage_periods
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or (owner_type = 'user' and owner_id = (select auth.uid()))
    or (owner_type = 'org' and owner_id = (select public.get_user_organization_id((select auth.uid()))))
  );

-- public.credit_topup_packages
revoke all on table public.credit_topup_packages from public, anon, authenticated;
grant all on table public.credit_topup_packages to service_role;
grant select, insert, update, delete on table public.credit_topup_packages to authenticated;

drop policy if exists "credit_topup_packages: select" on public.credit_topup_packages;
create policy "credit_topup_packages: select" on public.credit_topup_packages
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or is_active);

drop policy if exists "credit_topup_packages: insert" on public.credit_topup_packages;
create policy "credit_topup_packages: insert" on public.credit_topup_packages
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "credit_topup_packages: update" on public.credit_topup_packages;
create policy "credit_topup_packages: update" on public.credit_topup_packages
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "credit_topup_packages: delete" on public.credit_topup_packages;
create policy "credit_topup_packages: delete" on public.credit_topup_packages
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.user_credit_purchases
revoke all on table public.user_credit_purchases from public, anon, authenticated;
grant all on table public.user_credit_purchases to service_role;
grant select, insert, update, delete on table public.user_credit_purchases to authenticated;

drop policy if exists "user_credit_purchases: select" on public.user_credit_purchases;
create policy "user_credit_purchases: select" on public.user_credit_purchases
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "user_credit_purchases: insert" on public.user_credit_purchases;
create policy "user_credit_purchases: insert" on public.user_credit_purchases
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "user_credit_purchases: update" on public.user_credit_purchases;
create policy "user_credit_purchases: update" on public.user_credit_purchases
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "user_credit_purchases: delete" on public.user_credit_purchases;
create policy "user_credit_purchases: delete" on public.user_credit_purchases
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.user_credit_balances
revoke all on table public.user_credit_balances from public, anon, authenticated;
grant all on table public.user_credit_balances to service_role;
grant select, insert, update, delete on table public.user_credit_balances to authenticated;

drop policy if exists "user_credit_balances: select" on public.user_credit_balances;
create policy "user_credit_balances: select" on public.user_credit_balances
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "user_credit_balances: insert" on public.user_credit_balances;
create policy "user_credit_balances: insert" on public.user_credit_balances
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "user_credit_balances: update" on public.user_credit_balances;
create policy "user_credit_balances: update" on public.user_credit_balances
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "user_credit_balances: delete" on public.user_credit_balances;
create policy "user_credit_balances: delete" on public.user_credit_balances
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.user_credit_transactions
revoke all on table public.user_credit_transactions from public, anon, authenticated;
grant all on table public.user_credit_transactions to service_role;
grant select, insert, update, delete on table public.user_credit_transactions to authenticated;

drop policy if exists "user_credit_transactions: select" on public.user_credit_transactions;
create policy "user_credit_transactions: select" on public.user_credit_transactions
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "user_credit_transactions: insert" on public.user_credit_transactions;
create policy "user_credit_transactions: insert" on public.user_credit_transactions
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "user_credit_transactions: update" on public.user_credit_transactions;
create policy "user_credit_transactions: update" on public.user_credit_transactions
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "user_credit_transactions: delete" on public.user_credit_transactions;
create policy "user_credit_transactions: delete" on public.user_credit_transactions
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.org_credit_packages
revoke all on table public.org_credit_packages from public, anon, authenticated;
grant all on table public.org_credit_packages to service_role;
grant select, insert, update, delete on table public.org_credit_packages to authenticated;

drop policy if exists "org_credit_packages: select" on public.org_credit_packages;
create policy "org_credit_packages: select" on public.org_credit_packages
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or is_active);

drop policy if exists "org_credit_packages: insert" on public.org_credit_packages;
create policy "org_credit_packages: insert" on public.org_credit_packages
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "org_credit_packages: update" on public.org_credit_packages;
create policy "org_credit_packages: update" on public.org_credit_packages
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "org_credit_packages: delete" on public.org_credit_packages;
create policy "org_credit_packages: delete" on public.org_credit_packages
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.org_credit_purchases
revoke all on table public.org_credit_purchases from public, anon, authenticated;
grant all on table public.org_credit_purchases to service_role;
grant select, insert, update, delete on table public.org_credit_purchases to authenticated;

drop policy if exists "org_credit_purchases: select" on public.org_credit_purchases;
create policy "org_credit_purchases: select" on public.org_credit_purchases
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or public.is_org_admin_or_manager((select auth.uid()), organization_id)
  );

drop policy if exists "org_credit_purchases: insert" on public.org_credit_purchases;
create policy "org_credit_purchases: insert" on public.org_credit_purchases
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "org_credit_purchases: update" on public.org_credit_purchases;
create policy "org_credit_purchases: update" on public.org_credit_purchases
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "org_credit_purchases: delete" on public.org_credit_purchases;
create policy "org_credit_purchases: delete" on public.org_credit_purchases
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.org_credit_balances
revoke all on table public.org_credit_balances from public, anon, authenticated;
grant all on table public.org_credit_balances to service_role;
grant select, insert, update, delete on table public.org_credit_balances to authenticated;

drop policy if exists "org_credit_balances: select" on public.org_credit_balances;
create policy "org_credit_balances: select" on public.org_credit_balances
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or public.is_org_admin_or_manager((select auth.uid()), organization_id)
  );

drop policy if exists "org_credit_balances: insert" on public.org_credit_balances;
create policy "org_credit_balances: insert" on public.org_credit_balances
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "org_credit_balances: update" on public.org_credit_balances;
create policy "org_credit_balances: update" on public.org_credit_balances
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "org_credit_balances: delete" on public.org_credit_balances;
create policy "org_credit_balances: delete" on public.org_credit_balances
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.org_credit_transactions
revoke all on table public.org_credit_transactions from public, anon, authenticated;
grant all on table public.org_credit_transactions to service_role;
grant select, insert, update, delete on table public.org_credit_transactions to authenticated;

drop policy if exists "org_credit_transactions: select" on public.org_credit_transactions;
create policy "org_credit_transactions: select" on public.org_credit_transactions
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or public.is_org_admin_or_manager((select auth.uid()), organization_id)
  );

drop policy if exists "org_credit_transactions: insert" on public.org_credit_transactions;
create policy "org_credit_transactions: insert" on public.org_credit_transactions
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "org_credit_transactions: update" on public.org_credit_transactions;
create policy "org_credit_transactions: update" on public.org_credit_transactions
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "org_credit_transactions: delete" on public.org_credit_transactions;
create policy "org_credit_transactions: delete" on public.org_credit_transactions
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.plan_credit_allocations
revoke all on table public.plan_credit_allocations from public, anon, authenticated;
grant all on table public.plan_credit_allocations to service_role;
grant select, insert, update, delete on table public.plan_credit_allocations to authenticated;

drop policy if exists "plan_credit_allocations: select" on public.plan_credit_allocations;
create policy "plan_credit_allocations: select" on public.plan_credit_allocations
  for select to authenticated
  using (true);

drop policy if exists "plan_credit_allocations: insert" on public.plan_credit_allocations;
create policy "plan_credit_allocations: insert" on public.plan_credit_allocations
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "plan_credit_allocations: update" on public.plan_credit_allocations;
create policy "plan_credit_allocations: update" on public.plan_credit_allocations
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "plan_credit_allocations: delete" on public.plan_credit_allocations;
create policy "plan_credit_allocations: delete" on public.plan_credit_allocations
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.plan_credit_rollovers
revoke all on table public.plan_credit_rollovers from public, anon, authenticated;
grant all on table public.plan_credit_rollovers to service_role;
grant select, insert, update, delete on table public.plan_credit_rollovers to authenticated;

drop policy if exists "plan_credit_rollovers: select" on public.plan_credit_rollovers;
create policy "plan_credit_rollovers: select" on public.plan_credit_rollovers
  for select to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')) or user_id = (select auth.uid()));

drop policy if exists "plan_credit_rollovers: insert" on public.plan_credit_rollovers;
create policy "plan_credit_rollovers: insert" on public.plan_credit_rollovers
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "plan_credit_rollovers: update" on public.plan_credit_rollovers;
create policy "plan_credit_rollovers: update" on public.plan_credit_rollovers
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

drop policy if exists "plan_credit_rollovers: delete" on public.plan_credit_rollovers;
create policy "plan_credit_rollovers: delete" on public.plan_credit_rollovers
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));

-- public.payment_schedules: no admin branch, as in production. Written by the service role only.
revoke all on table public.payment_schedules from public, anon, authenticated;
grant all on table public.payment_schedules to service_role;
grant select on table public.payment_schedules to authenticated;

drop policy if exists "payment_schedules: select" on public.payment_schedules;
create policy "payment_schedules: select" on public.payment_schedules
  for select to authenticated
  using (user_id = (select auth.uid()));
