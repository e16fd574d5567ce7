-- Deleting a user, by an admin.
--
-- Why: deleting staff failed on foreign keys; what names a user without a foreign key stayed behind
-- unseen.
-- A deletion is one transaction here, with auth.users in it: Auth does no more than delete that row and
-- let the database cascade, and asked over HTTP it could fail after everything else was gone.
-- (postgres may delete from auth.users on Supabase.)
-- Locks: access exclusive on partner_referrals, briefly. Can be run again.

set lock_timeout = '10s';

-- A referral outlives whom it brought: it is what a partner is paid for.
-- squawk-ignore ban-drop-not-null -- null only where the user, whom clients would look up, is gone
alter table public.partner_referrals alter column referred_user_id drop not null;
comment on column public.partner_referrals.referred_user_id is 'Null: deleted meanwhile.';

-- What names a user ---------------------------------------------------------------------------------

create table if not exists private.user_columns (
  table_name text not null,
  column_name text not null,
  on_delete text not null check (on_delete in ('delete', 'clear', 'reassign', 'keep')),
  reason text,
  primary key (table_name, column_name)
);
comment on table private.user_columns is
  'Columns that name a user without a foreign key, and what a deletion does to their rows: delete, clear (null), reassign (to the admin who deletes), keep. A new such column needs a row here.';
alter table private.user_columns enable row level security;
revoke all on table private.user_columns from public, anon, authenticated, service_role;

insert into private.user_columns (table_name, column_name, on_delete, reason)
values
  ('public.add_on_consumption_log', 'user_id', 'delete', null),
  ('private.attempts', 'user_id', 'delete', null),
  ('public.ai_preferences', 'user_id', 'delete', null),
  ('public.client_instructors', 'client_id', 'delete', null),
  ('public.client_instructors', 'instructor_id', 'delete', null),
  ('public.development_items', 'user_id', 'delete', null),
  ('public.email_change_requests', 'user_id', 'delete', null),
  ('public.email_queue', 'user_id', 'delete', null),
  ('public.external_progress', 'user_id', 'delete', null),
  ('public.generated_prompts', 'user_id', 'delete', null),
  ('public.group_session_participants', 'user_id', 'delete', null),
  ('public.module_reflections', 'user_id', 'delete', null),
  ('public.module_session_participants', 'user_id', 'delete', null),
  ('public.notifications', 'user_id', 'delete', null),
  ('public.organization_sharing_consent', 'user_id', 'delete', null),
  ('public.user_add_ons', 'user_id', 'delete', null),
  ('public.user_notification_preferences', 'user_id', 'delete', null),
  ('public.user_program_entitlement_usage', 'user_id', 'delete', null),
  ('public.user_tracks', 'user_id', 'delete', null),
  ('public.wheel_of_life_snapshots', 'user_id', 'delete', null),
  ('public.module_assignments', 'scored_by', 'clear', null),
  ('public.user_add_ons', 'granted_by', 'clear', null),
  ('public.groups', 'created_by', 'reassign', null),
  ('public.coach_module_feedback', 'coach_id', 'keep', 'it is the client''s; the coach is an id without a person'),
  ('public.credit_batches', 'owner_id', 'keep', 'accounts, under an id without a person'),
  ('public.credit_consumption_log', 'user_id', 'keep', 'accounts, under an id without a person'),
  ('public.credit_debts', 'owner_id', 'keep', 'accounts, under an id without a person'),
  ('public.credit_ledger', 'owner_id', 'keep', 'accounts, under an id without a person'),
  ('public.credit_spends', 'owner_id', 'keep', 'accounts, under an id without a person'),
  ('public.credit_usage_periods', 'owner_id', 'keep', 'accounts, under an id without a person'),
  ('public.plan_credit_rollovers', 'user_id', 'keep', 'accounts, under an id without a person'),
  ('private.trigger_failures', 'subject_id', 'keep', 'what failed'),
  ('public.admin_audit_logs', 'actor_id', 'keep', 'the audit log'),
  ('public.admin_audit_logs', 'target_user_id', 'keep', 'the audit log')
