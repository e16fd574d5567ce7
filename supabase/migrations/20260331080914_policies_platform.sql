-- Policies: What the others need: schema private, helpers of migrations, jobs, the audit log.
--
-- Why: production's have other names, and let through more than they say; all of these tables' are replaced.
-- Locks: whoever makes or drops a policy as postgres on hosted Supabase takes ACCESS EXCLUSIVE on the tables of
-- auth and storage until commit, here for some milliseconds; where the policies are there already, nothing.
-- Can be run again.

set lock_timeout = '5s';

do $policies$
declare
  v_tables constant text[] := array[
    'admin_audit_logs', 'system_settings'
  ];
begin
  if private.policies_are(v_tables, 2) then
    return;
  end if;
  perform private.drop_policies(variadic v_tables);

  create policy "select" on public.admin_audit_logs for select to authenticated using ((select private.is_admin()));

  create policy "all" on public.system_settings for all to authenticated using ((select private.is_admin()));
end
$policies$;
