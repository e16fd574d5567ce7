-- Changing an address or a password, disabling and deleting a user.
--
-- Why: Auth and the database are two systems. A change of address, password or ban begins here with a claim or a
-- line "asked", is done by Auth, and is recorded here; what breaks off can be finished. A deletion is one
-- transaction that reads from the catalog what names the user.
-- Locks: on production, until commit, ACCESS EXCLUSIVE on email_change_requests.
-- Can be run again.

set lock_timeout = '10s';
set check_function_bodies = off; -- a body may name what a later file makes

-- Types -------------------------------------------------------------------------------------------

select private.ensure_type($type$
create type public.user_action_result as (code text, retry_after integer, done jsonb, left_behind jsonb)
$type$);
select private.ensure_type($type$
create type public.user_update_start as (
  code text,
  old_email text
)
$type$);
select private.ensure_type($type$
create type public.email_change_claim as (
  code text,
  retry_after integer,
  request_id uuid,
  claim_id uuid,
  user_id uuid,
  old_email text,
  new_email text
)
$type$);
select private.ensure_type($type$
create type public.password_attempt_result as (
  code text,
  retry_after integer,
  email text,
  phone text
)
$type$);
select private.ensure_type($type$
create type public.email_change_request_result as (
  code text,
  retry_after integer,
  expires_at timestamptz
)
$type$);

-- Tables that are there ---------------------------------------------------------------------------

alter table public.email_change_requests
  add column if not exists session_id uuid,
  add column if not exists claim_id uuid,
  add column if not exists claimed_at timestamptz;
select private.assert_table(
  'public.email_change_requests', 'session_id uuid, claim_id uuid, claimed_at timestamptz'
);

-- Production's view has other columns, in another order, which `create or replace` refuses.
do $$
begin
  if (
    select string_agg(a.attname, ',' order by a.attnum) from pg_catalog.pg_attribute a
    where a.attrelid = to_regclass('public.email_change_requests_safe') and a.attnum > 0
  ) <> 'id,user_id,old_email,new_email,expires_at,created_at,verified_at' then
    drop view public.email_change_requests_safe;
  end if;
end
$$;

comment on type public.user_action_result is
  'code: ok, or why nothing was done. done: table.column → what became of how many rows. left_behind: what '
  'somebody has to look at. Both only for a deletion.';
comment on type public.user_update_start is
  'code: ok (call Auth, then record), or why not. old_email: the present address; empty when there is none.';
comment on type public.email_change_claim is
  'code: ok (call Auth, then record), changed (Auth has done it: record), or why the link is refused.';
comment on type public.password_attempt_result is
  'code: ok, or why no password is tried. email or phone: what Auth knows the user by.';
comment on type public.email_change_request_result is
  'code: ok, or why nothing was asked for. retry_after: seconds, with rate_limited and '
  'verification_under_way.';

-- New tables --------------------------------------------------------------------------------------

select private.ensure_table($table$
create table private.user_columns (
  table_name text not null,
  column_name text not null,
  on_delete text not null check (on_delete in ('delete', 'clear', 'reassign', 'keep')),
  reason text,
  primary key (table_name, column_name)
)
$table$);

-- Comments and grants -----------------------------------------------------------------------------

comment on table public.email_change_requests is
  'Changes of address that were asked for. One open request a user; verified ones stay.';
comment on column public.email_change_requests.verification_token is
  'SHA-256 of the token in the link, in hex.';
comment on column public.email_change_requests.token_hash is 'The same; the former web app wrote both.';
comment on column public.email_change_requests.session_id is
  'Where it was asked for: the session that goes on when the others end.';
comment on column public.email_change_requests.claim_id is
  'The use of the link that is under way since claimed_at.';
comment on table private.user_columns is
  'Columns that name a user without a foreign key, and what a deletion does to their rows: delete, clear '
  '(null), reassign (to the admin who deletes), keep. A new such column needs a row here.';

alter table private.user_columns enable row level security;

