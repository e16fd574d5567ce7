-- profiles.email and profiles.is_disabled, kept true to auth.users.
--
-- Why: mail and access checks ask profiles for an e-mail address and a disabled flag that did not
-- exist, and handle_new_user refused sign-ups (o'brien@…, phone, anonymous, an address another
-- profile still held as username). auth.users stays the source; profiles mirrors it:
--   sign-up               on_auth_user_created   → handle_new_user()
--   address, ban, delete  on_auth_user_updated   → sync_auth_to_profiles()
--   a ban that runs out   every minute           → private.lift_lapsed_bans()
--   whatever failed       by hand                → reconcile_auth_profiles()
-- None of these can block a sign-up or a login: a failure goes to private.trigger_failures.
-- Locks: ACCESS EXCLUSIVE on profiles for two columns without a rewrite, SHARE while its index is
-- built; SHARE ROW EXCLUSIVE on auth.users, profiles and client_enrollments for the triggers.
-- Can be run again. Runs where production's own versions of these functions and triggers exist.

set lock_timeout = '10s';

-- Private -------------------------------------------------------------------------------------------

create table if not exists private.trigger_failures (
  id bigint generated always as identity primary key,
  occurred_at timestamptz not null default clock_timestamp(),
  source text not null,
  subject_id uuid,
  sqlstate text not null,
  message text not null
);
comment on table private.trigger_failures is
  'What a trigger could not do, where failing would have undone its cause (a sign-up, an enrolment, a booking).';
comment on column private.trigger_failures.source is 'The function that failed.';
comment on column private.trigger_failures.subject_id is 'The user or row it was about.';
comment on column private.trigger_failures.message is
  'The error without its DETAIL and with e-mail addresses taken out.';

alter table private.trigger_failures enable row level security;
revoke all on table private.trigger_failures from public, anon, authenticated;
grant select, delete on table private.trigger_failures to service_role;

create or replace function private.record_trigger_failure(
  p_source text, p_subject_id uuid, p_sqlstate text, p_message text
)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_message text := left(regexp_replace(p_message, '[^[:space:]"<>()=]+@[^[:space:]"<>()=]+', '[address]', 'g'), 500);
begin
  raise warning '% failed for %: % %', p_source, p_subject_id, p_sqlstate, v_message;
  insert into private.trigger_failures (source, subject_id, sqlstate, message)
  values (p_source, p_subject_id, p_sqlstate, v_message);
exception
  when others then -- the record of a failure must not become the failure
    raise warning 'could not record the failure of % for %: %', p_source, p_subject_id, sqlstate;
end
$$;
comment on function private.record_trigger_failure(text, uuid, text, text) is
  'Keeps what a trigger could not do in private.trigger_failures. Never raises.';
revoke execute on function private.record_trigger_failure(text, uuid, text, text) from public;

-- Columns -------------------------------------------------------------------------------------------

alter table public.profiles
  add column if not exists email text,
  add column if not exists is_disabled boolean not null default false;

comment on column public.profiles.email is
  'The address in auth.users, kept by sync_auth_to_profiles(). Null for a phone-only or anonymous user.';
comment on column public.profiles.is_disabled is
  'Banned or deleted in auth.users. Ask private.is_disabled(), which also knows a ban that has just run out.';

-- Addresses differ only by case for nobody: look one up by lower(email).
create unique index if not exists idx_profiles_email on public.profiles (lower(email));
create index if not exists idx_profiles_disabled on public.profiles (id) where is_disabled;

-- Rules ---------------------------------------------------------------------------------------------

create or replace function private.is_banned(
  p_banned_until timestamptz, p_deleted_at timestamptz, p_now timestamptz
)
returns boolean
language sql
immutable
set search_path = ''
begin atomic
  select coalesce(p_banned_until > p_now, false) or p_deleted_at is not null;
end;
comment on function private.is_banned(timestamptz, timestamptz, timestamptz) is
  'What auth.users says of a person: banned at that instant, or (softly) deleted for ever.';
revoke execute on function private.is_banned(timestamptz, timestamptz, timestamptz) from public;

