-- The functions that policies ask who is who, moved out of the Data API's reach.
--
-- Why: they must be security definer, and in schema public every visitor could call them by
-- /rest/v1/rpc with the definer's rights (Supabase's advisors 0028 and 0029). Moved, not copied: policies
-- and the production's own bodies hold on to the function, not to its name, and go on as they are.
-- What calls them by the old name meets a wrapper there that runs with the caller's rights.
-- staff_has_client_relationship is there already (20260324100001).
-- Locks: none on tables. Can be run again: what is in private stays, the wrapper is made anew.

set lock_timeout = '10s';

do $$
declare
  v_helper record;
begin
  for v_helper in
    select p.oid::regprocedure as public_signature, p.proname as name,
      oidvectortypes(p.proargtypes) as types,
      pg_get_function_arguments(p.oid) as arguments,
      pg_get_function_result(p.oid) as result,
      (select string_agg('$' || n, ', ' order by n) from generate_series(1, p.pronargs) n) as parameters,
      exists (
        select from pg_catalog.pg_proc moved
        where moved.pronamespace = 'private'::regnamespace
          and moved.proname = p.proname and moved.proargtypes = p.proargtypes
      ) as is_moved
    from pg_catalog.pg_proc p
    where p.pronamespace = 'public'::regnamespace
      and p.proname in (
        'has_role', 'has_org_role', 'is_org_admin_or_manager', 'get_user_organization_id',
        'is_same_organization', 'is_group_member', 'are_group_peers', 'user_is_enrolled_in_program',
        'is_program_instructor_or_coach', 'can_manage_module_session', 'client_can_view_staff_profile',
        'is_session_instructor_or_coach', 'is_session_participant'
      )
  loop
    if not v_helper.is_moved then
      execute format('alter function %s set schema private', v_helper.public_signature);
    end if;
    execute format(
      'create or replace function public.%1$I(%2$s) returns %3$s
       language sql stable security invoker set search_path = ''''
       begin atomic select private.%1$I(%4$s); end',
      v_helper.name, v_helper.arguments, v_helper.result, v_helper.parameters
    );
    execute format(
      'comment on function public.%1$I(%2$s) is ''Policy helper: private.%1$I, with the caller''''s rights.''',
      v_helper.name, v_helper.types
    );
    -- Policies run with the caller's rights, so whoever meets a policy must be able to execute these.
    execute format(
      'revoke execute on function public.%1$I(%2$s), private.%1$I(%2$s) from public',
      v_helper.name, v_helper.types
    );
    execute format(
      'grant execute on function public.%1$I(%2$s), private.%1$I(%2$s) to anon, authenticated, service_role',
      v_helper.name, v_helper.types
    );
  end loop;
end
$$;
