-- Policies: The ledger of credits: grants, spends, refunds, rollover, expiry.
--
-- Why: production's have other names, and let through more than they say; all of these tables' are replaced.
-- Locks: whoever makes or drops a policy as postgres on hosted Supabase takes ACCESS EXCLUSIVE on the tables of
-- auth and storage until commit, here for some milliseconds; where the policies are there already, nothing.
-- Can be run again.

set lock_timeout = '5s';

do $policies$
declare
  v_tables constant text[] := array[
    'credit_batches', 'credit_consumption_log', 'credit_debts', 'credit_ledger',
    'credit_services', 'credit_source_types', 'credit_spends', 'credit_topup_packages',
    'credit_usage_periods', 'enrollment_payment_locks', 'low_credit_thresholds', 'maintenance_runs',
    'org_credit_balances', 'org_credit_packages', 'org_credit_purchases', 'org_credit_transactions',
    'payment_schedules', 'plan_credit_allocations', 'plan_credit_rollovers', 'user_credit_balances',
    'user_credit_purchases', 'user_credit_transactions'
  ];
begin
  if private.policies_are(v_tables, 35) then
    return;
  end if;
  perform private.drop_policies(variadic v_tables);

  create policy "select" on public.credit_source_types for select to authenticated using (true);

  create policy "select" on public.credit_spends for select to authenticated
    using (
      (select private.is_admin())
      or (owner_type = 'user' and owner_id = (select auth.uid()))
      or (owner_type = 'org' and private.is_org_admin_or_manager((select auth.uid()), owner_id))
    );

  create policy "select" on public.payment_schedules for select to authenticated using (user_id = (select auth.uid()));

  create policy "select" on public.maintenance_runs for select to authenticated using ((select private.is_admin()));

  create policy "select" on public.credit_batches for select to authenticated
    using (
      (select private.is_admin())
      or (owner_type = 'user' and owner_id = (select auth.uid()))
      or (owner_type = 'org' and private.is_org_admin_or_manager((select auth.uid()), owner_id))
    );
  create policy "update" on public.credit_batches for update to authenticated using ((select private.is_admin()));
  create policy "delete" on public.credit_batches for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.credit_consumption_log for select to authenticated
    using ((select private.is_admin()) or user_id = (select auth.uid()));
  create policy "insert" on public.credit_consumption_log for insert to authenticated
    with check ((select private.is_admin()) or user_id = (select auth.uid()));

  create policy "select" on public.credit_debts for select to authenticated using ((select private.is_admin()));
  create policy "update" on public.credit_debts for update to authenticated using ((select private.is_admin()));

  create policy "select" on public.credit_ledger for select to authenticated
    using (
      (select private.is_admin())
      or (owner_type = 'user' and owner_id = (select auth.uid()))
      or (owner_type = 'org' and private.is_org_admin_or_manager((select auth.uid()), owner_id))
    );

  create policy "select" on public.credit_services for select to authenticated
    using ((select private.is_admin()) or is_active);
  create policy "insert" on public.credit_services for insert to authenticated with check ((select private.is_admin()));
  create policy "update" on public.credit_services for update to authenticated using ((select private.is_admin()));
  create policy "delete" on public.credit_services for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.credit_topup_packages for select to authenticated
    using ((select private.is_admin()) or is_active);
  create policy "insert" on public.credit_topup_packages for insert to authenticated
    with check ((select private.is_admin()));
  create policy "update" on public.credit_topup_packages for update to authenticated using ((select private.is_admin()));
  create policy "delete" on public.credit_topup_packages for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.credit_usage_periods for select to authenticated
    using (
      (select private.is_admin())
      or (owner_type = 'user' and owner_id = (select auth.uid()))
      or (owner_type = 'org' and owner_id = (select private.get_user_organization_id((select auth.uid()))))
    );

  create policy "select" on public.enrollment_payment_locks for select to authenticated
    using ((select private.is_admin()));

  create policy "select" on public.low_credit_thresholds for select to authenticated
    using (
      (select private.is_admin())
      or (owner_type = 'user' and owner_id = (select auth.uid()))
      or (owner_type = 'org' and private.is_org_admin_or_manager((select auth.uid()), owner_id))
    );

  create policy "select" on public.org_credit_balances for select to authenticated
    using ((select private.is_admin()) or private.is_org_admin_or_manager((select auth.uid()), organization_id));

  create policy "select" on public.org_credit_packages for select to authenticated
    using ((select private.is_admin()) or is_active);
  create policy "insert" on public.org_credit_packages for insert to authenticated
    with check ((select private.is_admin()));
  create policy "update" on public.org_credit_packages for update to authenticated using ((select private.is_admin()));
  create policy "delete" on public.org_credit_packages for delete to authenticated using ((select private.is_admin()));

  create policy "select" on public.org_credit_purchases for select to authenticated
    using ((select private.is_admin()) or private.is_org_admin_or_manager((select auth.uid()), organization_id));

  create policy "select" on public.org_credit_transactions for select to authenticated
    using ((select private.is_admin()) or private.is_org_admin_or_manager((select auth.uid()), organization_id));

  create policy "select" on public.plan_credit_allocations for select to authenticated using (true);

  create policy "select" on public.plan_credit_rollovers for select to authenticated
    using ((select private.is_admin()) or user_id = (select auth.uid()));

  create policy "select" on public.user_credit_balances for select to authenticated
    using ((select private.is_admin()) or user_id = (select auth.uid()));

  create policy "select" on public.user_credit_purchases for select to authenticated
    using ((select private.is_admin()) or user_id = (select auth.uid()));

  create policy "select" on public.user_credit_transactions for select to authenticated
    using ((select private.is_admin()) or user_id = (select auth.uid()));
end
$policies$;
