-- Policies: Changing an address or a password, disabling and deleting a user.
--
-- Why: production's have other names, and let through more than they say; all of these tables' are replaced.
-- Locks: whoever makes or drops a policy as postgres on hosted Supabase takes ACCESS EXCLUSIVE on the tables of
-- auth and storage until commit, here for some milliseconds; where the policies are there already, nothing.
-- Can be run again.

set lock_timeout = '5s';

do $policies$
declare
  v_tables constant text[] := array[
    'email_change_requests'
  ];
begin
  if private.policies_are(v_tables, 2) then
    return;
  end if;
  perform private.drop_policies(variadic v_tables);

  create policy "select" on public.email_change_requests for select to authenticated
    using (user_id = (select auth.uid()));
  create policy "delete" on public.email_change_requests for delete to authenticated
    using (user_id = (select auth.uid()) and verified_at is null and claim_id is null);
end
$policies$;