revoke all on table public.email_change_requests from public, anon, authenticated, service_role;
grant delete on table public.email_change_requests to authenticated;
grant all on table public.email_change_requests to service_role;
grant select (
  id, user_id, old_email, new_email, expires_at, created_at, verified_at
) on table public.email_change_requests to authenticated;
revoke all on table private.user_columns from public, anon, authenticated, service_role;

-- Functions ---------------------------------------------------------------------------------------

create or replace function private.admit_user_action(
  p_actor_id uuid, p_session_id uuid, p_user_id uuid, p_now timestamptz
)
returns public.user_action_result
language plpgsql
set search_path = ''
as $$
declare
  v_result public.user_action_result;
begin
  v_result.code := private.admin_refusal(p_actor_id, p_session_id, p_now);
  if v_result.code is not null then
    return v_result;
  end if;
  v_result.retry_after := private.take_attempt('delete-user', p_actor_id, '{10}', '{"1 minute"}', p_now);
  if v_result.retry_after is not null then
    v_result.code := 'rate_limited';
    return v_result;
  end if;
  if p_actor_id = p_user_id then
    v_result.code := 'own_account';
    return v_result;
  end if;

  -- Never the last admin: whoever asks is an enabled one and stays. Where two ask for one another, the
  -- second waits here, and is then no admin any more.
  perform from public.user_roles r where r.role = 'admin' order by r.user_id for update;
  v_result.code := coalesce(
    private.admin_refusal(p_actor_id, p_session_id, p_now),
    case
      when exists (select from auth.users u where u.id = p_user_id and u.deleted_at is null) then 'ok'
      else 'not_found'
    end
  );
  return v_result;
end
$$;
comment on function private.admit_user_action(uuid, uuid, uuid, timestamptz) is
  'Whether an admin may act on this account now; with ok, no other admin does so until the transaction '
  'ends. 10 a minute an admin.';
revoke execute on function private.admit_user_action(uuid, uuid, uuid, timestamptz) from public;

create or replace function public.begin_user_action(
  p_actor_id uuid, p_session_id uuid, p_user_id uuid, p_action text, p_now timestamptz default now()
)
returns public.user_action_result
language plpgsql
security definer -- writes profiles and the audit log
set search_path = ''
as $$
declare
  v_result public.user_action_result;
begin
  if p_action is null or p_action not in ('disable', 'enable') then
    raise exception 'neither disable nor enable' using errcode = 'invalid_parameter_value';
  end if;
  v_result := private.admit_user_action(p_actor_id, p_session_id, p_user_id, p_now);
  if v_result.code = 'ok' then
    perform private.audit(p_actor_id, p_action || '_user', p_user_id, 'asked');
    if p_action = 'disable' then
      -- From here on an admin who is being disabled disables nobody. record_auth_ban() makes it what Auth says.
      update public.profiles p set is_disabled = true where p.id = p_user_id and not p.is_disabled;
    end if;
  end if;
  return v_result;
end
$$;
comment on function public.begin_user_action(uuid, uuid, uuid, text, timestamptz) is
  'Before Auth disables or enables (p_action) a user for an admin. Goes into the audit log.';