create or replace function private.is_disabled(p_user_id uuid, p_now timestamptz default now())
returns boolean
language sql
stable
security definer -- the caller may not read auth.users
set search_path = ''
-- Not begin atomic, here and below: it would pin columns of auth.users, which Supabase Auth migrates.
as $$
  select coalesce(
    (
      select case
        when u.banned_until is null and u.deleted_at is null then p.is_disabled
        else private.is_banned(u.banned_until, u.deleted_at, p_now)
      end
      from public.profiles p
      join auth.users u on u.id = p.id
      where p.id = p_user_id
    ),
    false
  );
$$;
comment on function private.is_disabled(uuid, timestamptz) is
  'Whether this person may neither sign in nor be written to. A ban counts until the instant it ends, whatever the flag in profiles still says.';
revoke execute on function private.is_disabled(uuid, timestamptz) from public;
grant execute on function private.is_disabled(uuid, timestamptz) to authenticated, service_role;

create or replace function private.is_reachable(p_user_id uuid)
returns boolean
language sql
stable
set search_path = ''
begin atomic
  select not private.is_disabled(p_user_id)
    and not exists (
      select from public.client_profiles c where c.user_id = p_user_id and c.status = 'inactive'
    );
end;
comment on function private.is_reachable(uuid) is
  'Whether a person is told anything at all: not the disabled, not the inactive client.';
revoke execute on function private.is_reachable(uuid) from public;
grant execute on function private.is_reachable(uuid) to service_role;

create or replace function private.profile_name(p_user_metadata jsonb, p_email text)
returns text
language sql
immutable
set search_path = ''
begin atomic
  select coalesce(
    nullif(btrim(p_user_metadata ->> 'name'), ''),
    nullif(btrim(p_user_metadata ->> 'full_name'), ''), -- as OAuth providers give it
    nullif(split_part(p_email, '@', 1), ''),
    'User'
  );
end;
comment on function private.profile_name(jsonb, text) is
  'The name of a new profile: from the user''s metadata, else the local part of the address, else User.';
revoke execute on function private.profile_name(jsonb, text) from public;

create or replace function private.username_for(p_user_id uuid, p_email text)
returns text
language sql
stable
set search_path = ''
begin atomic
  select p_email
  -- the address form of the check on profiles.username
  where p_email ~ '^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$'
    and not exists (
      select from public.profiles p where p.username = p_email and p.id <> p_user_id
    );
end;
comment on function private.username_for(uuid, text) is
  'The address as this user''s username, or null where profiles would refuse it or another profile holds it.';
revoke execute on function private.username_for(uuid, text) from public;

-- Sign-up -------------------------------------------------------------------------------------------

create or replace function private.create_profile(
  p_user_id uuid, p_email text, p_user_metadata jsonb, p_is_disabled boolean, p_source text
)
returns void
language plpgsql
set search_path = ''
as $$
declare
  v_name text := private.profile_name(p_user_metadata, p_email);
begin
  begin
    insert into public.profiles (id, name, username, email, is_disabled)
    values (p_user_id, v_name, private.username_for(p_user_id, p_email), p_email, p_is_disabled)
    on conflict (id) do nothing;
    return;
  exception
    when others then
      perform private.record_trigger_failure(p_source, p_user_id, sqlstate, sqlerrm);
  end;

  -- Without a profile the user can do nothing: make what can be made, reconcile completes it.
  begin
    insert into public.profiles (id, name, is_disabled)
    values (p_user_id, v_name, p_is_disabled)
    on conflict (id) do nothing;
  exception
    when others then
      perform private.record_trigger_failure(p_source, p_user_id, sqlstate, sqlerrm);
  end;
end
$$;
comment on function private.create_profile(uuid, text, jsonb, boolean, text) is
  'Makes the profile of a user; on failure records it and makes one of id and name. Never raises.';
revoke execute on function private.create_profile(uuid, text, jsonb, boolean, text) from public;

