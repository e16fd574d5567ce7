-- One trigger each: production's go by other names.
--
-- Why: two of a kind would notify everybody twice. After everything else, in a transaction that holds nothing else.
-- Locks: as postgres on hosted Supabase, any `drop trigger`, of nothing as well, takes ACCESS EXCLUSIVE on the tables
-- of auth and storage until commit; so the catalog is asked first, and where there is nothing to drop nothing is
-- locked.
-- Can be run again.

set lock_timeout = '5s';

-- Production's triggers may call our functions by other names: two of a kind would say everything twice, or
-- write updated_at twice. Ours have to be there.
do $$
declare
  v_trigger record;
begin
  for v_trigger in
    select t.tgrelid::regclass as relation, t.tgname as name
    from pg_catalog.pg_trigger t
    join (
      values
        ('public.handle_new_user()', 'on_auth_user_created'),
        ('public.create_default_notification_preferences()', 'on_auth_user_created_notification_preferences'),
        ('public.create_default_ai_preferences()', 'on_profile_created_ai_preferences'),
        ('public.sync_auth_to_profiles()', 'on_auth_user_updated'),
        ('public.ensure_client_profile()', 'ensure_client_profile'),
        ('public.ensure_client_profile_on_plan()', 'ensure_client_profile_on_plan'),
        ('public.notify_program_assignment()', 'notify_program_assignment'),
        ('public.notify_session_participant_added()', 'notify_session_participant_added'),
        ('public.update_updated_at_column()', 'update_%_updated_at')
    ) as ours (function, name) on t.tgfoid = to_regprocedure(ours.function)
    where not t.tgisinternal
      and t.tgname not like ours.name
      and exists (
        select from pg_catalog.pg_trigger kept
        where kept.tgrelid = t.tgrelid and kept.tgfoid = t.tgfoid and kept.tgtype = t.tgtype
          and kept.tgname like ours.name and not kept.tgisinternal
      )
  loop
    begin
      execute format('drop trigger %I on %s', v_trigger.name, v_trigger.relation);
    exception
      when insufficient_privilege then -- auth.users is Supabase's; what is called there bears being called twice
        raise notice 'left in place: trigger % on %', v_trigger.name, v_trigger.relation;
    end;
  end loop;
end
$$;
