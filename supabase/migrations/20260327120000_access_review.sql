-- What the matrix of tables and callers showed to be too much (tests/access/matrix).
--
-- Why: policies decide about rows and cannot compare old with new, so whoever may update a row of the own
-- could carry it elsewhere: a participation to a session with its meeting link, a comment to a stranger's
-- goal, finished work to another module; could sign an evaluation or a note with a coach's name; and could
-- count the own usage down. And every user could read the discount codes made for somebody else.
-- Locks: share row exclusive on the tables that get a trigger, access exclusive on discount_codes, briefly.
-- Can be run again. Production's policies on discount_codes have other names: all are dropped first.

set lock_timeout = '10s';

-- Guards --------------------------------------------------------------------------------------------

-- Security invoker for the reason given at private.guard_columns.
create or replace function private.guard_owner_columns()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
declare
  v_column text;
begin
  if current_user not in ('anon', 'authenticated')
    or (to_jsonb(old) ->> tg_argv[0])::uuid is distinct from auth.uid()
    or public.has_role(auth.uid(), 'admin')
  then
    return new;
  end if;

  select name into v_column
  from unnest(tg_argv) as name
  where to_jsonb(new) -> name is distinct from to_jsonb(old) -> name
  limit 1;

  if found then
    raise exception 'column "%" of % is not yours to change', v_column, tg_table_name
      using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;
comment on function private.guard_owner_columns() is
  'Trigger: refuses the person a row is about, whom its first argument names, and who is no admin, a change '
  'of a column named in its arguments. Who else may update the row, such as staff, is not bound.';
revoke execute on function private.guard_owner_columns() from public, anon, authenticated;

create or replace trigger guard_owner_columns
  before update on public.session_participants
  for each row execute function private.guard_owner_columns('user_id', 'session_id');

create or replace trigger guard_owner_columns
  before update on public.group_session_participants
  for each row execute function private.guard_owner_columns('user_id', 'session_id', 'group_id');

create or replace trigger guard_owner_columns
  before update on public.scenario_assignments
  for each row execute function private.guard_owner_columns(
    'user_id', 'assigned_by', 'assigned_at', 'evaluated_by', 'evaluated_at', 'overall_notes'
  );

create or replace trigger guard_owner_columns
  before update on public.development_items
  for each row execute function private.guard_owner_columns('user_id', 'author_id');

create or replace trigger guard_columns
  before update on public.module_progress
  for each row execute function private.guard_columns('enrollment_id', 'module_id');

create or replace trigger guard_columns
  before update on public.module_reflections
  for each row execute function private.guard_columns('user_id', 'module_progress_id');

create or replace trigger guard_columns
  before update on public.goal_comments
  for each row execute function private.guard_columns('user_id', 'goal_id');

-- Usage ---------------------------------------------------------------------------------------------

create or replace function private.guard_usage()
returns trigger
language plpgsql
security invoker
set search_path = ''
as $$
begin
  if current_user in ('anon', 'authenticated') and not public.has_role(auth.uid(), 'admin')
    and (
      case tg_op
        when 'INSERT' then new.used_count < 0
        when 'UPDATE' then new.used_count < old.used_count
        else true
      end
    )
  then
    raise exception 'usage of % is counted up and never down', tg_table_name
      using errcode = 'insufficient_privilege';
  end if;
  return coalesce(new, old);
end
$$;
comment on function private.guard_usage() is
  'Trigger: the browser counts what its user has used; it may count up, and neither down nor delete.';
revoke execute on function private.guard_usage() from public, anon, authenticated;

create or replace trigger guard_usage
  before insert or update or delete on public.usage_tracking
  for each row execute function private.guard_usage();

create or replace trigger guard_columns
  before update on public.usage_tracking
  for each row execute function private.guard_columns('user_id', 'feature_key', 'period_start');

create or replace trigger guard_usage
  before insert or update or delete on public.user_program_entitlement_usage
  for each row execute function private.guard_usage();

create or replace trigger guard_columns
  before update on public.user_program_entitlement_usage
  for each row execute function private.guard_columns('user_id', 'enrollment_id', 'feature_key');

-- discount_codes ------------------------------------------------------------------------------------

do $$
begin
  perform private.drop_policies('discount_codes');
end
$$;

revoke all on table public.discount_codes from public, anon, authenticated;
grant all on table public.discount_codes to service_role;
grant select, insert, update, delete on table public.discount_codes to authenticated;

create policy "discount_codes: select" on public.discount_codes
  for select to authenticated
  using (
    (select public.has_role((select auth.uid()), 'admin'))
    or (is_active and (assigned_user_id is null or assigned_user_id = (select auth.uid())))
  );

create policy "discount_codes: insert" on public.discount_codes
  for insert to authenticated
  with check ((select public.has_role((select auth.uid()), 'admin')));

create policy "discount_codes: update" on public.discount_codes
  for update to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')))
  with check ((select public.has_role((select auth.uid()), 'admin')));

create policy "discount_codes: delete" on public.discount_codes
  for delete to authenticated
  using ((select public.has_role((select auth.uid()), 'admin')));
