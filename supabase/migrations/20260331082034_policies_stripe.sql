-- Policies: What Stripe tells, as facts, and what follows from them.
--
-- Why: production's have other names, and let through more than they say; all of these tables' are replaced.
-- Locks: whoever makes or drops a policy as postgres on hosted Supabase takes ACCESS EXCLUSIVE on the tables of
-- auth and storage until commit, here for some milliseconds; where the policies are there already, nothing.
-- Can be run again.

set lock_timeout = '5s';

do $policies$
declare
  v_tables constant text[] := array[
    'stripe_charges', 'stripe_checkouts', 'stripe_deleted_customers', 'stripe_dismissals',
    'stripe_disputes', 'stripe_events', 'stripe_failed_refunds', 'stripe_invoices',
    'stripe_owners', 'stripe_payments', 'stripe_subscription_prices', 'stripe_subscriptions'
  ];
begin
  if private.policies_are(v_tables, 12) then
    return;
  end if;
  perform private.drop_policies(variadic v_tables);

  create policy "select" on public.stripe_charges for select to authenticated using ((select private.is_admin()));

  create policy "select" on public.stripe_subscriptions for select to authenticated using ((select private.is_admin()));

  create policy "select" on public.stripe_checkouts for select to authenticated using ((select private.is_admin()));

  create policy "select" on public.stripe_dismissals for select to authenticated using ((select private.is_admin()));

  create policy "select" on public.stripe_events for select to authenticated using ((select private.is_admin()));

  create policy "select" on public.stripe_payments for select to authenticated using ((select private.is_admin()));

  create policy "select" on public.stripe_invoices for select to authenticated using ((select private.is_admin()));

  create policy "select" on public.stripe_owners for select to authenticated using ((select private.is_admin()));

  create policy "select" on public.stripe_subscription_prices for select to authenticated
    using ((select private.is_admin()));

  create policy "select" on public.stripe_deleted_customers for select to authenticated
    using ((select private.is_admin()));

  create policy "select" on public.stripe_disputes for select to authenticated using ((select private.is_admin()));

  create policy "select" on public.stripe_failed_refunds for select to authenticated
    using ((select private.is_admin()));
end
$policies$;
