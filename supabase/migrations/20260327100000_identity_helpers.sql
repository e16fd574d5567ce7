-- What the identity functions share: who calls, how often, what is written down, and profiles made true.
--
-- Why: an access token outlives its session and a ban by up to an hour; a limit counted in an isolate's
-- memory is none; what an admin does to an account was recorded nowhere, though admin_audit_logs exists.
-- The columns of production's admin_audit_logs are not known: those needed are added, and what it
-- demands besides may be left out from now on. Its policies stay as they are.
-- Locks: access exclusive on admin_audit_logs, briefly; columns are added without a rewrite.
-- Can be run again.

set lock_timeout = '10s';

-- The audit log -------------------------------------------------------------------------------------

create table if not exists public.admin_audit_logs (
  id uuid primary key default gen_random_uuid()
);
alter table public.admin_audit_logs
  add column if not exists actor_id uuid,
  add column if not exists action text,
  add column if not exists target_user_id uuid,
  add column if not exists details jsonb default '{}',
  add column if not exists created_at timestamptz default now();
comment on table public.admin_audit_logs is
  'Who did what to whose account. Written by private.audit() in the transaction of the act; people named here may be gone.';
comment on column public.admin_audit_logs.details is
  'outcome: asked (about to call Auth) or done. An asked without a done was refused by Auth or broke off.';

do $$
declare
  v_column name;
begin
  for v_column in
    select a.attname
    from pg_catalog.pg_attribute a
    where a.attrelid = 'public.admin_audit_logs'::regclass
      and a.attnum > 0
      and not a.attisdropped
      and a.attnotnull
      and not a.atthasdef
      and a.attidentity = ''
      and a.attname not in ('id', 'actor_id', 'action', 'target_user_id', 'details', 'created_at')
  loop
    execute format('alter table public.admin_audit_logs alter column %I drop not null', v_column);
  end loop;
end
$$;

create index if not exists admin_audit_logs_target_user_id_created_at_idx
  on public.admin_audit_logs (target_user_id, created_at);

alter table public.admin_audit_logs enable row level security;
revoke all on table public.admin_audit_logs from anon;
grant select on table public.admin_audit_logs to authenticated, service_role;
drop policy if exists "admin_audit_logs: select" on public.admin_audit_logs;
create policy "admin_audit_logs: select" on public.admin_audit_logs
  for select to authenticated
  using ((select private.has_role((select auth.uid()), 'admin')));

create or replace function private.audit(
  p_actor_id uuid, p_action text, p_target_user_id uuid, p_outcome text, p_details jsonb default '{}'
)
returns void
language sql
set search_path = ''
as $$
  insert into public.admin_audit_logs (actor_id, action, target_user_id, details, created_at)
  values (
    p_actor_id, p_action, p_target_user_id, jsonb_build_object('outcome', p_outcome) || p_details,
    clock_timestamp()
  );
$$;
comment on function private.audit(uuid, text, uuid, text, jsonb) is
  'Writes one line of the audit log. p_outcome: asked or done.';
revoke execute on function private.audit(uuid, text, uuid, text, jsonb)
  from public, anon, authenticated;

-- How often -----------------------------------------------------------------------------------------

create table if not exists private.attempts (
  id bigint generated always as identity primary key,
  action text not null,
  user_id uuid not null,
  occurred_at timestamptz not null
);
comment on table private.attempts is
  'What users did lately that they may do only so often. private.take_attempt() counts and clears them.';
create index if not exists attempts_action_user_id_occurred_at_idx
  on private.attempts (action, user_id, occurred_at);
alter table private.attempts enable row level security;
revoke all on table private.attempts from public, anon, authenticated, service_role;

create or replace function private.take_attempt(
  p_action text, p_user_id uuid, p_limits integer[], p_periods interval[], p_now timestamptz
)
returns integer
language plpgsql
set search_path = ''
as $$
declare
  v_wait integer;
begin
  -- One at a time a user and action: those who wait here count what those before them took.
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended(p_action || ':' || p_user_id, 0));

  delete from private.attempts a
  where a.action = p_action
    and a.user_id = p_user_id
    and a.occurred_at <= p_now - (select max(period) from unnest(p_periods) as period);

  select max(ceil(extract(epoch from taken.occurred_at + rule.period - p_now)))::integer into v_wait
  from unnest(p_limits, p_periods) as rule (allowed, period)
  cross join lateral (
    select a.occurred_at
    from private.attempts a
    where a.action = p_action
      and a.user_id = p_user_id
      and a.occurred_at > p_now - rule.period
    order by a.occurred_at desc
    offset rule.allowed - 1
    limit 1
  ) taken;
  if v_wait is not null then
    return greatest(v_wait, 1);
  end if;

  insert into private.attempts (action, user_id, occurred_at) values (p_action, p_user_id, p_now);
  return null;
end
$$;
comment on function private.take_attempt(text, uuid, integer[], interval[], timestamptz) is
  'Takes one of the attempts that a user has: p_limits[n] in any p_periods[n]. Null, or the seconds until the next, when nothing is taken. Holds until the transaction ends.';
revoke execute on function private.take_attempt(text, uuid, integer[], interval[], timestamptz)
  from public, anon, authenticated;

-- Who -----------------------------------------------------------------------------------------------

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
  'Why a user with a valid token is refused all the same: disabled or deleted, or signed out meanwhile. Null: not refused.';
revoke execute on function private.caller_refusal(uuid, uuid, timestamptz)
  from public, anon, authenticated;

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
revoke execute on function private.admin_refusal(uuid, uuid, timestamptz)
  from public, anon, authenticated;

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
  'Signs a user out everywhere but in one session, as Auth does: its refresh tokens go with a session. An access token lives on until it expires.';
revoke execute on function private.end_sessions(uuid, uuid) from public, anon, authenticated;

-- Profiles, the second belt -------------------------------------------------------------------------

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
  'Makes one profile say what auth.users says: address, a username that held the old one, disabled. The trigger has mostly done so already; then nothing is written.';
revoke execute on function private.sync_profile(uuid, text, timestamptz)
  from public, anon, authenticated;

-- Mail ----------------------------------------------------------------------------------------------

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
  'Mails a user at an address that need not be the profile''s: a former or a future one. Silent for the disabled.';
revoke execute on function private.mail_user_at(uuid, text, text, jsonb, jsonb)
  from public, anon, authenticated;