create or replace function public.handle_new_user()
returns trigger
language plpgsql
security definer -- fired by Supabase Auth, which has no rights on public
set search_path = ''
set lock_timeout = '3s' -- a sign-up does not wait for a migration of profiles: reconcile heals it
as $$
begin
  perform private.create_profile(
    new.id, nullif(new.email, ''), new.raw_user_meta_data,
    private.is_banned(new.banned_until, new.deleted_at, now()), 'handle_new_user'
  );
  return null;
end
$$;
comment on function public.handle_new_user() is
  'Trigger on auth.users: makes the profile of a new user. Never blocks the sign-up.';
revoke execute on function public.handle_new_user() from public, anon, authenticated;

create or replace trigger on_auth_user_created
  after insert on auth.users for each row
  execute function public.handle_new_user();

create or replace function public.create_default_notification_preferences()
returns trigger
language plpgsql
security definer -- fired by Supabase Auth, which has no rights on public
set search_path = ''
set lock_timeout = '3s'
as $$
begin
  insert into public.notification_preferences (user_id) values (new.id) on conflict (user_id) do nothing;
  return null;
exception
  when others then -- a missing row reads as the defaults
    perform private.record_trigger_failure(
      'create_default_notification_preferences', new.id, sqlstate, sqlerrm
    );
    return null;
end
$$;
comment on function public.create_default_notification_preferences() is
  'Trigger on auth.users: the mail preferences of a new user. Never blocks the sign-up.';
revoke execute on function public.create_default_notification_preferences()
  from public, anon, authenticated;

create or replace trigger on_auth_user_created_notification_preferences
  after insert on auth.users for each row
  execute function public.create_default_notification_preferences();

create or replace function public.create_default_ai_preferences()
returns trigger
language plpgsql
security definer -- fired in the name of whoever makes the profile
set search_path = ''
as $$
begin
  insert into public.ai_preferences (user_id) values (new.id) on conflict (user_id) do nothing;
  return null;
exception
  when others then -- a missing row reads as no consent
    perform private.record_trigger_failure('create_default_ai_preferences', new.id, sqlstate, sqlerrm);
    return null;
end
$$;
comment on function public.create_default_ai_preferences() is
  'Trigger on profiles: the AI preferences of a new user, both off. Never blocks the sign-up.';
revoke execute on function public.create_default_ai_preferences() from public, anon, authenticated;

create or replace trigger on_profile_created_ai_preferences
  after insert on public.profiles for each row
  execute function public.create_default_ai_preferences();

-- Changes -------------------------------------------------------------------------------------------

create or replace function public.sync_auth_to_profiles()
returns trigger
language plpgsql
security definer -- fired by Supabase Auth, which has no rights on public
set search_path = ''
set lock_timeout = '3s' -- a login does not wait for a migration of profiles: reconcile heals it
as $$
declare
  v_email text := nullif(new.email, '');
  v_is_disabled boolean := private.is_banned(new.banned_until, new.deleted_at, now());
  v_username text;
  v_profile public.profiles;
begin
  begin
    select p.* into v_profile from public.profiles p where p.id = new.id for update;
    if not found then
      perform private.create_profile(
        new.id, v_email, new.raw_user_meta_data, v_is_disabled, 'sync_auth_to_profiles'
      );
      return null;
    end if;

    -- A username that held the old address follows; left behind, it would block the next owner.
    v_username := v_profile.username;
    if lower(v_username) in (lower(old.email), lower(v_profile.email))
      and lower(v_username) is distinct from lower(v_email)
    then
      v_username := private.username_for(new.id, v_email);
    end if;

    if (v_profile.email, v_profile.username, v_profile.is_disabled)
      is distinct from (v_email, v_username, v_is_disabled)
    then
      update public.profiles
      set email = v_email, username = v_username, is_disabled = v_is_disabled
      where id = new.id;
    end if;
    return null;
  exception
    when others then
      perform private.record_trigger_failure('sync_auth_to_profiles', new.id, sqlstate, sqlerrm);
  end;

  -- A ban must not hang on an address that clashes.
  begin
    update public.profiles set is_disabled = v_is_disabled
    where id = new.id and is_disabled is distinct from v_is_disabled;
  exception
    when others then
      perform private.record_trigger_failure('sync_auth_to_profiles', new.id, sqlstate, sqlerrm);
  end;
  return null;
