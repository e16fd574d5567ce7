-- What visitors may execute, and who writes the audit log.
--
-- Why: see below. After every function of ours is there, since it looks at what a visitor can execute.
-- Locks: none on tables but row locks in the catalog.
-- Can be run again.

set lock_timeout = '10s';

-- Old projects gave every function in public to everybody, and many of production's own run with their owner's
-- rights for whoever asks: names and addresses of a group, anybody's credits, deletions. A visitor keeps what
-- pages before sign-in call, and the helpers that policies ask. Who is signed in, and the server, keep what
-- they had. Looks at what a visitor can execute, so a second run finds nothing.
do $$
declare
  v_function record;
  v_role text;
begin
  for v_function in
    select p.oid, p.oid::regprocedure as signature, pg_has_role(p.proowner, 'usage') as is_ours_to_change
    from pg_catalog.pg_proc p
    where p.pronamespace = 'public'::regnamespace
      and has_function_privilege('anon', p.oid, 'execute')
      and p.proname not in (
        -- pages before sign-in: Auth, EnrollWithCode, RedeemPartnerCode
        'get_signup_enabled', 'validate_enrollment_code', 'validate_partner_code',
        -- asked by policies, with the caller's rights
        'are_group_peers', 'can_manage_module_session', 'client_can_view_staff_profile',
        'get_user_organization_id', 'has_org_role', 'has_role', 'is_group_member', 'is_org_admin_or_manager',
        'is_program_instructor_or_coach', 'is_same_organization', 'is_session_instructor_or_coach',
        'is_session_participant', 'staff_has_client_relationship', 'user_is_enrolled_in_program'
      )
      -- an extension's are its owner's business
      and not exists (
        select from pg_catalog.pg_depend d
        where d.classid = 'pg_catalog.pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
      )
      -- production's policies and views of the tables that pages before sign-in read may ask helpers of its own
      and not exists (
        select from pg_catalog.pg_depend d
        left join pg_catalog.pg_policy policy on d.classid = 'pg_catalog.pg_policy'::regclass and policy.oid = d.objid
        left join pg_catalog.pg_rewrite rule on d.classid = 'pg_catalog.pg_rewrite'::regclass and rule.oid = d.objid
        where d.refclassid = 'pg_catalog.pg_proc'::regclass and d.refobjid = p.oid
          and coalesce(policy.polrelid, rule.ev_class) in (
            to_regclass('public.assessment_definitions'), to_regclass('public.assessment_questions'),
            to_regclass('public.assessment_options'), to_regclass('public.auth_contexts'),
            to_regclass('public.auth_contexts_public'), to_regclass('public.program_entitlements')
          )
      )
    order by p.oid::regprocedure::text
  loop
    if not v_function.is_ours_to_change then
      raise notice 'left executable by visitors: %', v_function.signature;
      continue;
    end if;
    foreach v_role in array array['authenticated', 'service_role', 'supabase_auth_admin'] loop
      -- which may have it through public alone
      if to_regrole(v_role) is not null and has_function_privilege(v_role, v_function.oid, 'execute') then
        execute format('grant execute on routine %s to %I', v_function.signature, v_role);
      end if;
    end loop;
    execute format('revoke execute on routine %s from public, anon', v_function.signature);
  end loop;
end
$$;

-- The audit log is written by private.audit() alone, which runs with its owner's rights.
do $$
begin
  if exists (
    select from unnest(array['anon', 'authenticated', 'service_role']) as role,
      unnest(array['insert', 'update', 'delete', 'truncate']) as privilege
    where has_table_privilege(role, 'public.admin_audit_logs', privilege)
  ) or has_table_privilege('anon', 'public.admin_audit_logs', 'select') then
    revoke all on table public.admin_audit_logs from public, anon, authenticated, service_role;
    grant select on table public.admin_audit_logs to authenticated, service_role;
  end if;
end
$$;