revoke execute on function public.begin_user_action(uuid, uuid, uuid, text, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.begin_user_action(uuid, uuid, uuid, text, timestamptz) to service_role;

create or replace function public.begin_user_update(
  p_actor_id uuid,
  p_session_id uuid,
  p_user_id uuid,
  p_new_email text default null,
  p_new_password boolean default false,
  p_now timestamptz default now()
)
returns public.user_update_start
language plpgsql
security definer -- looks into auth.users and writes the audit log
set search_path = ''
as $$
declare
  v_result public.user_update_start;
begin
  -- Before anything is looked up: who is no admin does not learn whether the user exists.
  v_result.code := private.admin_refusal(p_actor_id, p_session_id, p_now);
  if v_result.code is not null then
    return v_result;
  end if;

  select coalesce(u.email, '') into v_result.old_email
  from auth.users u
  where u.id = p_user_id and u.deleted_at is null;
  if not found then
    v_result.code := 'not_found';
  elsif p_new_email is not null and private.is_address_taken(p_new_email, p_user_id) then
    v_result.code := 'email_in_use';
  else
    v_result.code := 'ok';
    perform private.audit(
      p_actor_id, 'user_update', p_user_id, 'asked',
      jsonb_build_object('email', p_new_email is not null, 'password', p_new_password)
    );
  end if;
  return v_result;
end
$$;
comment on function public.begin_user_update(uuid, uuid, uuid, text, boolean, timestamptz) is
  'Whether an admin may now give a user this address or a password, and the present address. Goes into the '
  'audit log.';
revoke execute on function public.begin_user_update(uuid, uuid, uuid, text, boolean, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.begin_user_update(uuid, uuid, uuid, text, boolean, timestamptz)
  to service_role;

create or replace function public.claim_email_change(p_token text, p_now timestamptz default now())
returns public.email_change_claim
language plpgsql
security definer -- the caller is not signed in
set search_path = ''
as $$
declare
  v_request public.email_change_requests;
  v_claim public.email_change_claim;
  v_email text;
begin
  -- What is stored, given as a token, is hashed like anything else and matches nothing.
  select r.* into v_request
  from public.email_change_requests r
  where r.verification_token = encode(sha256(convert_to(p_token, 'UTF8')), 'hex')
  for update;

  select u.email into v_email from auth.users u where u.id = v_request.user_id;
  if not found then -- no such request, or nobody any more whose it is
    v_claim.code := 'invalid_token';
  elsif v_request.verified_at is not null then
    v_claim.code := 'already_verified';
  elsif private.is_claimed(v_request.claimed_at, p_now) then
    v_claim.code := 'verification_under_way';
    v_claim.retry_after := 60;
  elsif private.is_disabled(v_request.user_id, p_now) then
    v_claim.code := 'account_disabled';
  elsif v_email = lower(v_request.new_email) and v_request.claim_id is not null then
    v_claim.code := 'changed'; -- a use of this link got as far as Auth; time does not undo that
  elsif v_request.expires_at <= p_now then
    v_claim.code := 'token_expired';
  elsif lower(coalesce(v_email, '')) <> lower(v_request.old_email) then
    v_claim.code := 'address_changed';
  elsif private.is_address_taken(v_request.new_email, v_request.user_id) then
    v_claim.code := 'email_in_use';
  else
    v_claim.code := 'ok';
  end if;

  if v_claim.code in ('ok', 'changed') then
    v_claim.claim_id := gen_random_uuid();
    update public.email_change_requests r
    set claim_id = v_claim.claim_id, claimed_at = p_now
    where r.id = v_request.id;
    v_claim.request_id := v_request.id;
    v_claim.user_id := v_request.user_id;
    v_claim.old_email := v_request.old_email;
    v_claim.new_email := lower(v_request.new_email);
  end if;
  return v_claim;
end
$$;
comment on function public.claim_email_change(text, timestamptz) is
  'Takes a link of a change of address into use, for a minute: whoever comes second is refused. Changes '
  'nothing else.';
revoke execute on function public.claim_email_change(text, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.claim_email_change(text, timestamptz) to service_role;

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
    select it.* from (
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
      -- and to what is deleted below, an add-on say
      select c.conrelid::regclass::text, a.attname, 'clear',
        format(
          '%I in (select it.%I from %s it where it.%I = $1)', a.attname, key.attname, c.confrelid::regclass,
          u.column_name
        )
      from private.user_columns u
      join pg_catalog.pg_constraint c on c.confrelid = to_regclass(u.table_name)
      join pg_catalog.pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
      join pg_catalog.pg_attribute key on key.attrelid = c.confrelid and key.attnum = c.confkey[1]
      where u.on_delete = 'delete'
        and c.contype = 'f'
        and c.confdeltype in ('a', 'r')
        and cardinality(c.conkey) = 1
        and not a.attnotnull
      union
      -- and what would be orphaned
      select u.table_name, u.column_name, u.on_delete, format('%I = $1', u.column_name)
      from private.user_columns u
      where u.on_delete <> 'keep' and to_regclass(u.table_name) is not null
    ) it
    order by it.on_delete = 'delete', 1, 2, 4 -- what is to go is referred to by nothing by then
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
  'Takes away what keeps a user from being deleted or would be left without an owner: by foreign keys, as '
  'the catalog has them, and by private.user_columns. p_heir_id gets what must have somebody. Returns '
  'table.column → how many rows.';
revoke execute on function private.release_user(uuid, uuid) from public;

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
    -- Copies that migrations left, of whatever table.
    delete from private.rows_before_repair r
    where r.content @? format('$.** ? (@ == %s)', to_json(p_user_id))::jsonpath;
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
  'Deletes a user for an admin, all or nothing: what would block it is cleared or re-assigned to the admin, '
  'what would be orphaned is deleted, accounts stay. Says what it did and what stays behind.';
revoke execute on function public.delete_user(uuid, uuid, uuid, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.delete_user(uuid, uuid, uuid, timestamptz) to service_role;

create or replace view public.email_change_requests_safe
with (security_invoker = true) as
select r.id, r.user_id, r.old_email, r.new_email, r.expires_at, r.created_at, r.verified_at
from public.email_change_requests r
where r.verified_at is null and r.expires_at > now();
comment on view public.email_change_requests_safe is
  'The caller''s open change of address, without the token.';
revoke all on table public.email_change_requests_safe from public, anon, authenticated, service_role;
grant select on table public.email_change_requests_safe to authenticated;

create or replace function private.end_sessions(p_user_id uuid, p_except uuid default null)
returns integer
language sql
set search_path = ''
as $$
  with ended as (
    delete from auth.sessions s
    where s.user_id = p_user_id and s.id is distinct from p_except
    returning s.id
  )
  select count(*)::integer from ended;
$$;
comment on function private.end_sessions(uuid, uuid) is
  'Signs a user out everywhere but in one session, as Auth does: its refresh tokens go with a session. An '
  'access token lives on until it expires.';
revoke execute on function private.end_sessions(uuid, uuid) from public;

create or replace function private.is_address_taken(p_email text, p_except uuid)
returns boolean
language sql
stable
set search_path = ''
as $$
  select exists (
    select from auth.users u
    where u.email = lower(p_email) and not u.is_sso_user and u.id <> p_except
  ) or exists (
    select from public.profiles p where lower(p.email) = lower(p_email) and p.id <> p_except
  );
$$;
comment on function private.is_address_taken(text, uuid) is
  'Whether somebody other than this user has the address.';
revoke execute on function private.is_address_taken(text, uuid) from public;

create or replace function private.is_claimed(p_claimed_at timestamptz, p_now timestamptz)
returns boolean
language sql
immutable
set search_path = ''
begin atomic
  -- longer than the function waits for Auth
  select coalesce(p_claimed_at > p_now - interval '1 minute', false);
end;
comment on function private.is_claimed(timestamptz, timestamptz) is
  'Whether a use of the link that began then may still be under way.';
revoke execute on function private.is_claimed(timestamptz, timestamptz) from public;

create or replace function public.is_email_in_use(p_email text, p_except uuid)
returns boolean
language sql
stable
security definer -- service_role may not read auth.users
set search_path = ''
as $$
  select private.is_address_taken(p_email, p_except);
$$;
comment on function public.is_email_in_use(text, uuid) is
  'private.is_address_taken, for the functions: Auth does not say so of a race that it lost.';
revoke execute on function public.is_email_in_use(text, uuid) from public, anon, authenticated, service_role;
grant execute on function public.is_email_in_use(text, uuid) to service_role;

create or replace function private.mail_user_at(
  p_user_id uuid, p_email text, p_template_key text, p_data jsonb default '{}', p_secrets jsonb default null
)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_name text;
  v_mail_id uuid;
begin
  if coalesce(p_email, '') = '' or private.is_disabled(p_user_id) then
    return;
  end if;
  select p.name into v_name from public.profiles p where p.id = p_user_id;
  v_mail_id := private.queue_mail(
    p_email, v_name, p_template_key, jsonb_build_object('user_name', v_name) || p_data, p_secrets
  );
  -- Whose mail it is cannot be told by a former address, or one that is yet to be confirmed.
  update public.email_queue q
  set user_id = p_user_id
  where q.id = v_mail_id and q.user_id is distinct from p_user_id;
end
$$;
comment on function private.mail_user_at(uuid, text, text, jsonb, jsonb) is
  'Mails a user at an address that need not be the profile''s: a former or a future one. Silent for the '
  'disabled.';
revoke execute on function private.mail_user_at(uuid, text, text, jsonb, jsonb) from public;

create or replace function public.password_attempt(
  p_user_id uuid, p_session_id uuid, p_now timestamptz default now()
)
returns public.password_attempt_result
language plpgsql
security definer -- the attempts are nobody's to write
set search_path = ''
as $$
declare
  v_result public.password_attempt_result;
begin
  v_result.code := private.caller_refusal(p_user_id, p_session_id, p_now);
  if v_result.code is not null then
    return v_result;
  end if;
  v_result.retry_after := private.take_attempt('password', p_user_id, '{5}', '{"15 minutes"}', p_now);
  if v_result.retry_after is not null then
    v_result.code := 'rate_limited';
    return v_result;
  end if;
  select 'ok', nullif(u.email, ''), nullif(u.phone, '')
  into v_result.code, v_result.email, v_result.phone
  from auth.users u
  where u.id = p_user_id;
  return v_result;
end
$$;
comment on function public.password_attempt(uuid, uuid, timestamptz) is
  'Before a signed-in user''s password is tried with Auth: 5 tries in 15 minutes, so that a stolen token '
  'does not find it out.';
revoke execute on function public.password_attempt(uuid, uuid, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.password_attempt(uuid, uuid, timestamptz) to service_role;

create or replace function public.record_auth_ban(
  p_user_id uuid, p_actor_id uuid, p_changed boolean, p_now timestamptz default now()
)
returns boolean
language plpgsql
security definer -- nobody may write these columns
set search_path = ''
as $$
declare
  v_is_disabled boolean;
begin
  perform private.sync_profile(p_user_id, null, p_now);
  v_is_disabled := private.is_disabled(p_user_id, p_now);
  if v_is_disabled then
    perform private.end_sessions(p_user_id);
  end if;
  if p_changed then
    perform private.audit(
      p_actor_id, case when v_is_disabled then 'disable_user' else 'enable_user' end, p_user_id, 'done'
    );
  end if;
  return v_is_disabled;
end
$$;
comment on function public.record_auth_ban(uuid, uuid, boolean, timestamptz) is
  'After Auth was asked to ban or unban: the profile says what Auth says, a disabled user is signed out, '
  'and the audit log has it where p_changed. Returns whether the user is disabled.';
revoke execute on function public.record_auth_ban(uuid, uuid, boolean, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.record_auth_ban(uuid, uuid, boolean, timestamptz) to service_role;

create or replace function public.record_auth_email(
  p_user_id uuid,
  p_actor_id uuid,
  p_old_email text,
  p_request_id uuid default null,
  p_claim_id uuid default null,
  p_now timestamptz default now()
)
returns text
language plpgsql
security definer -- nobody may write these columns
set search_path = ''
as $$
declare
  v_session_id uuid;
  v_new_email text;
  v_template_key text := case when p_actor_id = p_user_id then 'email_changed' else 'email_changed_by_admin' end;
begin
  if p_request_id is not null then
    update public.email_change_requests r
    set verified_at = p_now
    where r.id = p_request_id and r.claim_id = p_claim_id and r.verified_at is null
    returning r.session_id into v_session_id;
    if not found then
      return 'already_verified';
    end if;
  else -- an address that an admin has set ends what the user asked for
    delete from public.email_change_requests r where r.user_id = p_user_id and r.verified_at is null;
  end if;

  perform private.sync_profile(p_user_id, p_old_email, p_now);
  perform private.end_sessions(p_user_id, v_session_id);

  select p.email into v_new_email from public.profiles p where p.id = p_user_id;
  perform private.audit(
    p_actor_id, 'email_changed', p_user_id, 'done',
    jsonb_build_object('old_email', p_old_email, 'new_email', v_new_email)
  );
  perform private.mail_user_at(
    p_user_id, address.email, v_template_key,
    jsonb_build_object('old_email', p_old_email, 'new_email', v_new_email)
  )
  from unnest(array[p_old_email, v_new_email]) as address (email)
  -- who has confirmed the new address need not be told there
  where p_request_id is null or address.email = p_old_email;
  return 'ok';
end
$$;
comment on function public.record_auth_email(uuid, uuid, text, uuid, uuid, timestamptz) is
  'After Auth has changed an address: the profile, the end of the other sessions, the audit log, the '
  'notices and, where it was confirmed by a link, the request. ok, or already_verified and nothing done.';
revoke execute on function public.record_auth_email(uuid, uuid, text, uuid, uuid, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.record_auth_email(uuid, uuid, text, uuid, uuid, timestamptz) to service_role;

create or replace function public.record_auth_password(p_user_id uuid, p_actor_id uuid)
returns void
language plpgsql
security definer -- writes the audit log
set search_path = ''
as $$
begin
  perform private.end_sessions(p_user_id);
  perform private.audit(p_actor_id, 'password_changed', p_user_id, 'done');
  perform private.mail_user_at(
    p_user_id, p.email,
    case when p_actor_id = p_user_id then 'password_changed' else 'password_changed_by_admin' end
  )
  from public.profiles p
  where p.id = p_user_id;
end
$$;
comment on function public.record_auth_password(uuid, uuid) is
  'After Auth has changed a password: the end of every session, the audit log and the notice.';
revoke execute on function public.record_auth_password(uuid, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.record_auth_password(uuid, uuid) to service_role;

create or replace function private.caller_refusal(p_user_id uuid, p_session_id uuid, p_now timestamptz)
returns text
language sql
stable
set search_path = ''
as $$
  select case
    when private.is_disabled(p_user_id, p_now)
      or not exists (select from auth.users u where u.id = p_user_id)
      then 'account_disabled'
    when not exists (
      select from auth.sessions s where s.id = p_session_id and s.user_id = p_user_id
    ) then 'unauthorized'
  end;
$$;
comment on function private.caller_refusal(uuid, uuid, timestamptz) is
  'Why a user with a valid token is refused all the same: disabled or deleted, or signed out meanwhile. '
  'Null: not refused.';
revoke execute on function private.caller_refusal(uuid, uuid, timestamptz) from public;

create or replace function private.admin_refusal(p_user_id uuid, p_session_id uuid, p_now timestamptz)
returns text
language sql
stable
set search_path = ''
as $$
  select coalesce(
    private.caller_refusal(p_user_id, p_session_id, p_now),
    case when not private.has_role(p_user_id, 'admin') then 'forbidden' end
  );
$$;
comment on function private.admin_refusal(uuid, uuid, timestamptz) is
  'Why a user with a valid token may not act as an admin. Null: may.';
revoke execute on function private.admin_refusal(uuid, uuid, timestamptz) from public;

create or replace function public.release_email_change(p_request_id uuid, p_claim_id uuid)
returns void
language sql
security definer -- nobody may write requests
set search_path = ''
as $$
  update public.email_change_requests r
  set claim_id = null, claimed_at = null
  where r.id = p_request_id and r.claim_id = p_claim_id and r.verified_at is null;
$$;
comment on function public.release_email_change(uuid, uuid) is
  'Gives a claimed link back after Auth refused the change.';
revoke execute on function public.release_email_change(uuid, uuid)
  from public, anon, authenticated, service_role;
grant execute on function public.release_email_change(uuid, uuid) to service_role;

create or replace function public.request_email_change(
  p_user_id uuid,
  p_session_id uuid,
  p_new_email text,
  p_password_given boolean,
  p_link text,
  p_now timestamptz default now()
)
returns public.email_change_request_result
language plpgsql
security definer -- nobody may write requests
set search_path = ''
as $$
declare
  v_new_email text := lower(btrim(p_new_email));
  v_code text := private.caller_refusal(p_user_id, p_session_id, p_now);
  v_wait integer;
  v_old_email text;
  v_claimed_at timestamptz;
  v_token text;
  v_expires_at timestamptz := p_now + interval '1 hour';
begin
  if v_code is null and not p_password_given and not exists (
    select from auth.sessions s
    where s.id = p_session_id and s.created_at > p_now - interval '10 minutes'
  ) then
    v_code := 'reauthentication_required';
  end if;
  if v_code is not null then
    return row(v_code, null, null)::public.email_change_request_result;
  end if;

  -- Counted whatever comes of it: an address in use is something one could otherwise search for.
  -- It also lets in one request of a user at a time.
  v_wait := private.take_attempt(
    'request_email_change', p_user_id, '{3, 10}', '{"1 hour", "1 day"}', p_now
  );
  if v_wait is not null then
    return row('rate_limited', v_wait, null)::public.email_change_request_result;
  end if;

  select coalesce(u.email, '') into v_old_email from auth.users u where u.id = p_user_id;
  if lower(v_old_email) = v_new_email then
    return row('same_email', null, null)::public.email_change_request_result;
  end if;
  if private.is_address_taken(v_new_email, p_user_id) then
    return row('email_in_use', null, null)::public.email_change_request_result;
  end if;

  select r.claimed_at into v_claimed_at
  from public.email_change_requests r
  where r.user_id = p_user_id and r.verified_at is null
  for update;
  if private.is_claimed(v_claimed_at, p_now) then
    return row('verification_under_way', 60, null)::public.email_change_request_result;
  end if;
  delete from public.email_change_requests r where r.user_id = p_user_id and r.verified_at is null;

  -- 32 bytes: a version 4 UUID has 122 random bits, so three of them fill a SHA-256.
  v_token := rtrim(translate(encode(sha256(
    uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
  ), 'base64'), '+/', '-_'), '=');
  insert into public.email_change_requests (
    user_id, session_id, old_email, new_email, verification_token, expires_at, created_at
  )
  values (
    p_user_id, p_session_id, v_old_email, v_new_email,
    encode(sha256(convert_to(v_token, 'UTF8')), 'hex'), v_expires_at, p_now
  );

  perform private.mail_user_at(
    p_user_id, v_new_email, 'email_change_confirm', jsonb_build_object('new_email', v_new_email),
    jsonb_build_object('link', p_link || v_token)
  );
  perform private.mail_user_at(
    p_user_id, v_old_email, 'email_change_notice', jsonb_build_object('new_email', v_new_email)
  );
  return row('ok', null, v_expires_at)::public.email_change_request_result;
end
$$;
comment on function public.request_email_change(uuid, uuid, text, boolean, text, timestamptz) is
  'Asks for a change of address: one open request a user, the link to the new address, a notice to the old '
  'one. Wants the password (which the function checked with Auth) or a sign-in within 10 minutes; 3 an '
  'hour, 10 a day. p_link: what the token is appended to.';
revoke execute on function public.request_email_change(uuid, uuid, text, boolean, text, timestamptz)
  from public, anon, authenticated, service_role;
grant execute on function public.request_email_change(uuid, uuid, text, boolean, text, timestamptz)
  to service_role;

create or replace function private.sync_profile(p_user_id uuid, p_old_email text, p_now timestamptz)
returns void
language plpgsql
set search_path = ''
as $$
begin
  update public.profiles p
  set email = a.email, username = a.username, is_disabled = a.is_disabled
  from (
    select
      u.id,
      nullif(u.email, '') as email,
      case
        when lower(held.username) in (lower(p_old_email), lower(held.email))
          and lower(held.username) is distinct from lower(u.email)
        then private.username_for(u.id, nullif(u.email, ''))
        else held.username
      end as username,
      private.is_banned(u.banned_until, u.deleted_at, p_now) as is_disabled
    from auth.users u
    join public.profiles held on held.id = u.id
    where u.id = p_user_id
  ) a
  where p.id = a.id
    and (p.email, p.username, p.is_disabled) is distinct from (a.email, a.username, a.is_disabled);
exception
  when unique_violation then -- somebody's profile holds an address that is not theirs
    perform public.reconcile_auth_profiles(p_now);
end
$$;
comment on function private.sync_profile(uuid, text, timestamptz) is
  'Makes one profile say what auth.users says: address, a username that held the old one, disabled. The '
  'trigger has mostly done so already; then nothing is written.';
revoke execute on function private.sync_profile(uuid, text, timestamptz) from public;

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
  'What the deletion of a user leaves for somebody to look at: running Stripe subscriptions, organisations '
  'without an admin, sessions without a host, credits, files.';
revoke execute on function private.user_leftovers(uuid, timestamptz) from public;

-- What needs the functions above ------------------------------------------------------------------

-- Browsers chose the expiry: no link that is out lives for more than an hour from now.
update public.email_change_requests
set expires_at = now() + interval '1 hour'
where verified_at is null and expires_at > now() + interval '1 hour';

-- One open request a user: the newest.
delete from public.email_change_requests r
where r.verified_at is null
  and exists (
    select from public.email_change_requests newer
    where newer.user_id = r.user_id
      and newer.verified_at is null
      and (coalesce(newer.created_at, '-infinity'), newer.id) > (coalesce(r.created_at, '-infinity'), r.id)
  );

-- The oldest rows hold the token itself. Hashed, it still matches, and is no token any more. Where another row
-- holds that hash already, which its owner could write as a token, the link is that row's: this one gets the
-- hash of a token that nobody has.
update public.email_change_requests r
set verification_token = case
    when exists (
      select from public.email_change_requests other
      where other.verification_token = encode(sha256(convert_to(r.verification_token, 'UTF8')), 'hex')
    ) then encode(sha256(convert_to(gen_random_uuid()::text, 'UTF8')), 'hex')
    else encode(sha256(convert_to(r.verification_token, 'UTF8')), 'hex')
  end
where r.verification_token !~ '^[0-9a-f]{64}$';

select private.ensure_index(statement) from unnest(array[
  'create unique index email_change_requests_open_key on public.email_change_requests (user_id) where verified_at is null',
  'create index email_change_requests_user_id_idx on public.email_change_requests (user_id)'
]) as statement;

-- What a deletion does with columns that name a user without a foreign key.
insert into private.user_columns as known (table_name, column_name, on_delete, reason)
values
  ('public.add_on_consumption_log', 'user_id', 'delete', null),
  ('private.attempts', 'user_id', 'delete', null),
  ('public.ai_preferences', 'user_id', 'delete', null),
  ('private.calendar_changes', 'user_id', 'delete', null),
  ('private.code_attempt_marks', 'user_id', 'delete', null),
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
set on_delete = excluded.on_delete, reason = excluded.reason
where (known.on_delete, known.reason) is distinct from (excluded.on_delete, excluded.reason);

-- PostgREST calls one function before every request. Where another one is named already the migration stops:
-- it has to be called from there, or the other from here.
do $$
declare
  v_named text[];
begin
  select array_agg(substr(setting, length('pgrst.db_pre_request=') + 1)) into v_named
  from pg_catalog.pg_db_role_setting s
  cross join unnest(s.setconfig) as setting
  where s.setrole = 'authenticator'::regrole
    and s.setdatabase in (
      0, (select d.oid from pg_catalog.pg_database d where d.datname = current_database())
    )
    and starts_with(setting, 'pgrst.db_pre_request=')
    and setting <> 'pgrst.db_pre_request=';
  if v_named = array['private.check_request'] then
    return;
  elsif v_named <> array['private.check_request'] then
    raise exception 'the role authenticator already names % as pgrst.db_pre_request', array_to_string(v_named, ', ')
      using hint = 'Call private.check_request() from it and take this block out, or reset the setting.';
  end if;
  execute format(
    'alter role authenticator in database %I set pgrst.db_pre_request = %L',
    current_database(), 'private.check_request'
  );
  notify pgrst, 'reload config';
end
$$;

insert into private.user_columns (table_name, column_name, on_delete, reason)
values ('public.low_credit_thresholds', 'owner_id', 'delete', null)
on conflict (table_name, column_name) do nothing;

-- With the other rows of private.user_columns (reference_data.sql has it too).
insert into private.user_columns (table_name, column_name, on_delete, reason)
values ('public.email_queue', 'actor_id', 'clear', null)
on conflict do nothing;