end
$$;
comment on function public.sync_auth_to_profiles() is
  'Trigger on auth.users: copies a changed address, a ban and a soft deletion to profiles. Writes nothing where nothing differs; never blocks its cause.';
revoke execute on function public.sync_auth_to_profiles() from public, anon, authenticated;

create or replace trigger on_auth_user_updated
  after update on auth.users for each row
  when (
    old.email is distinct from new.email
    or old.banned_until is distinct from new.banned_until
    or old.deleted_at is distinct from new.deleted_at
  )
  execute function public.sync_auth_to_profiles();

-- Healing -------------------------------------------------------------------------------------------

create or replace function private.lift_lapsed_bans(p_now timestamptz default now())
returns integer
language sql
set search_path = ''
as $$
  with lifted as (
    update public.profiles p
    set is_disabled = false
    from auth.users u
    where p.is_disabled
      and u.id = p.id
      and u.banned_until <= p_now
      and u.deleted_at is null
    returning p.id
  )
  select count(*)::integer from lifted;
$$;
comment on function private.lift_lapsed_bans(timestamptz) is
  'Clears profiles.is_disabled where a ban has run out: Auth lets the person in again without updating auth.users. pg_cron calls it every minute. Returns how many.';
revoke execute on function private.lift_lapsed_bans(timestamptz) from public;

select private.schedule_job('lift-lapsed-bans', '* * * * *', 'select private.lift_lapsed_bans()');

create or replace function private.auth_profiles(p_now timestamptz)
returns table (user_id uuid, email text, name text, is_disabled boolean, is_deleted boolean)
language sql
stable
set search_path = ''
as $$
  select
    u.id,
    -- A single sign-on user may share the address of another; it is the latter's.
    case
      when row_number() over (
        partition by lower(u.email) order by u.is_sso_user, u.created_at, u.id
      ) = 1 then nullif(u.email, '')
    end,
    private.profile_name(u.raw_user_meta_data, nullif(u.email, '')),
    private.is_banned(u.banned_until, u.deleted_at, p_now),
    u.deleted_at is not null
  from auth.users u;
$$;
comment on function private.auth_profiles(timestamptz) is
  'What profiles should say of every user of auth.users at that instant.';
revoke execute on function private.auth_profiles(timestamptz) from public;

create or replace function public.reconcile_auth_profiles(p_now timestamptz default now())
returns table (user_id uuid, healed text)
language plpgsql
security definer -- service_role may not read auth.users
set search_path = ''
as $$
declare
  v_wrong_email uuid[];
  v_wrong_username uuid[];
begin
  perform pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('reconcile_auth_profiles'));

  -- An address can only be given once it is free: first take it from everyone who should not have it.
  select array_agg(p.id), array_agg(p.id) filter (where lower(p.username) = lower(p.email))
  into v_wrong_email, v_wrong_username
  from private.auth_profiles(p_now) a
  join public.profiles p on p.id = a.user_id
  where p.email is distinct from a.email;

  update public.profiles p
  set email = null,
    username = case when p.id = any (v_wrong_username) then null else p.username end
  where p.id = any (v_wrong_email) and p.email is not null;

  return query
  insert into public.profiles as p (id, name, username, email, is_disabled)
  select a.user_id, a.name, private.username_for(a.user_id, a.email), a.email, a.is_disabled
  from private.auth_profiles(p_now) a
  where not a.is_deleted and not exists (select from public.profiles e where e.id = a.user_id)
  on conflict (id) do nothing
  returning p.id, 'created';

  return query
  with given as (
    update public.profiles p
    set email = a.email,
      username = case
        when p.id = any (v_wrong_username) then private.username_for(p.id, a.email) else p.username
      end
    from private.auth_profiles(p_now) a
    where p.id = any (v_wrong_email) and a.user_id = p.id
    returning p.id
  )
  select g.id, 'email' from given g
  union all
  select g.id, 'username' from given g where g.id = any (v_wrong_username);

  return query
  update public.profiles p
  set is_disabled = a.is_disabled
  from private.auth_profiles(p_now) a
  where a.user_id = p.id and p.is_disabled is distinct from a.is_disabled
  returning p.id, 'is_disabled';