on conflict (table_name, column_name) do update
set on_delete = excluded.on_delete, reason = excluded.reason;

create or replace function private.release_user(p_user_id uuid, p_heir_id uuid)
returns jsonb
language plpgsql
set search_path = ''
as $$
declare
  v_column record;
  v_count bigint;
  v_done jsonb := '{}'::jsonb;
begin
  -- Read from the catalog: production has more tables than are known here.
  for v_column in
    -- what blocks: foreign keys to the user
    select c.conrelid::regclass::text as relation, a.attname as name,
      case when a.attnotnull then 'reassign' else 'clear' end as on_delete,
      format('%I = $1', a.attname) as condition
    from pg_catalog.pg_constraint c
    join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    where c.contype = 'f'
      and c.confrelid in ('auth.users'::regclass, 'public.profiles'::regclass)
      and c.confdeltype in ('a', 'r')
      and cardinality(c.conkey) = 1
      and c.connamespace = 'public'::regnamespace
    union
    -- and foreign keys to what goes with the user, an enrolment say
    select c.conrelid::regclass::text, a.attname, 'clear',
      format(
        '%I in (select it.%I from %s it where it.%I = $1)', a.attname, key.attname, owned.conrelid::regclass,
        owner.attname
      )
    from pg_catalog.pg_constraint owned
    join pg_catalog.pg_attribute owner on owner.attrelid = owned.conrelid and owner.attnum = owned.conkey[1]
    join pg_catalog.pg_constraint c on c.confrelid = owned.conrelid
    join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    join pg_catalog.pg_attribute key on key.attrelid = c.confrelid and key.attnum = c.confkey[1]
    where owned.contype = 'f'
      and owned.confrelid in ('auth.users'::regclass, 'public.profiles'::regclass)
      and owned.confdeltype = 'c'
      and owned.connamespace = 'public'::regnamespace
      and owned.conrelid <> 'public.profiles'::regclass
      and c.contype = 'f'
      and c.confdeltype in ('a', 'r')
      and cardinality(c.conkey) = 1
      and not a.attnotnull
    union
    -- and what would be orphaned
    select u.table_name, u.column_name, u.on_delete, format('%I = $1', u.column_name)
    from private.user_columns u
    where u.on_delete <> 'keep' and to_regclass(u.table_name) is not null
    order by 1, 2, 4
  loop
    execute case v_column.on_delete
      when 'delete' then format('delete from %s where %s', v_column.relation, v_column.condition)
      when 'clear' then format(
        'update %s set %I = null where %s', v_column.relation, v_column.name, v_column.condition
      )
      else format('update %s set %I = $2 where %s', v_column.relation, v_column.name, v_column.condition)
    end using p_user_id, p_heir_id;
    get diagnostics v_count = row_count;
    if v_count > 0 then
      v_done := v_done || jsonb_build_object(
        format('%s.%s', replace(v_column.relation, 'public.', ''), v_column.name),
        format(
          '%s %s', v_count,
          case v_column.on_delete when 'delete' then 'deleted' when 'clear' then 'cleared' else 'reassigned' end
        )
      );
    end if;
  end loop;
  return v_done;
end
$$;
comment on function private.release_user(uuid, uuid) is
  'Takes away what keeps a user from being deleted or would be left without an owner: by foreign keys, as the catalog has them, and by private.user_columns. p_heir_id gets what must have somebody. Returns table.column → how many rows.';
revoke execute on function private.release_user(uuid, uuid) from public, anon, authenticated;

create or replace function private.user_leftovers(p_user_id uuid, p_now timestamptz)
returns jsonb
language plpgsql
stable
set search_path = ''
as $$
declare
  v_leftovers jsonb;
  v_storage regclass := to_regclass('storage.objects'); -- not everywhere there
  v_objects bigint := 0;