end
$$;
comment on function public.reconcile_auth_profiles(timestamptz) is
  'Heals every difference between auth.users and profiles and returns what it healed (created, email, username, is_disabled); nothing on a sound database.';
revoke execute on function public.reconcile_auth_profiles(timestamptz) from public, anon, authenticated;
grant execute on function public.reconcile_auth_profiles(timestamptz) to service_role;

-- The back-fill is a reconciliation like any other.
select count(*) as healed from public.reconcile_auth_profiles();

-- Clients -------------------------------------------------------------------------------------------

create or replace function public.ensure_client_profile()
returns trigger
language plpgsql
security definer -- whoever enrols somebody need not be allowed to write client_profiles
set search_path = ''
as $$
begin
  insert into public.client_profiles (user_id) values (new.client_user_id) on conflict (user_id) do nothing;
  return null;
exception
  when others then
    perform private.record_trigger_failure('ensure_client_profile', new.client_user_id, sqlstate, sqlerrm);
    return null;
end
$$;
comment on function public.ensure_client_profile() is
  'Trigger on client_enrollments: whoever is enrolled has a client profile.';
revoke execute on function public.ensure_client_profile() from public, anon, authenticated;

create or replace trigger ensure_client_profile
  after insert on public.client_enrollments for each row
  when (new.client_user_id is not null)
  execute function public.ensure_client_profile();

create or replace function public.ensure_client_profile_on_plan()
returns trigger
language plpgsql
security definer -- whoever sets a plan need not be allowed to write client_profiles
set search_path = ''
as $$
begin
  insert into public.client_profiles (user_id)
  select r.user_id from public.user_roles r where r.user_id = new.id and r.role = 'client'
  on conflict (user_id) do nothing;
  return null;
exception
  when others then
    perform private.record_trigger_failure('ensure_client_profile_on_plan', new.id, sqlstate, sqlerrm);
    return null;
end
$$;
comment on function public.ensure_client_profile_on_plan() is
  'Trigger on profiles: a client whose plan changes has a client profile.';
revoke execute on function public.ensure_client_profile_on_plan() from public, anon, authenticated;

create or replace trigger ensure_client_profile_on_plan
  after update on public.profiles for each row
  when (old.plan_id is distinct from new.plan_id)
  execute function public.ensure_client_profile_on_plan();

-- Mail to who is enrolled ---------------------------------------------------------------------------

create or replace function public.notify_program_assignment()
returns trigger
language plpgsql
security definer -- users may not write email_queue
set search_path = ''
as $$
begin
  insert into public.email_queue (recipient_email, recipient_name, template_key, template_data)
  select p.email, p.name, 'program_assignment', jsonb_build_object(
    'userName', p.name,
    'programName', program.name,
    'programDescription', program.description,
    'timestamp', new.created_at
  )
  from public.profiles p
  join public.programs program on program.id = new.program_id
  left join public.notification_preferences preferences on preferences.user_id = p.id
  where p.id = new.client_user_id
    and p.email is not null
    and private.is_reachable(p.id)
    and coalesce(preferences.program_assignments, true);
  return null;
exception
  when others then -- mail never undoes an enrolment
    perform private.record_trigger_failure('notify_program_assignment', new.id, sqlstate, sqlerrm);
    return null;
end
$$;
comment on function public.notify_program_assignment() is
  'Trigger on client_enrollments: queues the mail program_assignment, in the transaction of the enrolment.';
revoke execute on function public.notify_program_assignment() from public, anon, authenticated;

create or replace trigger notify_program_assignment
  after insert on public.client_enrollments for each row
  when (new.client_user_id is not null)
  execute function public.notify_program_assignment();

-- One trigger each ----------------------------------------------------------------------------------

-- Production's triggers may go by other names: two of a kind would send every mail twice.
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
        ('public.notify_program_assignment()', 'notify_program_assignment')
    ) as ours (function, name) on t.tgfoid = ours.function::regprocedure
    where t.tgname <> ours.name and not t.tgisinternal
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