begin
  if v_storage is not null then
    execute format('select count(*) from %s o where o.owner_id = $1::text', v_storage)
    into v_objects
    using p_user_id;
  end if;

  select jsonb_build_object(
    'stripe_subscriptions', (
      select jsonb_agg(distinct subscription.id)
      from (
        select s.stripe_subscription_id
        from public.payment_schedules s
        where s.user_id = p_user_id and s.status in ('active', 'defaulted')
        union
        select e.stripe_subscription_id
        from public.client_enrollments e
        where e.client_user_id = p_user_id and e.status <> 'completed'
        union
        select s.id
        from public.stripe_subscriptions s
        where s.user_id = p_user_id
          and s.status in ('trialing', 'active', 'past_due', 'unpaid', 'paused', 'incomplete')
      ) subscription (id)
      where subscription.id is not null
    ),
    'organizations_without_admin', (
      select jsonb_agg(m.organization_id)
      from public.organization_members m
      where m.user_id = p_user_id
        and m.role = 'org_admin'
        and m.is_active
        and not exists (
          select from public.organization_members other
          where other.organization_id = m.organization_id
            and other.user_id <> p_user_id
            and other.role = 'org_admin'
            and other.is_active
        )
    ),
    'upcoming_sessions_without_host', (
      select jsonb_agg(s.id)
      from public.module_sessions s
      where s.instructor_id = p_user_id and s.session_date > p_now and s.status = 'scheduled'
    ),
    'partner_codes_switched_off', (
      select jsonb_agg(c.code) from public.partner_codes c where c.partner_id = p_user_id and c.is_active
    ),
    'credits', (
      select sum(b.remaining_amount)
      from public.credit_batches b
      where b.owner_type = 'user' and b.owner_id = p_user_id and b.remaining_amount > 0 and b.expires_at > p_now
    ),
    'storage_objects', nullif(v_objects, 0)
  ) into v_leftovers;
  return jsonb_strip_nulls(v_leftovers);
end
$$;
comment on function private.user_leftovers(uuid, timestamptz) is
  'What the deletion of a user leaves for somebody to look at: running Stripe subscriptions, organisations without an admin, sessions without a host, credits, files.';
revoke execute on function private.user_leftovers(uuid, timestamptz) from public, anon, authenticated;

-- Deleting ------------------------------------------------------------------------------------------

create or replace function public.delete_user(
  p_actor_id uuid, p_session_id uuid, p_user_id uuid, p_now timestamptz default now()
)
returns public.user_action_result
language plpgsql
security definer -- deletes from auth.users
set search_path = ''
as $$
declare
  v_result public.user_action_result;
  v_blocker text;
begin
  v_result := private.admit_user_action(p_actor_id, p_session_id, p_user_id, p_now);
  if v_result.code <> 'ok' then
    return v_result;
  end if;

  begin
    v_result.left_behind := private.user_leftovers(p_user_id, p_now);
    -- Codes live on under the admin's name, and bring nobody until somebody decides so.
    update public.partner_codes c set is_active = false where c.partner_id = p_user_id and c.is_active;
    v_result.done := private.release_user(p_user_id, p_actor_id);
    delete from auth.users u where u.id = p_user_id;
  exception
    when integrity_constraint_violation then -- a table that is not known here; everything above is undone
      get stacked diagnostics v_blocker = table_name;
      v_result.code := 'deletion_blocked';
      v_result.done := null;
      v_result.left_behind := jsonb_build_object('blocked_by', v_blocker);
      return v_result;
  end;
  perform private.audit(
    p_actor_id, 'delete_user', p_user_id, 'done',
    jsonb_build_object('done', v_result.done, 'left_behind', v_result.left_behind)
  );
  return v_result;
end
$$;
comment on function public.delete_user(uuid, uuid, uuid, timestamptz) is
  'Deletes a user for an admin, all or nothing: what would block it is cleared or re-assigned to the admin, what would be orphaned is deleted, accounts stay. Says what it did and what stays behind.';
revoke execute on function public.delete_user(uuid, uuid, uuid, timestamptz)
  from public, anon, authenticated;
grant execute on function public.delete_user(uuid, uuid, uuid, timestamptz) to service_role;
